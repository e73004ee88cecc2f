"""Small exact mathematics that several rooms use, without any medical word in it."""
