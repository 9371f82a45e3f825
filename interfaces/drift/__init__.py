"""Live beside paper: the same hours stepped through on paper, and every difference explained."""
