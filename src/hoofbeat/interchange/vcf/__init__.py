"""VCF: a person's called variants, read as a stream from text, gzip or bgzip, with the annotations of VEP, SnpEff or
bcftools.
"""

from hoofbeat.interchange.vcf.header import Header, look_at_header
from hoofbeat.interchange.vcf.reader import read_vcf
from hoofbeat.interchange.vcf.screen import Asked, Screen, asked

__all__ = ["Asked", "Header", "Screen", "asked", "look_at_header", "read_vcf"]
