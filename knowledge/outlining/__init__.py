"""How an outline is made, one step a file: lines -> markers -> blocks -> zones -> tree. The front door is `knowledge.outline`."""
