"""What is known of each pair of the sandbox's market, computed from its recording."""
