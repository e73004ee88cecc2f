"""The genotypes of a line: what each sample has of an allele, out of FORMAT and the sample's column."""

from __future__ import annotations

from collections.abc import Sequence

from hoofbeat.cases.called_variant import NOT_CALLED, Call


class CallError(ValueError):
    """A part of a sample's column cannot be read: `field` says which."""

    def __init__(self, field: str, what: str) -> None:
        super().__init__(what)
        self.field = field
        self.what = what


def read_genotype(text: str, n_alleles: int) -> tuple[tuple[int | None, ...], bool]:
    """The allele numbers of a GT (None: missing) and whether it is phased. Raises CallError."""
    # VCF 4.4 allows a leading separator, which says the phase of the first allele.
    phased = "|" in text and "/" not in text.lstrip("/")
    numbers: list[int | None] = []
    for part in text.lstrip("/|").replace("|", "/").split("/"):
        if part == ".":
            numbers.append(None)
            continue
        if not part.isdecimal() or len(part) > 6:
            raise CallError("GT", "a genotype is not of the form 0/1")
        if int(part) >= n_alleles:
            raise CallError("GT", f"a genotype names allele {int(part)}, and the line has {n_alleles}")
        numbers.append(int(part))
    if len(numbers) > 8:
        raise CallError("GT", "a genotype has more than 8 alleles")
    return tuple(numbers), phased


def read_calls(keys: Sequence[str], column: str, n_alts: int) -> tuple[Call, ...]:
    """What a sample has of each alternative allele. Raises CallError."""
    cells = dict(zip(keys, column.split(":"), strict=False))
    text = cells.get("GT", ".")
    if text == ".":
        return (NOT_CALLED,) * n_alts
    numbers, phased = read_genotype(text, n_alts + 1)
    called = [number for number in numbers if number is not None]
    if not called:
        return (NOT_CALLED,) * n_alts
    reads = _counts(cells.get("AD", "."), "AD")
    depth = _whole(cells.get("DP", "."), "DP")
    if depth is None and reads and None not in reads:
        depth = sum(count for count in reads if count is not None)
    quality = _whole(cells.get("GQ", "."), "GQ")
    phase_set = cells.get("PS", "") if phased else ""
    calls = []
    for alt in range(1, n_alts + 1):
        copies = called.count(alt)
        haplotype = numbers.index(alt) if phased and copies == 1 and len(numbers) == 2 else None
        calls.append(
            Call(
                copies=copies,
                ploidy=len(numbers),  # of a half-missing call the missing half is not taken for a copy
                haplotype=haplotype,
                phase_set="" if phase_set == "." else phase_set,
                depth=depth,
                alt_depth=reads[alt] if alt < len(reads) else None,
                quality=quality,
            )
        )
    return tuple(calls)


def _counts(text: str, field: str) -> list[int | None]:
    return [] if text == "." else [_whole(part, field) for part in text.split(",")]


def _whole(text: str, field: str) -> int | None:
    """A count; some callers write qualities with a point."""
    if text in (".", ""):
        return None
    try:
        number = int(text) if text.lstrip("-").isdecimal() else int(float(text))
    except (ValueError, OverflowError):
        raise CallError(field, f"{field} is not a number") from None
    if not 0 <= number < 1_000_000_000:
        raise CallError(field, f"{field} is out of range")
    return number
