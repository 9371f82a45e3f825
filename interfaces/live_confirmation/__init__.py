"""The first live start of an account: what is at stake, shown and confirmed."""
