"""Commands of ours that read or rewrite the tree itself."""
