"""What must hold for the project as a whole: its declarations, its locks, its files and its links."""

import ast
import re
import socket
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

import hoofbeat
from tests.conftest import ROOT

MODULE_LINES_MAX = 600
KINDS_OF_TEST = ("spec", "unit", "property", "integration", "conformance", "security", "browser", "web")
LOCKS = ("requirements/run.txt", "requirements/dev.txt")

# In pieces, so that this file does not hold what it looks for.
REGISTRY_HOSTS = (
    "pypi" + ".org",
    "python" + "hosted",
    "npm" + "js.",
    "crates" + ".io",
    "proxy." + "golang",
    "jf" + "rog",
)
OTHER_HOSTS = ("pkg" + ".dev", "art" + "ifactory", "dev" + "pi.")
WORKPLACE_PATHS = ("/" + "work/", "/" + "root/")
WORKPLACE_TOOLS = (
    "cla" + "ude",
    "anthro" + "pic",
    "chat" + "gpt",
    "open" + "ai",
    "co" + "pilot",
    "co-authored" + "-by",
)


@dataclass(frozen=True)
class Dependency:
    """One line of a dependency list in pyproject.toml, with the comment above it."""

    group: str
    requirement: str
    reason: str

    @property
    def name(self) -> str:
        """The package's name as the lock writes it."""
        found = re.match(r"[A-Za-z0-9._-]+", self.requirement)
        assert found, self.requirement
        return re.sub(r"[-_.]+", "-", found[0]).lower()


@cache
def pyproject() -> dict[str, dict[str, object]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def dependencies() -> tuple[Dependency, ...]:
    found = []
    section = group = ""
    comment: list[str] = []
    for line in (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"\[(.+)\]", line):
            section, group = heading[1], ""
        elif opening := re.fullmatch(r"(\w+) = \[", line):
            listed = (section == "project" and opening[1] == "dependencies") or (
                section == "project.optional-dependencies"
            )
            group, comment = (opening[1] if listed else ""), []
        elif line == "]":
            group = ""
        elif group and (text := re.fullmatch(r"\s*# (.+)", line)):
            comment.append(text[1])
        elif group and (item := re.fullmatch(r'\s*"(.+)",', line)):
            found.append(Dependency(group, item[1], " ".join(comment)))
            comment = []
    return tuple(found)


@cache
def locked(lock: str) -> dict[str, list[str]]:
    """The blocks of a lock file: each pinned requirement, and the hashes under it."""
    blocks: dict[str, list[str]] = {}
    current = ""
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if not line.startswith((" ", "#")) and line.strip():
            current = line.removesuffix("\\").strip()
            blocks[current] = []
        elif hashed := re.fullmatch(r"\s+--hash=sha256:([0-9a-f]{64})( \\)?", line):
            blocks[current].append(hashed[1])
    return blocks


def version_in(lock: str, name: str) -> str:
    for block in locked(lock):
        if block.startswith(f"{name}=="):
            return block.split("==")[1].split(" ")[0]
    return ""


@cache
def tracked_files() -> tuple[Path, ...]:
    try:
        listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout: there is no list of the project's files")
    names = [name for name in listing.stdout.decode().split("\0") if name]
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())


def occurrences(needles: tuple[str, ...]) -> Iterator[str]:
    for path in tracked_files():
        text = path.read_bytes().lower()
        for needle in needles:
            if needle.encode() in text:
                yield f"{path.relative_to(ROOT)} holds {needle!r}"


def modules() -> list[Path]:
    # Migrations are written by Django from the models.
    return sorted(path for path in (ROOT / "src" / "hoofbeat").rglob("*.py") if path.parent.name != "migrations")


def without_code_blocks(markdown: str) -> str:
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", markdown, flags=re.MULTILINE | re.DOTALL))


def test_each_dependency_has_a_reason() -> None:
    declared = pyproject()["project"]
    runtime, optional = declared["dependencies"], declared["optional-dependencies"]
    assert isinstance(runtime, list)
    assert isinstance(optional, dict)
    listed = runtime + [item for items in optional.values() for item in items]
    assert [dependency.requirement for dependency in dependencies()] == listed
    assert [dependency.requirement for dependency in dependencies() if len(dependency.reason.split()) < 4] == []


def test_each_dependency_is_in_its_lock() -> None:
    for dependency in dependencies():
        assert version_in("requirements/dev.txt", dependency.name), f"{dependency.name}: run `make lock`"
        if dependency.group in ("dependencies", "build"):
            assert version_in("requirements/run.txt", dependency.name), f"{dependency.name}: run `make lock`"


def test_the_dependencies_page_says_what_is_declared(generated_doc: Callable[[str, str], None]) -> None:
    titles = {
        "dependencies": "To run",
        "validation": "To measure and to fit (`validation`)",
        "cluster": "To re-analyse on several machines (`pip install hoofbeat[cluster]`)",
        "test": "To test and check (`test`)",
        "build": "To build (`build`)",
    }
    lines = [
        "# Dependencies",
        "",
        "Made from `pyproject.toml` and `requirements/dev.txt` by `make docs`.",
        "What these need in turn is in the locks.",
    ]
    for group in dict.fromkeys(dependency.group for dependency in dependencies()):
        lines += ["", f"## {titles[group]}", "", "| package | locked version | why |", "| --- | --- | --- |"]
        lines += [
            f"| {dependency.name} | {version_in('requirements/dev.txt', dependency.name)} | {dependency.reason} |"
            for dependency in dependencies()
            if dependency.group == group
        ]
    generated_doc("docs/reference/dependencies.md", "\n".join(lines) + "\n")


@pytest.mark.parametrize("lock", LOCKS)
def test_each_locked_requirement_is_pinned_and_has_hashes(lock: str) -> None:
    blocks = locked(lock)
    assert len(blocks) > 10
    assert [block for block, hashes in blocks.items() if "==" not in block or not hashes] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_and_no_place(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    for sign in ("://", "--index-url", "--extra-index-url", "--find-links", "--trusted-host", " @ ", "file:"):
        assert sign not in text, f"{lock} holds {sign!r}"


def test_what_runs_is_locked_to_the_same_versions_as_what_is_tested() -> None:
    tested = locked("requirements/dev.txt")
    for block, hashes in locked("requirements/run.txt").items():
        assert tested.get(block) == hashes, block


def test_no_file_names_a_package_registry() -> None:
    assert list(occurrences(REGISTRY_HOSTS + OTHER_HOSTS)) == []


def test_no_file_holds_a_path_of_a_workplace() -> None:
    assert list(occurrences(WORKPLACE_PATHS)) == []


def test_the_project_speaks_of_itself_alone() -> None:
    assert list(occurrences(WORKPLACE_TOOLS)) == []


def test_the_version_is_the_same_everywhere() -> None:
    version = hoofbeat.__version__
    assert pyproject()["project"]["version"] == version
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(rf"^version: {re.escape(version)}$", citation, re.MULTILINE)
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    section = re.search(
        rf"^## \[{re.escape(version)}\] - (unreleased|\d{{4}}-\d\d-\d\d)$(.*?)(?=^## |\Z)",
        changelog,
        re.MULTILINE | re.DOTALL,
    )
    assert section, f"CHANGELOG.md has no section for {version}"
    assert re.search(r"^- ", section[2], re.MULTILINE), f"CHANGELOG.md says nothing under {version}"


def test_each_module_says_what_it_is_for() -> None:
    silent = [
        path.relative_to(ROOT)
        for path in modules()
        if not (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").strip()
    ]
    assert silent == []


def test_no_module_is_too_long() -> None:
    lengths = {path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {path: length for path, length in lengths.items() if length > MODULE_LINES_MAX} == {}


def test_each_link_between_pages_leads_somewhere() -> None:
    dead = []
    for page in tracked_files():
        if page.suffix != ".md":
            continue
        text = without_code_blocks(page.read_text(encoding="utf-8"))
        targets = re.findall(r"\]\(\s*<?([^)\s>]+)", text) + re.findall(r"^\[[^\]]+\]:\s+(\S+)", text, re.MULTILINE)
        for target in targets:
            path = target.split("#")[0]
            if re.match(r"[a-z][a-z0-9+.-]*:", target) or not path:
                continue
            if path.startswith("/") or not (page.parent / path).exists():
                dead.append(f"{page.relative_to(ROOT)} -> {target}")
    assert dead == []


def test_tests_lie_in_the_folder_of_their_kind() -> None:
    astray = [
        path.relative_to(ROOT)
        for path in (ROOT / "tests").rglob("test_*.py")
        if path.relative_to(ROOT / "tests").parts[0] not in KINDS_OF_TEST
    ]
    assert astray == []


def test_tests_cannot_reach_another_host() -> None:
    # 192.0.2.1 is set aside for documentation (RFC 5737): nobody answers there.
    with socket.socket() as connection:
        connection.settimeout(1)
        with pytest.warns(UserWarning, match="socket"), pytest.raises(SocketConnectBlockedError):
            connection.connect(("192.0.2.1", 80))


def test_tests_can_reach_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as connection:
        assert connection.getpeername() == server.getsockname()
