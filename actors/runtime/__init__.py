"""What all actors share: the shells of owners and edges, the mail, the clock, the two runtimes."""
