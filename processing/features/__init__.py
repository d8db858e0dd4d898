"""From typed rows to the numbers an algorithm takes, and what is learnt on the way."""
