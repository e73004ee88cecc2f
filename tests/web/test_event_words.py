"""Every verb that a record's history can hold has its sentence, for the clinic and for the family; none is guessed."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import hoofbeat.web
from hoofbeat.web.audit.event_words import IN_PLAIN_WORDS, SENTENCES, Audience, event_words

WEB = Path(hoofbeat.web.__file__).parent
VERB = re.compile(r"[a-z_]+:[a-z_]+")
# What looks like a verb and is none: receivers of a consent, and the places of words.
NO_VERBS = frozenset({"agreement:network"})


def emitted() -> tuple[frozenset[str], frozenset[str]]:
    """The verbs that stand in the source: those of a record, and those that concern none."""
    every: set[str] = set()
    of_none: set[str] = set()
    for module in WEB.rglob("*.py"):
        if module.name in ("roles.py", "event_words.py") or "migrations" in module.parts:
            continue
        tree = ast.parse(module.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and VERB.fullmatch(node.value):
                every.add(node.value)
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "add_event"):
                continue
            if not any(one.arg == "record" for one in node.keywords):
                of_none.update(_value(node.args[0], tree))
    return frozenset(every - of_none - NO_VERBS), frozenset(of_none)


def _value(given: ast.expr, tree: ast.Module) -> set[str]:
    """A verb that is written where it is used, or as a constant of its module; none where it comes as an argument."""
    for line in tree.body:
        if isinstance(given, ast.Name) and isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == given.id:
            given = line.value
    return {given.value} if isinstance(given, ast.Constant) and isinstance(given.value, str) else set()


def test_the_source_holds_the_verbs_that_one_knows_of() -> None:
    of_a_record, of_none = emitted()
    assert {"finding:set", "record:break_glass", "proxy:end_notice", "test:end", "caseload:read"} <= of_a_record
    assert {"sign_in:done", "record:break_glass_refused"} <= of_none


def test_every_verb_of_a_record_has_its_sentence_and_no_sentence_is_left_over() -> None:
    assert emitted()[0] == set(SENTENCES)


def test_plain_words_are_for_verbs_that_have_a_sentence() -> None:
    assert set(IN_PLAIN_WORDS) <= set(SENTENCES)


@pytest.mark.parametrize("audience", Audience)
def test_a_verb_of_another_version_is_shown_and_not_guessed(audience: Audience) -> None:
    assert "elephant:wash" in event_words("elephant:wash", audience)


def test_a_family_reads_no_word_of_the_clinic() -> None:
    for verb in SENTENCES:
        assert not re.search(r"finding|differential|rank", event_words(verb, Audience.FAMILY)), verb
