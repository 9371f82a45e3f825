"""The protocol: messages, journal entries and configuration, as typed structs.

It imports nothing of ours and computes nothing.
"""
