"""The dashboard: pages of a state directory for a browser on this machine, and its metrics.

A process of its own. It reads as ``status`` does, and sends changes through the control socket;
whatever becomes of it, the bot goes on.
"""
