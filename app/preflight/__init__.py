"""What is looked at before live trading: each a finding, with what to do about it."""
