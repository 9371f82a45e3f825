"""Planted bugs, each of which the simulation has to find within 50 seeds."""
