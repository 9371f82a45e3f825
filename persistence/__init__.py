"""One LMDB environment a state directory: journal, states, index, archive, and who may write."""
