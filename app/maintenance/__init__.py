"""What is done to a state directory by people: copied, put back, made anew, decided again."""
