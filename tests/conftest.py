"""What all tests share: repeatable generated cases, the optional data, and the generated pages of the documentation."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from hoofbeat.knowledge.build import build, release_name
from hoofbeat.knowledge.facts import KNOWLEDGE_FILE, Facts
from hoofbeat.knowledge.lexicon import Lexicon
from hoofbeat.knowledge.sources import Sources
from tests.small_release import write_small_release

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA_VARIABLE = "HOOFBEAT_SHARED_DATA"

# "ci" tries the same cases on every run and never fails for slowness; "explore" looks for new ones.
settings.register_profile("ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "explore", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile(os.environ.get("HOOFBEAT_HYPOTHESIS", "ci"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-docs", action="store_true", help="write the generated pages of docs/reference anew")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "generated_doc" in getattr(item, "fixturenames", ()):
            item.add_marker("generated_docs")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data that lies beside a developer's checkout; tests that want it skip where it is absent."""
    folder = Path(os.environ.get(SHARED_DATA_VARIABLE) or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"{folder} is missing: optional data (or name its place in {SHARED_DATA_VARIABLE})")
    return folder


@pytest.fixture(scope="session")
def knowledge_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of Hoofbeat with the installed HPO release built in it, once for all processes of a run; only to read."""
    own = tmp_path_factory.getbasetemp()
    home = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "hoofbeat-home"
    home.mkdir(exist_ok=True)
    sources = Sources.bundled()
    folder = home / "knowledge" / release_name(sources)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / KNOWLEDGE_FILE).exists():
            build(sources, folder)
    return home


@pytest.fixture(scope="session")
def hpo_facts(knowledge_home: Path) -> Facts:
    """The facts of the installed HPO release."""
    return Facts.open(next((knowledge_home / "knowledge").glob(f"*/{KNOWLEDGE_FILE}")))


@pytest.fixture(scope="session")
def lexicon(hpo_facts: Facts) -> Lexicon:
    """The names of the installed HPO release, for reading free text."""
    return Lexicon.of(hpo_facts.ontology)


@pytest.fixture
def small_release(tmp_path: Path) -> Path:
    """A folder with a release of a few terms and diseases, small enough to check by hand (tests/small_release.py)."""
    return write_small_release(tmp_path / "small-release")


@pytest.fixture
def generated_doc(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Hold a page of the documentation, named from the root of the checkout, against the text it should have.

    With `--write-docs` (`make docs`) the page is written instead.
    """

    def hold(name: str, text: str) -> None:
        page = ROOT / name
        if request.config.getoption("--write-docs"):
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text, encoding="utf-8")
            return
        present = page.read_text(encoding="utf-8") if page.exists() else ""
        assert present == text, f"{name} is not what its source says now: run `make docs`"

    return hold
