"""The business of this installation and its points of sale."""
