"""A bot with paper money on a recording, and a bad line between it and the paper venue."""
