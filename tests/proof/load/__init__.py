"""The bot under load: floods, a crowd, a venue that is silent, and a long run that must stay flat.

    python -m tests.proof.load --hours 72

prints what it held at each hour of the recording, and the slopes.
"""
