"""What the room of diagnosis says of variants in English, as the pages say it in theirs: filters, models, classes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hoofbeat.cases.called_variant import Zygosity
from hoofbeat.diagnosis.differential import FilterStep
from hoofbeat.diagnosis.genotype.filters import NOT_SEEN, UNKNOWN
from hoofbeat.web.pages.english import around_english, english, localized, translated

MODELS = (
    gettext_noop("new (de novo)"),
    gettext_noop("dominant"),
    gettext_noop("recessive, homozygous"),
    gettext_noop("recessive, compound heterozygous"),
    gettext_noop("recessive, only one allele found"),
    gettext_noop("X-linked, hemizygous"),
    gettext_noop("X-linked dominant"),
    gettext_noop("mitochondrial"),
    gettext_noop("Y-linked"),
)
WHYS = (
    gettext_noop("both parents have enough reads without it"),
    gettext_noop("the mother has enough reads without it"),
    gettext_noop("the parents were not tested"),
    gettext_noop("the father does not have it"),
    gettext_noop("the mother does not have it"),
    gettext_noop("not seen in the father"),
    gettext_noop("not seen in the mother"),
    gettext_noop("from the affected father"),
    gettext_noop("from the affected mother"),
    gettext_noop("from the father"),
    gettext_noop("from the mother"),
    gettext_noop("from the father, who is well: only with incomplete penetrance"),
    gettext_noop("from the mother, who is well: only with incomplete penetrance"),
    gettext_noop("the second allele was not found"),
    gettext_noop("the second allele was not found, which the test would mostly have shown"),
    gettext_noop("two copies"),
    gettext_noop("a parent without it: a deletion opposite to it, or both copies from one parent"),
    gettext_noop("each tested parent has it"),
    gettext_noop("two alleles on different chromosomes"),
    gettext_noop("two alleles whose phase is unknown, counted half: they may lie on one chromosome"),
    gettext_noop("fits no inheritance that is stated for the disease"),
    gettext_noop("heteroplasmy not stated"),
    gettext_noop("in %(share)s of the reads"),
    gettext_noop("tissues differ, and blood without it rules nothing out"),
    gettext_noop("on Y"),
    gettext_noop("variants in %(genes)s, none of which fits an inheritance that is stated for the disease"),
    gettext_noop("the test should have shown one"),
    gettext_noop("1 in %(count)s people has a new damaging variant of this gene anyway (assumed)"),
    gettext_noop("1 in %(count)s people has a damaging variant of this gene anyway (assumed)"),
    gettext_noop("1 in %(count)s people has a damaging variant of this gene anyway (%(source)s)"),
    gettext_noop("%(count)s damaging variants of this gene are expected in anybody (assumed)"),
    gettext_noop("%(count)s damaging variants of this gene are expected in anybody (%(source)s)"),
    gettext_noop("a variant this rare is %(count)s times as common among causes of disease as in anybody"),
    gettext_noop("a variant this frequent is %(count)s times as common in anybody as among causes of disease"),
    gettext_noop("variants this rare are %(count)s times as common among causes of disease as in anybody"),
    gettext_noop("variants this frequent are %(count)s times as common in anybody as among causes of disease"),
    gettext_noop("such a change of structure is %(count)s times as common among causes of disease as in anybody"),
    gettext_noop("such variants are %(count)s times as common among causes of disease as in anybody"),
    gettext_noop("such variants are %(count)s times as common in anybody as among causes of disease"),
    gettext_noop("%(count)s genes may cause the disease, and this one is taken for the cause in %(share)s of patients"),
    gettext_noop("that the gene causes the disease is known from solved cases alone"),
    gettext_noop("the disease is described with another inheritance, so this counts only %(share)s"),
    gettext_noop("no inheritance is described for the disease, so that any fits"),
)
_FITTING = re.compile(rf"(?P<model>{'|'.join(map(re.escape, MODELS))}) \((?P<ratio>[×÷][\d.,e+]+)\)")
LABELS = (gettext_noop("no fitting variant in %(genes)s"),)
FILTERS = (
    gettext_noop("carried"),
    gettext_noop("caller"),
    gettext_noop("frequency"),
    gettext_noop("consequence"),
    gettext_noop("benign"),
    gettext_noop("quality"),
    gettext_noop("contig"),
    gettext_noop("no allele"),
    gettext_noop("repeated"),
    gettext_noop("frequency if dominant"),
    gettext_noop("frequency if hemizygous"),
    gettext_noop("inheritance in %(gene)s"),
)
THRESHOLDS = (
    gettext_noop("at least one copy"),
    gettext_noop("FILTER is PASS"),
    gettext_noop("at most %(most)s, as it is known to be pathogenic"),
    gettext_noop("at most %(most)s"),
    gettext_noop("changes a protein, a working RNA or splicing, or is known to be pathogenic"),
    gettext_noop("not called benign"),
    gettext_noop("%(depth)s reads, GQ %(quality)s, %(share)s of the reads"),
    gettext_noop("fits a model"),
)
VALUES = (
    gettext_noop("absent"),
    gettext_noop("heterozygous"),
    gettext_noop("homozygous"),
    gettext_noop("hemizygous"),
    gettext_noop("not called"),
    gettext_noop("unknown"),
    gettext_noop("not seen in a database"),
    gettext_noop("no class"),
    gettext_noop("not stated"),
    gettext_noop("none stated"),
    gettext_noop("none"),
    gettext_noop("%(depth)s reads, GQ %(quality)s, %(share)s of the reads"),
)
VERDICTS = (
    gettext_noop("counts in %(genes)s"),
    gettext_noop("passed the filters, but fits no inheritance"),
    gettext_noop("dropped by the filter carried (the person does not carry it, or was not called there)"),
    gettext_noop("dropped by the filter caller"),
    gettext_noop("dropped by the filter frequency"),
    gettext_noop("dropped by the filter consequence"),
    gettext_noop("dropped by the filter benign"),
    gettext_noop("dropped by the filter quality"),
    gettext_noop("the file has no such line; whether the place was sequenced at all, a file of variants does not say"),
)
CLASSES = (
    gettext_noop("pathogenic"),
    gettext_noop("likely pathogenic"),
    gettext_noop("uncertain significance"),
    gettext_noop("conflicting"),
    gettext_noop("likely benign"),
    gettext_noop("benign"),
    gettext_noop("other"),
)
PEOPLE = (
    gettext_noop("the person"),
    gettext_noop("the father"),
    gettext_noop("the mother"),
    gettext_noop("relative %(number)s"),
)
CHECKS = (
    gettext_noop("%(one)s and %(other)s as child and parent"),
    gettext_noop("%(one)s and both parents"),
    gettext_noop("%(one)s and %(other)s"),
    gettext_noop("the sex of the person"),
    gettext_noop("the sex of the father"),
    gettext_noop("the sex of the mother"),
    gettext_noop("the sex of relative %(number)s"),
)
FOUND = (
    gettext_noop("%(errors)s of %(sites)s sites do not fit inheritance (%(share)s)"),
    gettext_noop("share no allele at %(opposite)s of %(sites)s sites (%(share)s)"),
    gettext_noop("are alike at %(alike)s of %(sites)s sites: one person twice, or identical twins"),
    gettext_noop("one in the case, another in the PED file"),
    gettext_noop("%(one)s of %(alleles)s alleles on X in one copy: male, stated is female"),
    gettext_noop("%(one)s of %(alleles)s alleles on X in one copy: female, stated is male"),
    gettext_noop("%(one)s of %(alleles)s alleles on X in one copy: male, stated is male"),
    gettext_noop("%(one)s of %(alleles)s alleles on X in one copy: female, stated is female"),
)
CONTRADICTION = gettext_noop("the genotypes contradict what was said of the samples: %(what)s: %(found)s")
NOTES = (
    gettext_noop(
        "the test with %(records)s records is taken for a list of some variants, so that a gene without any says "
        "nothing"
    ),
    gettext_noop("the test with %(records)s records is taken for an exome"),
    gettext_noop("the test with %(records)s records is taken for a genome"),
    gettext_noop("%(number)s damaging alleles per gene are assumed in anybody"),
    gettext_noop("mitochondrial variants differ between tissues; blood without one rules nothing out"),
    gettext_noop("the file is not in order of position from line %(line)s on"),
    gettext_noop("lines that repeat an allele: %(number)s, as line %(line)s"),
    gettext_noop("the file has no variant"),
)  # fmt: skip


def model_words(model: str) -> str:
    """How alleles explain a disease."""
    return translated(model, MODELS)


def why_words(why: str) -> str:
    """The reason of a model, which may be several joined by semicolons."""
    return _joined(why.split("; "), WHYS)


def rule_words(rule: str) -> str:
    """`dominant: from the mother`: model and reason of a variant that was let through; or that it fits none."""
    model, colon, why = rule.partition(": ")
    if not colon or model not in MODELS:
        return why_words(rule)
    return around_english(_("%(model)s: %(why)s"), model=model_words(model), why=why_words(why))


def label_words(label: str) -> str:
    """`FBN1: dominant`, or that a gene has no fitting variant."""
    gene, colon, model = label.partition(": ")
    if colon and model in MODELS:
        return around_english(_("%(gene)s: %(model)s"), gene=gene, model=model_words(model))
    return translated(label, LABELS)


def sentence_words(sentence: str) -> list[str]:
    """The parts of the sentence of the genotype's row, those that are known in the page's language."""
    named, *parts = sentence.split("; ")
    return [_alleles_words(named), *(translated(part, WHYS) for part in parts)]


def _alleles_words(named: str) -> str:
    """`heterozygous c.1A>G (missense) and heterozygous c.5del (frameshift)`: the copies of each allele before its name;
    what begins otherwise is a reason by itself.
    """
    copies = [str(one) for one in Zygosity]
    alleles = [one.partition(" ") for one in named.split(" and ")]
    if any(first not in copies for first, _blank, _name in alleles):
        return translated(named, WHYS)
    one_allele = gettext_noop("%(copies)s %(name)s")
    said = [around_english(_(one_allele), copies=value_words(first), name=english(name)) for first, _b, name in alleles]
    return around_english(_("%(one)s and %(other)s"), one=said[0], other=said[1]) if len(said) == 2 else said[0]


def class_words(given: str) -> str:
    """A class of ClinVar or of a laboratory."""
    return translated(given, CLASSES) if given else _("none")


def value_words(value: Zygosity | str) -> str:
    """What was found of an allele: its copies, a value of a filter, or that it is not known."""
    return translated(str(value), VALUES)


def frequency_words(frequency: str) -> str:
    """How frequent an allele is, with its source; or that it is not known, or not seen."""
    if frequency in (UNKNOWN, NOT_SEEN):
        return value_words(frequency)
    number, blank, source = frequency.partition(" ")
    return localized(number) + blank + source


def filter_words(name: str) -> str:
    """The name of a filter."""
    return translated(name, FILTERS)


def step_words(step: FilterStep) -> tuple[str, str, str]:
    """Name, value and threshold of a filter."""
    return filter_words(step.filter), _step_value_words(step.value), translated(step.threshold, THRESHOLDS)


def _step_value_words(value: str) -> str:
    """What a step found; of inheritance each model that fits, with its ratio: `dominant (×69), new (de novo) (×9)`."""
    fitting = list(_FITTING.finditer(value))
    if ", ".join(one.group() for one in fitting) != value:
        return value_words(value)
    return ", ".join(f"{model_words(one['model'])} ({localized(one['ratio'])})" for one in fitting)


def verdict_words(verdict: str) -> str:
    """What became of a variant."""
    return translated(verdict, VERDICTS)


def note_words(note: str) -> str:
    """What the reader should know of the test. A contradiction of the family has its two parts."""
    head = CONTRADICTION.partition("%")[0]
    if note.startswith(head):
        what, _colon, found = note.removeprefix(head).partition(": ")
        return around_english(_(CONTRADICTION), what=translated(what, CHECKS, PEOPLE), found=translated(found, FOUND))
    return translated(note, NOTES)


def check_words(what: str, found: str) -> tuple[str, str]:
    """What of the family was looked at, and what was found."""
    return translated(what, CHECKS, PEOPLE), translated(found, FOUND)


def _joined(parts: Iterable[str], sentences: tuple[str, ...]) -> SafeString:
    return SafeString("; ".join(conditional_escape(translated(part, sentences)) for part in parts))
