"""What the journal adds up to: trades, orders, and the summary of a run."""
