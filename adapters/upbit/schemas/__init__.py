"""The shapes of what Upbit answers, with every figure exact."""
