"""How suggested steps are shown: what must wait is said first, markup from outside is text, nothing is too wide."""

from dataclasses import replace

from hoofbeat.cli.presentation.step_page import protocol_page, steps_page
from hoofbeat.cli.presentation.step_table import WIDTH, steps_table
from hoofbeat.cli.presentation.steps import NOTHING, burden_words
from hoofbeat.diagnosis.next_step import Protocol, ProtocolNode
from tests.sample_steps import AFTER, BIOPSY, BURDENS, SUGGESTED


def test_the_table_says_what_it_tells_what_it_takes_and_what_must_wait() -> None:
    text = steps_table(SUGGESTED)
    for part in ("biopsy of liver", "0.70 ± 0.02 bit", "about 1500 EUR", "serious harm in 10 of 1,000", "yes (25 %)"):
        assert part in text
    assert "MUST WAIT: Not before Telangiectasia <hereditary> is excluded: it bleeds." in text
    assert max(map(len, text.splitlines())) <= WIDTH


def test_the_page_escapes_names_and_marks_what_must_wait() -> None:
    text = steps_page(SUGGESTED)
    assert "Telangiectasia &lt;hereditary&gt;" in text
    assert "<hereditary>" not in text
    assert "Must wait." in text


def test_an_overridden_veto_is_shown_with_its_reason() -> None:
    assert BIOPSY.vetoed_by is not None
    done = replace(BIOPSY, vetoed_by=replace(BIOPSY.vetoed_by, overridden="no other way"))
    text = steps_table(replace(SUGGESTED, suggestions=(done,)))
    assert "MUST WAIT" not in text
    assert "overridden: no other way" in text


def test_what_is_unknown_is_said() -> None:
    words = burden_words(BURDENS.of("MAXO:0009999"))
    assert words == "cost unknown, risk unknown, delay unknown, anaesthesia unknown, radiation unknown"


def test_nothing_worth_asking_is_said() -> None:
    empty = replace(SUGGESTED, suggestions=())
    assert NOTHING in steps_table(empty)
    assert NOTHING in steps_page(empty)


def test_the_work_up_says_what_then_and_when_to_stop() -> None:
    end = ProtocolNode(AFTER, stop="nothing more is worth asking")
    shown = replace(SUGGESTED, suggestions=None, protocol=Protocol("case-1", ProtocolNode(AFTER, BIOPSY, end, end)))
    page, table = protocol_page(shown), steps_table(shown)
    assert page.count("Stop here.") == 2
    assert "We do: biopsy of liver" in page
    assert "It may show: Cirrhosis." in page
    in_words = protocol_page(
        replace(shown, plain_name={"HP:0001394": "Scar tissue replaces healthy tissue in the liver"}.get)
    )
    assert "It may show: Scar tissue replaces healthy tissue in the liver (Cirrhosis)." in in_words
    assert "If nothing is found" in page
    assert "├ yes" in table
    assert "└ no, or unclear" in table
