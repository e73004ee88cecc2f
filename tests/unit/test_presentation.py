"""How a differential is shown: the table, the JSON line and the page, made from one written by hand."""

import json
import math
import re
from dataclasses import replace
from datetime import date

import pytest

from hoofbeat.cli.presentation import wording
from hoofbeat.cli.presentation.html_page import ROWS_SHOWN, differential_page
from hoofbeat.cli.presentation.json_lines import differential_line, failure_line
from hoofbeat.cli.presentation.table import Ink, differential_table
from hoofbeat.diagnosis.differential import Note
from hoofbeat.diagnosis.ratio_words import times
from hoofbeat.diagnosis.share_words import percent
from tests.sample_excerpt import (
    COMPARED,
    COMPARISON,
    EXCERPT,
    FIRST,
    HOSTILE,
    OBSERVED,
    SECOND,
    candidate,
    finding,
    hostile_excerpt,
)

DAY = date(2025, 6, 1)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"),
        (1e-9, "< 0.1 %"),
        (0.0449, "4.5 %"),
        (0.0996, "10 %"),
        (0.83, "83 %"),
        (0.9951, "> 99 %"),
        (0.9999999, "> 99 %"),
        (1.0, "100 %"),
    ],
)
def test_a_share_is_never_rounded_to_certainty(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("log_lr", "text"),
    [
        (math.log(11.157), "×11"),
        (math.log(2), "×2.0"),
        (math.log(1 / 2.5), "÷2.5"),
        (0.04, "×1"),
        (-0.04, "×1"),
        (20.0, "×5e+08"),
        (5000.0, "×1e+304"),
    ],
)
def test_a_likelihood_ratio_is_said_as_times_as_likely(log_lr: float, text: str) -> None:
    assert times(log_lr) == text


def test_the_diseases_not_shown_have_the_probability_that_is_left() -> None:
    number, share = wording.others(EXCERPT)
    assert number == 10_419
    assert share == pytest.approx(0.04)


def test_rounding_leaves_no_probability_to_others() -> None:
    whole = replace(EXCERPT, candidates=(replace(FIRST, probability=0.7), replace(SECOND, probability=0.2)))
    assert wording.others(whole)[1] == 0.0


def test_the_table_says_who_is_first_how_sure_and_why() -> None:
    lines = differential_table(EXCERPT, made=DAY).splitlines()
    assert lines[0] == "proband-7"
    assert re.fullmatch(r"  1 Long-finger lens syndrome +█+▎ +83 %  ZEB1A, ZEB2A", lines[3])
    assert re.fullmatch(r"    none of these +█▋ +10 %", lines[4])
    assert lines[5].startswith("  2 Aortic fragility syndrome 2")
    assert re.fullmatch(r"    10,419 other diseases +▋ +4.0 %", lines[6])
    assert "    ×67  Ectopia lentis; 119/251; described as such; PMID:28050285" in lines
    assert "  Not explained by it: Hearing impairment" in lines
    assert "  Often in it, not looked for yet: Tall stature (62 %)" in lines
    assert "  - HP:0009999 is obsolete (read as HP:0001166 Arachnodactyly)" in lines
    assert lines[-1] == "Not a diagnosis until a clinician confirms it."
    foot = " ".join(lines[-3:])
    assert "Made 2025-06-01 with release 2024-02-01, checksum 0123456789ab, library cases 412" in foot


@pytest.mark.parametrize("width", [10, 40, 63, 80, 100, 500])
def test_the_table_keeps_within_the_width(width: int) -> None:
    long = candidate(2, "Some disease whose name goes on and on, type 3, " * 3, 0.01, SECOND.contributions)
    beside = replace(COMPARISON, b=long)
    text = differential_table(replace(COMPARED, candidates=(FIRST, long), comparison=beside), made=DAY, width=width)
    assert max(len(line) for line in text.splitlines()) <= max(40, min(width, 120))


def test_the_table_has_colours_only_where_they_are_wanted() -> None:
    assert "\x1b" not in differential_table(EXCERPT, made=DAY)
    coloured = differential_table(EXCERPT, made=DAY, ink=Ink(colours=True))
    assert re.sub(r"\x1b\[\d+m", "", coloured) == differential_table(EXCERPT, made=DAY)


def test_the_table_can_do_without_block_characters() -> None:
    text = differential_table(EXCERPT, made=DAY, ink=Ink(blocks=False))
    assert "#############" in text
    assert "█" not in text


def test_the_table_says_what_tells_two_diseases_apart_and_what_would_change_their_order() -> None:
    text = differential_table(COMPARED, made=DAY, width=120)
    compared = text[text.index("Compared:") : text.index("Notes on the input")].splitlines()
    assert compared[0] == "Compared: Long-finger lens syndrome and Aortic fragility syndrome 2"
    assert (
        "Long-finger lens syndrome (place 1, 83 %) stands before Aortic fragility syndrome 2 (place 2, 3.0 %)" in text
    )
    assert compared[4].startswith("   ×665  Ectopia lentis: 119/251 in Long-finger lens syndrome, only Abnormal lens")
    assert compared[6].startswith("   ÷1.2  Aortic root aneurysm: described as Ascending aortic dilation")
    said = " ".join(" ".join(compared).split())
    assert "Tall stature excluded and Aortic dissection observed would put Aortic fragility syndrome 2 before" in said


def test_where_nothing_would_change_the_order_that_is_said() -> None:
    alone = replace(EXCERPT, comparison=replace(COMPARISON, change=None))
    for text in (differential_table(alone, made=DAY), differential_page(alone, made=DAY)):
        assert "were found to reverse the order" in " ".join(text.split())


def test_without_a_comparison_nothing_is_said_of_one() -> None:
    assert "Compared" not in differential_table(EXCERPT, made=DAY)
    assert "compared-heading" not in differential_page(EXCERPT, made=DAY)
    assert "comparison" not in json.loads(differential_line(EXCERPT))


def test_the_json_line_holds_both_sides_of_a_comparison() -> None:
    compared = json.loads(differential_line(COMPARED))["comparison"]
    assert (compared["a"]["disease"]["id"], compared["b"]["rank"]) == ("OMIM:999001", 2)
    first, second = compared["rows"]
    assert first["difference"] == pytest.approx(4.2 - -2.3)
    assert (first["a"]["frequency"], second["b"]["match"]) == ("119/251", "exact")
    assert compared["change"]["answers"][0] == {"finding": "HP:0000098", "label": "Tall stature", "present": False}
    assert compared["lead"] == pytest.approx(compared["change"]["lead_before"])


def test_the_page_draws_a_comparison_with_the_sum_of_its_rows() -> None:
    page = differential_page(COMPARED, made=DAY)
    section = page[page.index('class="compared"') : page.index('class="reasons"')]
    assert section.count("<svg") == 2
    assert "for Aortic fragility syndrome 2</span><span>for Long-finger lens syndrome" in section
    assert wording.signed(COMPARISON.lead) in section


def test_many_notes_are_counted_rather_than_listed() -> None:
    noted = replace(EXCERPT, notes=tuple(Note(f"note {number}") for number in range(30)))
    assert "  - and 20 more (--format json has all)" in differential_table(noted, made=DAY)


def test_nothing_from_outside_reaches_the_terminal_as_a_command() -> None:
    text = differential_table(hostile_excerpt(), made=DAY)
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_the_json_line_has_the_fields_that_scripts_depend_on() -> None:
    line = differential_line(EXCERPT)
    assert "\n" not in line
    document = json.loads(line)
    assert {"case", "release", "candidates", "none_of_these"} <= document.keys()
    assert document["case"] == "proband-7"
    assert document["none_of_these"] == 0.1
    first = document["candidates"][0]
    fields = {"rank", "disease", "same_as", "probability", "score", "genes", "contributions"}
    assert fields <= first.keys()
    assert first["disease"] == {"id": "OMIM:999001", "name": "Long-finger lens syndrome"}
    assert first["same_as"] == ["ORPHA:999001"]
    assert (
        first["contributions"][0].items()
        >= {
            "kind": "finding",
            "finding": "HP:0001166",
            "label": "Arachnodactyly",
            "state": "observed",
            "log_lr": 2.41,
            "matched": "HP:0001166",
            "frequency": "124/197",
            "source": "PMID:28050285;PMID:33436942",
        }.items()
    )
    assert first["score"] == pytest.approx(sum(row["log_lr"] for row in first["contributions"]), abs=1e-9)


def test_json_never_says_nan() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        differential_line(replace(EXCERPT, none_of_these=math.nan))


def test_a_failure_is_a_line_of_its_own_even_with_a_name_that_is_no_text() -> None:
    line = failure_line(case=None, file="bad\udcff.json", error="not JSON")
    assert json.loads(line.encode("utf-8"))["case"] is None
    assert list(json.loads(line)) == ["case", "file", "error"]


def test_a_json_line_is_one_line_and_no_command_to_a_terminal() -> None:
    name = "a\x85b\x9b31m\u2028c\u202ed\x1b[31mé"
    line = differential_line(replace(EXCERPT, case=name))
    assert json.loads(line)["case"] == name
    assert line.splitlines() == [line]
    assert not set(name[:-1]) & set(line) - set("abcd[31m")


def test_the_page_is_one_file_that_loads_nothing_and_says_so_to_the_browser() -> None:
    page = differential_page(EXCERPT, made=DAY)
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert not re.search(r"\b(src|srcset|action|style|on\w+)=", page)
    assert "@import" not in page
    assert "url(" not in page
    addresses = set(re.findall(r'href="([^"]+)"', page))
    assert addresses == {
        "#differential",
        "#why-1",
        "#why-2",
        "https://pubmed.ncbi.nlm.nih.gov/28050285/",
        "https://pubmed.ncbi.nlm.nih.gov/33436942/",
        "https://pubmed.ncbi.nlm.nih.gov/1/",
    }


def test_the_page_opens_the_first_candidates_and_lists_none_of_these_at_its_place() -> None:
    page = differential_page(EXCERPT, made=DAY)
    names = re.findall(r'class="name"[^>]*>([^<]+)<', page)
    assert names == [
        "Long-finger lens syndrome",
        "None of these",
        "Aortic fragility syndrome 2",
        "10,419 other diseases",
    ]
    assert page.count('" open>') == 2


def test_bars_start_at_the_line_and_go_to_the_side_that_the_sign_says() -> None:
    page = differential_page(EXCERPT, made=DAY)
    bars = re.findall(r'class="amount" x="([\d.]+)" y="2" width="([\d.]+)"', page)
    assert bars[0] == ("100", "100")  # the strongest of the page fills its half
    start, length = map(float, bars[-1])  # ectopia lentis against the second candidate
    assert start + length == pytest.approx(100)
    assert length == pytest.approx(100 * 2.3 / 4.2, abs=0.01)
    assert page.count('role="row" class="against"') == 3


def test_the_page_sums_up_what_it_does_not_list() -> None:
    rows = tuple(finding(OBSERVED[0], 0.01 * number) for number in range(ROWS_SHOWN + 5))
    page = differential_page(replace(EXCERPT, candidates=(candidate(1, "Some", 0.5, rows),)), made=DAY)
    assert "5 weaker rows, +0.10 together" in page
    assert page.count('<tr role="row" class="for"') + page.count('<tr role="row" class="neutral"') == ROWS_SHOWN


def test_the_page_escapes_whatever_comes_from_outside() -> None:
    page = differential_page(hostile_excerpt(), made=DAY, title=HOSTILE, publication=HOSTILE)
    assert "<script" not in page
    assert "<img" not in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "49" not in re.findall(r"`\{\{7\*7\}\}|`49", page)
    assert page.count("<title>") == page.count("</title>") == 1


def test_the_page_of_no_candidates_is_still_a_page() -> None:
    page = differential_page(replace(EXCERPT, candidates=(), observed=(), excluded=(), notes=()), made=DAY)
    assert "No disease stands out." in page
    assert "None of these" in page
