"""One LMDB environment: journal, snapshots, index, and their maintenance.

It does not know what an entry means.
"""
