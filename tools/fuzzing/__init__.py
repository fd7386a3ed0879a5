"""What tools/fuzz is made of: targets and corpora, seeds, sharing the time."""
