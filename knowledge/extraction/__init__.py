"""The typed rules of a plan, one kind a file: each takes clauses and gives values of `knowledge.model`. Front: `knowledge.extract`."""
