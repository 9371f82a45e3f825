"""A bot with money at stake, and the world around it: Upbit, the line, the machine, the people."""
