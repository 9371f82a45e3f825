"""What verbs ask of Upbit themselves: history, and a test of what it really does."""
