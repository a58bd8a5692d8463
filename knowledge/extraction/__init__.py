"""The typed rules of a plan, one kind a file: clauses in, values of `knowledge.model` out. Front: `knowledge.extract`."""
