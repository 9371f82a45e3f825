"""What Prometheus is told: the journal's counts, and the numbers of the running process."""
