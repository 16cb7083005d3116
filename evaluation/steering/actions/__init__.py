"""What a leader does with the steering group, an action a function."""
