"""What supervision decides, noun by noun: pure functions over facts."""
