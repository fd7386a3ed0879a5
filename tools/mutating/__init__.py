"""What tools/mutate is made of: where a core can be altered, how, and who notices."""
