"""What each endpoint of the exchange answers: docs/reference/upbit.md 3."""
