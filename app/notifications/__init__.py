"""What goes out to messengers: which there are, how a letter reads, and how each is sent to."""
