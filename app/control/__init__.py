"""The control socket: changes cross it, questions never do."""
