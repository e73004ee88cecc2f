"""What all tests share: repeatable generated cases, the optional data, and the generated pages of the documentation."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

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
