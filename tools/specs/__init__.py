"""What tools/spec is made of: the specification read as data."""
