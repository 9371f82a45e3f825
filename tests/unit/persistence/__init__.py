"""Tests of persistence: real LMDB, real processes, planted damage."""
