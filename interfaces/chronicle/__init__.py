"""The journal as those who watch it need it: folded once, kept up, and bounded."""
