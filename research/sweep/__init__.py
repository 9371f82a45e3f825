"""The sweep: many sets of parameters played over one history, and how far to believe the best."""
