"""Why a file of variants is not read, in the page's language and for somebody in front of a page: `interchange` says it
in English, and names options of the command line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hoofbeat.interchange.report import InputError
from hoofbeat.web.pages.english import around_english, translated

NO_ANNOTATION = gettext_noop("the file has no annotation: its header declares none of CSQ, ANN and BCSQ")
TOO_MANY = gettext_noop("over %(number)s alleles pass the filters")
GONE = gettext_noop("the file is not on the disk any more")
SENTENCES = (
    NO_ANNOTATION,
    TOO_MANY,
    GONE,
    gettext_noop("no line has the annotation that the header declares"),
    gettext_noop("no line lies on a chromosome: the column CHROM has other names"),
    gettext_noop("no line has a genotype of the person: GT is missing everywhere"),
    gettext_noop("%(name)s is declared twice, with its parts in two orders"),
    gettext_noop("a chromosome has a length that it has neither in GRCh37 nor in GRCh38: the file is of another build"),
    gettext_noop("the header does not say in which order the parts of %(name)s come (Format: ...)"),
    gettext_noop("the header mixes GRCh37 and GRCh38"),
    gettext_noop("the header says no build: neither the contigs' lengths nor the reference"),
    gettext_noop("POS lies beyond the end of the chromosome in %(build)s: the file mixes builds, or is of another one"),
    gettext_noop("the line has %(found)s columns; the header has %(expected)s"),
    gettext_noop("the column %(name)s is not where it belongs"),
    gettext_noop("the file has no sample"),
    gettext_noop("two samples have the same name"),
    gettext_noop("a sample has no name"),
    gettext_noop("the gzip file is cut off"),
    gettext_noop("the gzip file is damaged"),
    gettext_noop("something follows the gzip file"),
    gettext_noop("this is not VCF: the first line is not ##fileformat=VCFv4.x"),
    gettext_noop("the file ends before the line #CHROM"),
    gettext_noop("the header does not end"),
    gettext_noop("this is BCF, not VCF"),
    gettext_noop("this is a zip archive"),
    gettext_noop("this is not UTF-8"),
    gettext_noop("a line is longer than %(size)s MB"),
    gettext_noop("the file unpacks to over %(number)s times its size"),
    gettext_noop("a sample that was asked for is not in the file, which has %(number)s"),
    gettext_noop("the file has %(number)s samples"),
    gettext_noop("the header says %(found)s, and %(said)s was given"),
    gettext_noop("POS is not a whole number from 1 on"),
    gettext_noop("REF is empty"),
    gettext_noop("REF is not bases"),
    gettext_noop("ALT is empty"),
    gettext_noop("not a number"),
    gettext_noop("a number has too many digits"),
    gettext_noop("not between 0 and 1"),
    gettext_noop("not a class: give P, LP, VUS, LB or B"),
    gettext_noop("this names no variant"),
    gettext_noop("an rs number is not searched for"),
)


def problem_of(error: InputError) -> dict[str, Any]:
    """What is kept of an error: no value of the file, and no place on our disk."""
    what = GONE if error.code == "no-file" else error.what
    return {"what": what, "code": error.code, "line": error.where.line, "field": error.where.path}


def _place_in_words(problem: Mapping[str, Any]) -> str:
    """Line and field; empty where the error is about the whole file."""
    line, field = problem.get("line"), problem.get("field")
    if line and field:
        return _("line %(line)s, %(field)s") % {"line": line, "field": field}
    return _("line %(line)s") % {"line": line} if line else field or ""


def _repair_in_words(problem: Mapping[str, Any], *, may_say_build: bool) -> str:
    """What to do about it."""
    if problem["code"] == "vcf-build" and not may_say_build:
        return _("make the file from one build alone, and upload it again")
    return {
        "vcf-annotation": _("annotate it with VEP, SnpEff or bcftools csq, and upload it again"),
        "vcf-build": _("make the file from one build alone, or say the right build below"),
        "vcf-other-build": _("make the file from GRCh37 or GRCh38, or lift it over"),
        "vcf-chromosomes": _("name the chromosomes chr1 or 1, X, Y and MT: bcftools annotate --rename-chrs"),
        "vcf-genotype": _("give the file with the person's genotypes, and say below whose samples these are"),
        "vcf-sample": _("say below whose samples these are"),
        "vcf-samples": _("give the file with the genotypes of the family, each sample under a name of its own"),
        "vcf-kept": _("annotate it with gnomAD frequencies: without them nothing is known to be frequent"),
        "vcf-encoding": _("write the file as UTF-8"),
        "gzip-truncated": _("copy it anew and upload it again; nothing of it is used"),
        "gzip-broken": _("copy it anew and upload it again; nothing of it is used"),
        "vcf-format": _("give VCF, as text, gzip or bgzip"),
        "vcf-line": _("keep the samples of the family alone (bcftools view -s)"),
        "no-file": _("upload it again"),
        "vcf-ratio": _("upload it unpacked, if it really is so large"),
    }.get(problem["code"], _("use the file as the caller and the annotating tool wrote it"))


def parts_in_words(problem: Mapping[str, Any], *, may_say_build: bool = False) -> tuple[str, str, str]:
    """Line and field, what is wrong, and what to do about it; `may_say_build` where the page asks for the build, as it
    does of a file whose header does not say it.
    """
    repair = _repair_in_words(problem, may_say_build=may_say_build)
    return _place_in_words(problem), translated(problem["what"], SENTENCES), repair


def in_words(error: InputError) -> str:
    """The whole of it in a sentence, for a form."""
    place, what, repair = parts_in_words(problem_of(error))
    if not place:
        return around_english(_("%(what)s; %(repair)s"), what=what, repair=repair)
    return around_english(_("%(place)s: %(what)s; %(repair)s"), place=place, what=what, repair=repair)
