"""The care of a ledger over years: trimmed, copied, put back, brought up to date."""
