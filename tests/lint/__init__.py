"""Laws of the tree and of its words, which `make lint` checks."""
