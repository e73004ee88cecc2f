"""What differs between two releases, counted fast in columns, against the same counted slowly row by row."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from hoofbeat.knowledge.build import build
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.release_change import changed_rows, release_change
from hoofbeat.knowledge.sources import Sources
from tests.small_release import HEART, LENS, MARFAN, NAIL, REGION, TERMS, row, write_small_release

PHENOTYPES = ("HP:0001166", "HP:0001083", "HP:0002705")
ALWAYS = (row(REGION, "HP:0002705", reference="DECIPHER:18"),)  # a release without a row is none

rows = st.builds(
    row,
    st.sampled_from((MARFAN, NAIL, HEART, LENS)),
    st.sampled_from(PHENOTYPES),
    qualifier=st.sampled_from(("", "", "NOT")),
    reference=st.sampled_from(("PMID:1", "PMID:2", "PMID:1;PMID:2")),
    frequency=st.sampled_from(("", "1/2", "2/4", "50%", "0/3", "HP:0040281")),
)
releases = st.lists(rows, max_size=8).map(tuple)


def built(folder: Path, its_rows: tuple[str, ...]) -> Facts:
    report = build(Sources.in_folder(write_small_release(folder / "files", rows=its_rows)), folder / "built")
    return Facts.open(report.path)


@settings(max_examples=25, deadline=None)
@given(releases, releases)
def test_the_numbers_are_those_of_the_rows_that_differ_disease_by_disease(
    then: tuple[str, ...], now: tuple[str, ...]
) -> None:
    with tempfile.TemporaryDirectory() as place:
        before, after = built(Path(place) / "then", ALWAYS + then), built(Path(place) / "now", ALWAYS + now)
        change = release_change(before, after)
        entries = {*before.diseases.member_ids, *after.diseases.member_ids}
        by_key = {
            (one.entry, one.term, one.references, one.before, one.after): one.what
            for entry in entries
            for one in changed_rows(before, after, entry, terms=frozenset(TERMS))
        }
        counts = [list(by_key.values()).count(what) for what in ("added", "changed", "gone")]
        assert [change.rows_added, change.rows_changed, change.rows_gone] == counts
