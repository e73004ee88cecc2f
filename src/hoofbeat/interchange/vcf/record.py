"""One line of a VCF taken apart: its alleles, each as a value of its own.

A line that cannot be read is refused with its number and the field's name; what the line holds is never repeated, as it
is a person's genome.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hoofbeat.cases.called_variant import CalledVariant
from hoofbeat.cases.reported import AcmgClassification
from hoofbeat.interchange.gene_regions import GeneRegions
from hoofbeat.interchange.report import InputError, Where
from hoofbeat.interchange.vcf.annotations import (
    NOTHING,
    Annotated,
    AnnotationError,
    AnnotationReader,
)
from hoofbeat.interchange.vcf.calls import CallError, read_calls
from hoofbeat.interchange.vcf.clinvar import ACMG_FIELDS, CLINVAR_FIELDS, acmg_class, clinvar_class
from hoofbeat.interchange.vcf.frequencies import frequency, frequency_fields, highest
from hoofbeat.interchange.vcf.header import Header
from hoofbeat.interchange.vcf.structural import (
    IGNORED,
    StructuralError,
    effects_by_overlap,
    structural_end,
    structural_kind,
)

MOST_ALTS = 1_000
_BASES = re.compile(r"[ACGTNRYKMSWBDHV]+|\*", re.I)


@dataclass(frozen=True)
class RecordReader:
    """Reads the lines of one file. `places` are the columns of the samples that are wanted, the proband's first."""

    annotations: tuple[AnnotationReader, ...]
    frequency_keys: tuple[str, ...]
    places: tuple[int, ...]
    regions: GeneRegions | None = None

    @classmethod
    def of(cls, header: Header, places: Sequence[int], regions: GeneRegions | None) -> RecordReader:
        """The reader that a header asks for."""
        return cls(
            tuple(AnnotationReader.of(fields) for fields in header.annotations),
            frequency_fields(header.info),
            tuple(places),
            regions,
        )

    def read(self, cells: Sequence[str], columns: Sequence[str], chrom: str, line: int) -> tuple[CalledVariant, ...]:
        """The alleles of a line with nine fixed `cells`; those that are no allele (`*`) are left out. Raises InputError
        with line and field.
        """
        pos, ref, alts = int(cells[1]), cells[3], cells[4].split(",")
        try:
            if len(alts) > MOST_ALTS:
                raise StructuralError("ALT", f"a line has over {MOST_ALTS:,} alleles")
            info = _info(cells[7])
            keys = cells[8].split(":")
            calls = [read_calls(keys, columns[place], len(alts)) for place in self.places]
            return tuple(
                self._variant(chrom, pos, ref, alts, place, cells[6], info, calls, line)
                for place, alt in enumerate(alts)
                if alt not in IGNORED
            )
        except (AnnotationError, StructuralError) as error:
            raise refused(line, error.field, error.what) from None
        except CallError as error:
            raise refused(line, f"FORMAT/{error.field}", error.what) from None

    def _variant(
        self,
        chrom: str,
        pos: int,
        ref: str,
        alts: Sequence[str],
        place: int,
        filters: str,
        info: Mapping[str, str],
        calls: Sequence[Sequence[object]],
        line: int,
    ) -> CalledVariant:
        alt = alts[place]
        kind = structural_kind(alt)
        if not kind and not _BASES.fullmatch(alt):
            raise StructuralError("ALT", "an allele is neither bases nor a symbol")
        said = self._annotated(info, ref, alts, place)
        end = structural_end(kind, pos, info) if kind else pos + len(ref) - 1
        effects = said.effects
        if kind and self.regions is not None:
            effects = effects_by_overlap(kind, chrom, pos, end, self.regions) or effects
        found, source = highest((*self._frequencies(info, len(alts), place), *said.frequencies))
        return CalledVariant(
            chrom=chrom,
            pos=pos,
            ref=ref,
            alt=alt,
            calls=tuple(one[place] for one in calls),  # type: ignore[misc]
            end=end,
            sv_type=info.get("SVTYPE", kind).upper()[:20] if kind else "",
            filters=() if filters in ("PASS", ".") else tuple(filters.split(";")),
            frequency=found,
            frequency_source=source,
            clinvar=next(
                (c for key in CLINVAR_FIELDS if (c := clinvar_class(_of(info, key, alts, place)))), said.clinvar
            ),
            acmg=_acmg(info, alts, place),
            effects=effects,
            scores=said.scores,
            line=line,
        )

    def _annotated(self, info: Mapping[str, str], ref: str, alts: Sequence[str], place: int) -> Annotated:
        """By the first tool whose annotation the line has."""
        for reader in self.annotations:
            text = info.get(reader.fields.key)
            if text:
                return reader.read(text, ref, alts, place)
        return NOTHING

    def _frequencies(self, info: Mapping[str, str], n_alts: int, place: int) -> list[tuple[str, Decimal | None]]:
        found = []
        for key in self.frequency_keys:
            values = info.get(key, "").split(",")
            text = values[place] if len(values) == n_alts else values[0] if len(values) == 1 else ""
            try:
                found.append((key, frequency(text)))
            except ValueError as error:
                raise AnnotationError(f"INFO/{key}", str(error)) from None
        return found


def refused(line: int, field: str, what: str) -> InputError:
    """The error for a line: its number and field, and never what it holds."""
    return InputError(
        what, code="vcf-line", repair="make the file anew, or correct the line", where=Where(line=line, path=field)
    )


def _info(text: str) -> dict[str, str]:
    """The keys of INFO; a flag stands for itself. The first of a repeated key counts."""
    info: dict[str, str] = {}
    for part in text.split(";"):
        key, _, value = part.partition("=")
        info.setdefault(key, value)
    return info


def _of(info: Mapping[str, str], key: str, alts: Sequence[str], place: int) -> str:
    """The value of one allele where a field holds one per allele, else the whole field."""
    text = info.get(key, "")
    values = text.split(",")
    return values[place] if len(alts) > 1 and len(values) == len(alts) else text


def _acmg(info: Mapping[str, str], alts: Sequence[str], place: int) -> AcmgClassification:
    for key in ACMG_FIELDS:
        try:
            found = acmg_class(_of(info, key, alts, place))
        except ValueError as error:
            raise AnnotationError(f"INFO/{key}", str(error)) from None
        if found is not None:
            return found
    return AcmgClassification.NOT_PROVIDED
