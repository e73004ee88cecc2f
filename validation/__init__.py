"""Measures what the README claims: speed, accuracy, and a comparison with another library. Not part of the package."""
