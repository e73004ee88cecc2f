"""A suggestion written by hand, with everything that one may have, for tests of how it is shown."""

from __future__ import annotations

from datetime import date

from hoofbeat.cli.presentation.steps import ShownSteps
from hoofbeat.diagnosis.differential import Named
from hoofbeat.diagnosis.next_step import AnswerEffect, Place, StepKind, Suggestion, Veto
from hoofbeat.interchange.burden_file import shipped_burdens

BURDENS = shipped_burdens()
FIRST = Named("OMIM:187300", "Telangiectasia <hereditary>")
AFTER = (Place(FIRST, 0.4),)

BIOPSY = Suggestion(
    kind=StepKind.PROCEDURE,
    id="MAXO:0000376",
    label="biopsy of liver",
    bits=0.7,
    standard_error=0.02,
    burden=BURDENS.of("MAXO:0000376"),
    weighed=42.7,
    worth=0.016,
    on_front=True,
    vetoed_by=Veto(FIRST, 0.4, "it bleeds", "", "somebody"),
    answers={
        "yes": AnswerEffect("yes", 0.25, AFTER, 0.1, "It stays first.", ("HP:0001394",), ()),
        "no": AnswerEffect("no", 0.75, AFTER, 0.1, "It stays first.", (), ("HP:0001394",)),
        "unclear": AnswerEffect("unclear", None, AFTER, 0.1, "It stays first."),
    },
    findings=(Named("HP:0001394", "Cirrhosis"),),
    notes=("yes: it shows Cirrhosis",),
)
SUGGESTED = ShownSteps("case-1", {"knowledge": "2025-01-16"}, BURDENS, (BIOPSY,), None, (), date(2026, 1, 31))
