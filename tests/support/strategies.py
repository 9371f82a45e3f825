"""A user's file with a strategy: the simulation's, which also leaves on its own."""

from __future__ import annotations

from simulation.leaver import Leaver

__all__ = ["Leaver"]
