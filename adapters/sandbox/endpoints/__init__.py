"""What each endpoint of the exchange answers: reference upbit-api.md 3."""
