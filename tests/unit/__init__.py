"""Tests of one room each, without processes; `make test` runs them all."""
