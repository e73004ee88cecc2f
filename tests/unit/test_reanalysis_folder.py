"""The journal of a re-analysis: what was done before a kill is gone on with, and nothing that was cut off."""

from __future__ import annotations

from pathlib import Path

import pytest

from hoofbeat.batch.reanalysis_folder import JOURNAL, Folder

LINES = ['{"document": "a"}', '{"document": "b"}', '{"document": "c"}']


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder in whose journal three documents are done."""
    folder = Folder(tmp_path)
    with folder.journal("run") as journal:
        for line in LINES:
            journal.add(line)
    return folder


def test_what_was_done_is_gone_on_with(folder: Folder) -> None:
    with folder.journal("run") as journal:
        journal.add('{"document": "d"}')
    assert list(folder.done("run")) == [*LINES, '{"document": "d"}']


@pytest.mark.parametrize("cut", range(1, 8))
def test_a_line_that_was_cut_off_does_not_count_and_is_replaced(folder: Folder, cut: int) -> None:
    path = folder.path / JOURNAL
    path.write_bytes(path.read_bytes()[:-cut])
    assert list(folder.done("run")) == LINES[:2]
    with folder.journal("run") as journal:
        journal.add(LINES[2])
    assert list(folder.done("run")) == LINES


def test_after_a_line_that_was_changed_nothing_counts(folder: Folder) -> None:
    path = folder.path / JOURNAL
    path.write_text(path.read_text(encoding="ascii").replace('"b"', '"x"'), encoding="ascii")
    assert list(folder.done("run")) == LINES[:1]


def test_the_journal_of_another_run_is_begun_anew(folder: Folder) -> None:
    assert list(folder.done("another")) == []
    with folder.journal("another") as journal:
        journal.add(LINES[0])
    assert list(folder.done("another")) == LINES[:1]
