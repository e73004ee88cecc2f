"""Diagnosis: the ranked and explained differential. Pure functions over a case and a release of knowledge."""
