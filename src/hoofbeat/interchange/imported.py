"""What reading one document gives: its cases, the report, and what belongs to the document as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from hoofbeat.cases import Carried, Case
from hoofbeat.interchange.report import Report


@dataclass(frozen=True, slots=True)
class Imported:
    """The cases of one document, in its order, beside the report.

    `carried` are values outside any case (of a cohort).
    """

    cases: tuple[Case, ...]
    report: Report
    carried: tuple[Carried, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether nothing could be done with the document, and that is an error."""
        return not self.cases and bool(self.report.errors)
