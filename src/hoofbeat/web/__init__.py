"""The clinic's application: the only package that imports Django."""
