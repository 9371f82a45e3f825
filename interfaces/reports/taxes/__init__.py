"""Sales of a year with what they had cost, as a file for whoever declares taxes."""
