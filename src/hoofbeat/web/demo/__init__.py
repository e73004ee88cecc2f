"""The demonstration clinic: fictional people on published phenotype patterns, to look around in."""
