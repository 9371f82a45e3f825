"""What a run was worth: equity, drawdown, and the ratios that traders compare runs by."""
