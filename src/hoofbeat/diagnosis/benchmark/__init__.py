"""How good the ranking is: cases with a known diagnosis, what the annotations already knew of each, and averages."""
