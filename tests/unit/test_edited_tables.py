"""The tables that a clinic edits: what ships can be used, and every wrong line and field is named."""

from pathlib import Path

import pytest

from hoofbeat.interchange.avoid_file import read_avoid_records, shipped_avoid_records
from hoofbeat.interchange.burden_file import read_burdens, shipped_burdens, shipped_text
from hoofbeat.interchange.report import InputError
from hoofbeat.knowledge.burden import FAMILIES, QUANTITIES
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.knowledge import Knowledge

HEAD = "id,name,family,cost_eur,risk_per_1000,delay_days,anaesthesia,radiation_msv,shows,source,date"
WEIGHT = "weight,x,,0.01,2,0.05,3,0.5,,ours,2026-01-31"
UNKNOWN = "unknown,x,,1500,10,60,general,8,,ours,2026-01-31"
QUESTION = "question,a question,question,0,0,0,none,0,,ours,2026-01-31"
SCAN = "MAXO:0000427,MRI,imaging,400,0.3,30,sedation,0,HP:0012443,ours,2026-01-31"
AVOID_HEAD = "diseases,action,unless,reason,source,date"


def table(folder: Path, *lines: str) -> Path:
    path = folder / "table.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_shipped_burdens_are_complete_and_have_sources() -> None:
    burdens = shipped_burdens()
    assert len(burdens.rows) >= 60
    assert {row.family for row in burdens.rows.values()} <= set(FAMILIES)
    for row in burdens.rows.values():
        assert row.unknown == ()
        assert row.source
        assert row.date


def test_the_names_of_the_shipped_burdens_are_those_of_maxo(shared_data: Path) -> None:
    """A wrong number would weigh one action with the values of another."""
    obo = shared_data / "maxo" / "maxo.obo"
    if not obo.is_file():
        pytest.skip(f"{obo} is missing: optional data")
    stanzas = obo.read_text(encoding="utf-8").split("[Term]")
    known = {}
    for stanza in stanzas:
        tags = dict(line.split(": ", 1) for line in stanza.splitlines() if ": " in line)
        known[tags.get("id", "")] = tags.get("name", "")
    named = {row.id: row.name for row in shipped_burdens().rows.values() if row.id.startswith("MAXO:")}
    assert named == {identifier: known[identifier] for identifier in named}
    forbidden = {record.action for record in shipped_avoid_records() if record.action.startswith("MAXO:")}
    assert forbidden <= set(known)


def test_the_shipped_avoid_records_name_diseases_that_are_there(hpo_facts: Facts) -> None:
    knowledge = Knowledge.of(hpo_facts)
    for record in shipped_avoid_records():
        assert any(knowledge.find_disease(one) is not None for one in record.diseases), record


def test_a_clinics_own_file_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    burdens = read_burdens(table(tmp_path, "# ours", HEAD, WEIGHT, UNKNOWN, QUESTION, SCAN))
    assert set(burdens.rows) == {"question", "MAXO:0000427"}
    assert burdens.weighed(burdens.of("MAXO:0000427")) == pytest.approx(1 + 4 + 0.6 + 1.5 + 6)


def test_an_empty_cell_is_unknown_and_weighs_as_assumed(tmp_path: Path) -> None:
    empty = SCAN.replace(",400,", ",,")
    burdens = read_burdens(table(tmp_path, HEAD, WEIGHT, UNKNOWN, QUESTION, empty))
    assert burdens.of("MAXO:0000427").unknown == ("cost_eur",)
    assert burdens.weighed(burdens.of("MAXO:0000427")) == pytest.approx(1 + 15 + 0.6 + 1.5 + 6)
    assert burdens.of("MAXO:0000999").unknown == QUANTITIES


def test_a_term_after_not_is_one_that_is_not_shown(tmp_path: Path) -> None:
    shown = SCAN.replace("HP:0012443", "HP:0012443; not HP:0000252;HP:0002637")
    row = read_burdens(table(tmp_path, HEAD, WEIGHT, UNKNOWN, QUESTION, shown)).of("MAXO:0000427")
    assert (row.shows, row.shows_not) == (("HP:0012443", "HP:0002637"), ("HP:0000252",))


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        ((HEAD, WEIGHT, UNKNOWN, QUESTION, SCAN.replace(",400,", ",cheap,")), "line 5, cost_eur: 'cheap' is no number"),
        ((HEAD, WEIGHT, UNKNOWN, QUESTION, SCAN.replace(",400,", ",-1,")), "line 5, cost_eur"),
        ((HEAD, WEIGHT, UNKNOWN, QUESTION, SCAN.replace(",400,", ",nan,")), "line 5, cost_eur"),
        ((HEAD, WEIGHT, UNKNOWN, QUESTION, SCAN.replace("imaging", "picture")), "line 5, family: 'picture' is none of"),
        ((HEAD, WEIGHT, UNKNOWN, QUESTION, SCAN.replace("sedation", "deep")), "line 5, anaesthesia: 'deep' is none of"),
        ((HEAD, WEIGHT, UNKNOWN, QUESTION, SCAN.replace("MAXO:0000427", "MRI")), "line 5, id"),
        ((HEAD, WEIGHT, UNKNOWN, QUESTION, SCAN.replace("HP:0012443", "brain")), "line 5, shows: 'brain' is no HPO"),
        (
            (HEAD, WEIGHT, UNKNOWN, QUESTION, SCAN.replace("HP:0012443", "no HP:0012443")),
            "line 5, shows: 'no HP",
        ),
        ((HEAD, WEIGHT, UNKNOWN, QUESTION, SCAN.replace("2026-01-31", "lately")), "line 5, date"),
        ((HEAD, WEIGHT, UNKNOWN, QUESTION, SCAN.replace("ours", "")), "line 5, source: is empty"),
        ((HEAD, WEIGHT, UNKNOWN, QUESTION, SCAN, SCAN), "line 6, id: MAXO:0000427 stands there twice"),
        ((HEAD, WEIGHT, UNKNOWN, QUESTION, "MAXO:0000427,MRI"), "line 5: 2 cells; the header has 11"),
        ((HEAD, WEIGHT.replace("0.05", ""), UNKNOWN, QUESTION), "line 2, delay_days: is empty"),
        ((HEAD, UNKNOWN, QUESTION), "the row 'weight' is missing"),
        ((HEAD, WEIGHT, UNKNOWN), "the row 'question' is missing"),
        (("id,name", "x,y"), "line 1: column family"),
        ((HEAD, WEIGHT, UNKNOWN, QUESTION, 'MAXO:0000427,"MRI'), "not a table|several lines"),
        (("",), "column id"),
    ],
)
def test_every_wrong_line_and_field_of_a_burden_file_is_named(
    tmp_path: Path, lines: tuple[str, ...], named: str
) -> None:
    with pytest.raises(InputError, match=named):
        read_burdens(table(tmp_path, *lines))


def test_all_errors_are_told_at_once(tmp_path: Path) -> None:
    wrong = SCAN.replace(",400,", ",cheap,").replace("imaging", "picture")
    with pytest.raises(InputError) as refused:
        read_burdens(table(tmp_path, HEAD, WEIGHT, UNKNOWN, QUESTION, wrong))
    assert "cost_eur" in str(refused.value)
    assert "family" in str(refused.value)
    assert "repair:" in str(refused.value)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("Marfan,family:tissue,,x,y,2026-01-31", "line 2, diseases: 'Marfan' is no disease"),
        (",family:tissue,,x,y,2026-01-31", "line 2, diseases: is empty"),
        ("OMIM:1,family:needles,,x,y,2026-01-31", "line 2, action"),
        ("OMIM:1,family:tissue,,,y,2026-01-31", "line 2, reason: is empty"),
        ("OMIM:1,family:tissue,,x,,2026-01-31", "line 2, source: is empty"),
        ("OMIM:1,family:tissue,,x,y,", "line 2, date"),
    ],
)
def test_every_wrong_line_and_field_of_an_avoid_file_is_named(tmp_path: Path, line: str, named: str) -> None:
    with pytest.raises(InputError, match=named):
        read_avoid_records(table(tmp_path, AVOID_HEAD, line))


def test_what_is_no_text_or_not_there_gets_a_message(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00")
    for path, what in ((tmp_path / "x.csv", "not UTF-8"), (tmp_path / "none.csv", "No such file"), (tmp_path, "Is a")):
        with pytest.raises(InputError, match=what):
            read_burdens(path)


def test_the_shipped_text_is_what_is_read(tmp_path: Path) -> None:
    path = tmp_path / "burdens.csv"
    path.write_text(shipped_text("burdens.csv"), encoding="utf-8")
    assert read_burdens(path).rows == shipped_burdens().rows
