"""What is read of MAxO and its annotations, and what bad files get."""

from pathlib import Path

import pytest

from hoofbeat.knowledge.actions import Actions, read_actions
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.knowledge.sources import Role, Sources
from tests.lattice_release import lattice_facts
from tests.small_actions import BIOPSY, IMAGING, LOOKING, ROWS, SCAN, UNBORN_SCAN, write_small_actions
from tests.small_release import row

ONE_ROW = [row(("OMIM:100001", "First disease"), "HP:0000015")]


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return lattice_facts(ONE_ROW).ontology


def names(actions: Actions, action: str, ontology: Ontology, *, unborn: bool = False) -> set[str]:
    return {ontology.id(int(term)) for term in actions.shows(action, ontology, unborn=unborn)}


def test_an_action_shows_what_is_stated_and_all_below_it(tmp_path: Path, ontology: Ontology) -> None:
    write_small_actions(tmp_path)
    actions, _ = read_actions(tmp_path / "maxo.obo", tmp_path / "maxo_diagnostic_annotations.tsv", ontology)
    assert names(actions, BIOPSY, ontology) == {"HP:0000018", "HP:0000021", "HP:0000022", "HP:0000023"}
    assert names(actions, LOOKING, ontology) == {"HP:0000015"}
    assert actions.ancestors(SCAN) == (SCAN, IMAGING, "MAXO:0000001")


def test_what_is_seen_before_birth_is_seen_in_the_unborn_alone(tmp_path: Path, ontology: Ontology) -> None:
    write_small_actions(tmp_path)
    actions, _ = read_actions(tmp_path / "maxo.obo", tmp_path / "maxo_diagnostic_annotations.tsv", ontology)
    assert not names(actions, UNBORN_SCAN, ontology)
    assert "HP:0000018" in names(actions, UNBORN_SCAN, ontology, unborn=True)
    assert not names(actions, BIOPSY, ontology, unborn=True)


def test_rows_that_say_nothing_are_left_out_and_counted(tmp_path: Path, ontology: Ontology) -> None:
    write_small_actions(tmp_path)
    _, report = read_actions(tmp_path / "maxo.obo", tmp_path / "maxo_diagnostic_annotations.tsv", ontology)
    assert report["rows_read"] == len(ROWS)
    assert report["rows_skipped"] == {
        "no action in use": 1,
        "no finding of this release": 1,
        "observable through any action": 1,
        "unknown predicate": 1,
    }
    assert (report["observable"], report["prenatally_observable"]) == (3, 1)


def test_a_release_keeps_its_actions_in_its_file_with_origin_and_licence() -> None:
    facts = lattice_facts(ONE_ROW, actions=True)
    assert facts.actions.name(SCAN) == "MRI of the brain"
    inputs = {entry["role"]: entry for entry in facts.manifest["inputs"]}
    for role, day in ((Role.ACTIONS, "2024-07-29"), (Role.OBSERVABILITY, "2025-05-31")):
        assert inputs[role.value]["date"] == day
        assert inputs[role.value]["licence"].startswith("CC BY 4.0")
        assert len(inputs[role.value]["sha256"]) == 64


def test_a_release_without_them_is_the_same_as_before_and_says_so() -> None:
    facts = lattice_facts(ONE_ROW)
    assert len(facts.actions) == 0
    assert any("no medical actions" in warning for warning in facts.manifest["report"]["warnings"])


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"rows": ()}, "no row"),
        ({"header": "hpo_id\tmaxo_id"}, "column predicate_id missing"),
    ],
)
def test_annotations_that_cannot_be_right_are_refused(
    tmp_path: Path, ontology: Ontology, change: dict[str, object], what: str
) -> None:
    write_small_actions(tmp_path, **change)  # type: ignore[arg-type]
    with pytest.raises(KnowledgeError, match=what):
        read_actions(tmp_path / "maxo.obo", tmp_path / "maxo_diagnostic_annotations.tsv", ontology)


def test_an_ontology_without_actions_is_refused(tmp_path: Path, ontology: Ontology) -> None:
    write_small_actions(tmp_path)
    (tmp_path / "maxo.obo").write_text("format-version: 1.2\n\n[Term]\nid: HP:0000001\nname: All\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="no MAXO term"):
        read_actions(tmp_path / "maxo.obo", tmp_path / "maxo_diagnostic_annotations.tsv", ontology)


def test_the_official_files_as_published(shared_data: Path, hpo_facts: Facts) -> None:
    """Counts of MAxO 2024-07-29 with the annotations of 2025-05-31, against the HPO release that is installed."""
    folder = shared_data / "maxo"
    if not (folder / "maxo.obo").is_file():
        pytest.skip(f"{folder} is missing: optional data")
    paths = Sources.in_folder(folder).paths
    actions, report = read_actions(paths[Role.ACTIONS], paths[Role.OBSERVABILITY], hpo_facts.ontology)
    assert report["rows_read"] == 21_215
    assert report["rows_skipped"]["observable through any action"] == 197
    assert report["actions_that_show_findings"] > 300
    assert actions.name("MAXO:0010203") == "echocardiography"
    heart = hpo_facts.ontology.index("HP:0001631")  # atrial septal defect
    assert heart in actions.shows("MAXO:0010203", hpo_facts.ontology)
