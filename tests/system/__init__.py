"""Tests that start processes, sockets, terminals or a browser; `make system` runs them."""
