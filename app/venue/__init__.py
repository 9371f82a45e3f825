"""What commands ask of an exchange themselves: history, and a test of what it really does."""
