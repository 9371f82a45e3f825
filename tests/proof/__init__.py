"""Proofs: seeds, mutants, failpoints, kills, disk, network, fuzz, load; `make prove` runs them."""
