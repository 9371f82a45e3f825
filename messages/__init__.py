"""Everything that crosses an actor boundary or reaches the disk."""
