"""What an allele does to genes, as VEP (CSQ), SnpEff (ANN) or bcftools (BCSQ) wrote it, in one vocabulary: the terms of
the Sequence Ontology.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from hoofbeat.cases.called_variant import ClinVar, Effect
from hoofbeat.interchange.vcf.clinvar import clinvar_class
from hoofbeat.interchange.vcf.frequencies import frequency, frequency_fields
from hoofbeat.interchange.vcf.header import AnnotationFields

# Worst first. The order is that of VEP (https://www.ensembl.org/info/genome/variation/prediction/predicted_data.html).
SEVERITY = (
    "transcript_ablation", "splice_acceptor_variant", "splice_donor_variant", "stop_gained", "frameshift_variant",
    "stop_lost", "start_lost", "transcript_amplification", "feature_elongation", "feature_truncation",
    "disruptive_inframe_insertion", "disruptive_inframe_deletion", "inframe_insertion", "inframe_deletion",
    "conservative_inframe_insertion", "conservative_inframe_deletion", "missense_variant",
    "protein_altering_variant", "splice_donor_5th_base_variant", "splice_region_variant",
    "splice_donor_region_variant", "splice_polypyrimidine_tract_variant", "incomplete_terminal_codon_variant",
    "start_retained_variant", "stop_retained_variant", "synonymous_variant", "coding_sequence_variant",
    "mature_miRNA_variant", "5_prime_UTR_variant", "3_prime_UTR_variant", "non_coding_transcript_exon_variant",
    "intron_variant", "NMD_transcript_variant", "non_coding_transcript_variant", "upstream_gene_variant",
    "downstream_gene_variant", "TFBS_ablation", "regulatory_region_variant", "intergenic_variant",
)  # fmt: skip
_PLACE = {term: place for place, term in enumerate(SEVERITY)}
# bcftools csq writes short words (https://samtools.github.io/bcftools/howtos/csq-calling.html), SnpEff a few others.
_TERMS = {
    "missense": "missense_variant",
    "synonymous": "synonymous_variant",
    "frameshift": "frameshift_variant",
    "splice_acceptor": "splice_acceptor_variant",
    "splice_donor": "splice_donor_variant",
    "splice_region": "splice_region_variant",
    "intron": "intron_variant",
    "5_prime_utr": "5_prime_UTR_variant",
    "3_prime_utr": "3_prime_UTR_variant",
    "non_coding": "non_coding_transcript_variant",
    "intergenic": "intergenic_variant",
    "stop_retained": "stop_retained_variant",
    "start_retained": "start_retained_variant",
    "coding_sequence": "coding_sequence_variant",
    "inframe_altering": "protein_altering_variant",
    "initiator_codon_variant": "start_lost",
    "exon_loss_variant": "feature_truncation",
    "feature_ablation": "transcript_ablation",
    "gene_fusion": "feature_truncation",
    "bidirectional_gene_fusion": "feature_truncation",
    "rare_amino_acid_variant": "missense_variant",
}
_ENCODED = re.compile("%(3A|3B|3D|25|2C)", re.I)  # : ; = % ,
# Names of the parts of an annotation, without case.
_CONSEQUENCE = ("consequence", "annotation")
_GENE = ("symbol", "gene_name", "gene")
_HGVS_C, _HGVS_P = ("hgvsc", "hgvs.c"), ("hgvsp", "hgvs.p", "amino_acid_change")
_TRANSCRIPT = ("feature", "feature_id", "transcript")
_PREFERRED = ("mane_select", "mane", "canonical", "pick")
_CLINVAR = ("clin_sig", "clinvar_clnsig", "clinvar", "clnsig")
# Predictions that a user's own file may hold; Hoofbeat ships none, as their licences forbid it.
_SCORES = {
    "revel": "REVEL",
    "revel_score": "REVEL",
    "am_pathogenicity": "AlphaMissense",
    "alphamissense": "AlphaMissense",
    "alphamissense_score": "AlphaMissense",
    "spliceai_pred_ds_ag": "SpliceAI",
    "spliceai_pred_ds_al": "SpliceAI",
    "spliceai_pred_ds_dg": "SpliceAI",
    "spliceai_pred_ds_dl": "SpliceAI",
    "spliceai_ds_max": "SpliceAI",
}


class AnnotationError(ValueError):
    """A part of an annotation cannot be read: `field` says which."""

    def __init__(self, field: str, what: str) -> None:
        super().__init__(what)
        self.field = field
        self.what = what


@dataclass(frozen=True, slots=True)
class Annotated:
    """What the annotations of one allele say together."""

    effects: tuple[Effect, ...]
    frequencies: tuple[tuple[str, Decimal | None], ...]
    clinvar: ClinVar | None
    scores: tuple[tuple[str, float], ...]


NOTHING = Annotated((), (), None, ())


@dataclass(frozen=True)
class AnnotationReader:
    """Reads one tool's annotations by the order that the header states."""

    fields: AnnotationFields
    places: dict[str, int]
    frequency_places: tuple[tuple[str, int], ...]
    score_places: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, fields: AnnotationFields) -> AnnotationReader:
        """The reader for one annotation."""
        lower = [part.strip().lower() for part in fields.parts]
        places: dict[str, int] = {}
        for name, place in ((part, place) for place, part in enumerate(lower)):
            places.setdefault(name, place)
        frequencies = frequency_fields(fields.parts, in_annotation=True)
        return cls(
            fields,
            places,
            tuple((f"{fields.key}/{name}", fields.parts.index(name)) for name in frequencies),
            tuple((_SCORES[name], place) for name, place in places.items() if name in _SCORES),
        )

    def read(self, text: str, ref: str, alts: Sequence[str], place: int) -> Annotated:
        """What the annotations say of one of the alternative alleles. Raises AnnotationError."""
        entries = [entry.split("|") for entry in text.split(",") if entry and entry[0] not in "@*"]
        own = self._own(entries, ref, alts, place)
        best: dict[str, tuple[tuple[int, int, int], Effect]] = {}
        frequencies: dict[str, Decimal | None] = {}
        scores: dict[str, float] = {}
        clinvar: ClinVar | None = None
        for order, entry in enumerate(own):
            effect = self._effect(entry)
            if effect is not None:
                key = (severity(effect.consequences), 0 if self._is_preferred(entry) else 1, order)
                if effect.gene not in best or key < best[effect.gene][0]:
                    best[effect.gene] = key, effect
            for name, at in self.frequency_places:
                number = self._number(entry, name, at)
                if number is not None:
                    frequencies[name] = number
            for name, at in self.score_places:
                score = _score(self._cell(entry, at), f"{self.fields.key}/{name}")
                if score is not None:
                    scores[name] = max(score, scores.get(name, 0.0))
            clinvar = clinvar or clinvar_class(self._first(entry, _CLINVAR))
        return Annotated(
            tuple(effect for _, effect in best.values()), tuple(frequencies.items()), clinvar, tuple(scores.items())
        )

    def _own(self, entries: Sequence[Sequence[str]], ref: str, alts: Sequence[str], place: int) -> list[Sequence[str]]:
        """The entries of one allele. A line of a single allele may still hold those of others, where lines of several
        alleles were split after they had been annotated; where none names the allele as the line does, all count.
        """
        if len(alts) > 1:
            return [entry for entry in entries if self._means(entry, ref, alts, place)]
        if len({self._first(entry, ("allele",)) for entry in entries}) < 2 and "dna_change" not in self.places:
            return list(entries)
        return [entry for entry in entries if self._names(entry, ref, alts, place)] or list(entries)

    def _means(self, entry: Sequence[str], ref: str, alts: Sequence[str], place: int) -> bool:
        number = self._first(entry, ("allele_num",))
        return number == str(place + 1) if number else self._names(entry, ref, alts, place)

    def _names(self, entry: Sequence[str], ref: str, alts: Sequence[str], place: int) -> bool:
        if "dna_change" in self.places:  # bcftools: 12345A>G, several joined by +
            changes = self._first(entry, ("dna_change",))
            return not changes or any(one.endswith(f">{alts[place]}") for one in changes.split("+"))
        stated = self._first(entry, ("allele",))
        return stated in (alts[place], trimmed(ref, alts, place))

    def _effect(self, entry: Sequence[str]) -> Effect | None:
        gene = self._first(entry, _GENE)
        terms = [term for term in self._first(entry, _CONSEQUENCE).split("&") if term]
        if not terms or terms[0].startswith(("*", "@")):
            return None
        consequences = sorted({_TERMS.get(term, term) for term in terms}, key=_severity_of)
        return Effect(
            gene=gene,
            consequences=tuple(consequences),
            hgvs_c=self._first(entry, _HGVS_C),
            hgvs_p=self._first(entry, _HGVS_P),
            transcript=self._first(entry, _TRANSCRIPT),
        )

    def _is_preferred(self, entry: Sequence[str]) -> bool:
        return any(self._first(entry, (name,)) not in ("", ".", "NO") for name in _PREFERRED)

    def _first(self, entry: Sequence[str], names: Sequence[str]) -> str:
        for name in names:
            at = self.places.get(name)
            if at is not None and (cell := self._cell(entry, at)):
                return cell
        return ""

    def _cell(self, entry: Sequence[str], at: int) -> str:
        """A part as it is meant. Encoded characters are read after the parts are told apart, as that is what they are
        encoded for; of them only those of VCF 4.3, section 1.2, that print.
        """
        cell = entry[at].strip() if at < len(entry) else ""
        return _ENCODED.sub(lambda found: chr(int(found[1], 16)), cell) if "%" in cell else cell

    def _number(self, entry: Sequence[str], name: str, at: int) -> Decimal | None:
        try:
            return frequency(self._cell(entry, at))
        except ValueError as error:
            raise AnnotationError(f"INFO/{name}", str(error)) from None


def severity(consequences: Sequence[str]) -> int:
    """The place of the worst consequence, 0 being the worst."""
    return min((_severity_of(term) for term in consequences), default=len(SEVERITY))


def _severity_of(term: str) -> int:
    return _PLACE.get(term, len(SEVERITY))


def trimmed(ref: str, alts: Sequence[str], place: int) -> str:
    """The allele as VEP names it: where lengths differ and all share their first base, without that; `-` is nothing."""
    real = [alt for alt in alts if alt != "*" and not alt.startswith("<")]
    first = ref[:1]
    if all(len(alt) == len(ref) for alt in real) or not all(alt.startswith(first) for alt in real):
        return alts[place]
    return alts[place][1:] or "-"


def _score(text: str, field: str) -> float | None:
    values = []
    for part in text.split("&"):
        if part in ("", ".", "-", "NA"):
            continue
        try:
            values.append(float(part))
        except ValueError:
            raise AnnotationError(f"INFO/{field}", "not a number") from None
    known = [value for value in values if 0.0 <= value <= 1.0]
    return max(known, default=None)
