"""The pages: each is a list of parts, which are sent whole, and again when they have changed."""
