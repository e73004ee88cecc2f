"""Phenopackets: `read` makes cases of bytes, `write` makes bytes of a case.

Reads version 2 of the GA4GH schema, converts version 1 with a warning, and takes packets, families, cohorts and lists
of them.
"""

from hoofbeat.interchange.phenopacket.document import read
from hoofbeat.interchange.phenopacket.writer import not_written, write

__all__ = ["not_written", "read", "write"]
