"""A sample of `make system` and `make prove`, small enough for `make test`."""
