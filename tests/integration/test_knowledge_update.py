"""`hoofbeat knowledge update` against a small server on this machine: the good way, and every bad one."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from hoofbeat.cli.main import run
from hoofbeat.knowledge import download as downloading
from hoofbeat.knowledge import update as updating
from hoofbeat.knowledge.download import download
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.facts import KNOWLEDGE_FILE
from hoofbeat.knowledge.releases import knowledge_folder, status
from hoofbeat.knowledge.sources import Role
from hoofbeat.knowledge.update import ADDRESSES, LIMITS, MIRROR_VARIABLE, update
from tests.small_release import RELEASE, ROWS, genes_text, hpoa_text, obo_text


@dataclass
class Answer:
    """What the server says for a path. `promised` is the length it announces; None leaves it out."""

    body: bytes = b""
    status: int = 200
    packed: str = ""
    location: str = ""
    promised: int | None = -1


@dataclass
class Site:
    """A server's pages, and what was asked of it."""

    address: str
    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@contextmanager
def served() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here.asked.append(self.path)
            answer = here.pages.get(self.path, Answer(status=404))
            self.send_response(answer.status)
            if answer.location:
                self.send_header("Location", answer.location)
            if answer.packed:
                self.send_header("Content-Encoding", answer.packed)
            if answer.promised is not None:
                self.send_header("Content-Length", str(len(answer.body) if answer.promised < 0 else answer.promised))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    here = Site(f"http://127.0.0.1:{server.server_port}")
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A mirror that holds the small release, and a home without any knowledge."""
    with served() as mirror:
        monkeypatch.setenv("HOOFBEAT_HOME", str(tmp_path / "home"))
        monkeypatch.setenv(MIRROR_VARIABLE, mirror.address + "/")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        mirror.pages |= {f"/{name}": Answer(text.encode()) for name, text in release_files().items()}
        yield mirror


def release_files(release: str = RELEASE) -> dict[str, str]:
    return {
        "hp.obo": obo_text().replace(RELEASE, release),
        "phenotype.hpoa": hpoa_text(release=release),
        "genes_to_phenotype.txt": genes_text(),
    }


def names() -> list[str]:
    return [release.name for release in status().releases]


def test_the_newest_release_is_fetched_checked_and_built(site: Site) -> None:
    report = update()
    assert (report.release, report.is_new) == (RELEASE, True)
    assert names() == [RELEASE]
    (release,) = status().releases
    origins = {source["name"]: source["origin"] for source in release.manifest["inputs"]}
    assert origins["hp.obo"] == f"{site.address}/hp.obo"


def test_files_that_are_not_required_may_be_missing_and_are_named(site: Site) -> None:
    report = update()
    assert len(report.left_out) == 5
    assert any("mondo.sssom.tsv: the server answered 404" in reason for reason in report.left_out)


def test_a_second_update_changes_nothing(site: Site) -> None:
    update()
    before = (knowledge_folder() / RELEASE / KNOWLEDGE_FILE).stat()
    report = update()
    assert report.is_new is False
    assert (knowledge_folder() / RELEASE / KNOWLEDGE_FILE).stat().st_ino == before.st_ino


def test_a_newer_release_is_put_beside_the_older_one(site: Site) -> None:
    update()
    site.pages |= {f"/{name}": Answer(text.encode()) for name, text in release_files("2024-08-13").items()}
    assert update().release == "2024-08-13"
    assert names() == ["2024-08-13", RELEASE]
    assert status().default == "2024-08-13"


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("hp.obo", Answer(status=500), "the server answered 500"),
        ("hp.obo", Answer(b"<!DOCTYPE html><html>Sign in</html>\n"), "hp.obo: the file received is a web page"),
        ("phenotype.hpoa", Answer(b""), "phenotype.hpoa: the file received is something else"),
        ("phenotype.hpoa", Answer(hpoa_text().encode()[:-30]), "phenotype.hpoa: cut off"),
        ("phenotype.hpoa", Answer(hpoa_text().encode()[:-30], promised=len(hpoa_text())), "the transfer failed"),
        ("phenotype.hpoa", Answer(hpoa_text(release="2023-01-01").encode()), "was made with HPO 2023-01-01"),
        ("phenotype.hpoa", Answer(hpoa_text(release="newest").encode()), "no release date in phenotype.hpoa"),
        ("phenotype.hpoa", Answer(hpoa_text(ROWS[:3]).encode()), "has 11: it looks damaged"),
        ("hp.obo", Answer(promised=10**10), "10,000,000,000 bytes, more than the 50,000,000 accepted"),
        ("hp.obo", Answer(status=302, location="http://localhost:1/hp.obo"), "redirects to http://localhost:1/hp.obo"),
        ("hp.obo", Answer(status=302, location="file:///etc/passwd"), "which is not https"),
        ("hp.obo", Answer(status=302, location="/hp.obo"), "more than 5 redirects"),
        ("hp.obo", Answer(status=302), "more than 5 redirects"),
    ],
)
def test_a_bad_answer_is_told_and_what_was_there_stays(site: Site, name: str, answer: Answer, said: str) -> None:
    update()
    path = knowledge_folder() / RELEASE / KNOWLEDGE_FILE
    before = path.read_bytes()
    site.pages[f"/{name}"] = answer

    with pytest.raises(KnowledgeError) as caught:
        update()

    assert said in caught.value.what
    assert caught.value.repair
    assert path.read_bytes() == before
    assert list(knowledge_folder().iterdir()) == [path.parent]


def test_a_file_without_stated_length_is_bounded_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, Role.ONTOLOGY, 100)
    site.pages["/hp.obo"] = Answer(obo_text().encode(), promised=None)
    with pytest.raises(KnowledgeError, match="more than the 100 bytes accepted"):
        update()


def test_a_server_that_drips_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloading, "TOTAL_SECONDS", -1.0)
    with pytest.raises(KnowledgeError, match="not done after"):
        update()


def test_a_file_packed_twice_is_refused_unread(site: Site) -> None:
    bomb = gzip.compress(gzip.compress(bytes(50_000_000)))
    site.pages["/phenotype.hpoa"] = Answer(bomb, packed="gzip, gzip")
    with pytest.raises(KnowledgeError, match=r"phenotype\.hpoa: the server packs the file in an unknown way"):
        update()


def test_a_password_in_the_address_is_neither_shown_nor_kept(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MIRROR_VARIABLE, site.address.replace("//", "//somebody:secret@"))
    report = update()
    assert not any("secret" in reason for reason in report.left_out)
    assert "secret" not in str(status().releases[0].manifest)
    site.pages.clear()
    with pytest.raises(KnowledgeError) as refused:
        update()
    assert "secret" not in str(refused.value)


def test_a_redirect_on_the_same_host_is_followed(site: Site) -> None:
    site.pages["/newest/hp.obo"] = site.pages["/hp.obo"]
    site.pages["/hp.obo"] = Answer(status=302, location="/newest/hp.obo")
    assert update().is_new


def test_no_connection_is_told_plainly(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MIRROR_VARIABLE, "http://127.0.0.1:9")
    with pytest.raises(KnowledgeError, match="no connection") as caught:
        update()
    assert "--from DIR" in caught.value.repair


def test_the_files_of_a_folder_go_through_the_same_checks(site: Site, small_release: Path) -> None:
    assert update(folder=small_release).is_new
    (small_release / "phenotype.hpoa").write_text(hpoa_text(release="2023-01-01"), encoding="utf-8")
    with pytest.raises(KnowledgeError, match="was made with HPO 2023-01-01"):
        update(folder=small_release)
    assert names() == [RELEASE]
    assert site.asked == []


def test_the_verb_prints_the_release_and_what_was_left_out(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["knowledge", "update"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith(f"release {RELEASE} is ready: ")
    assert "note: left out: " in printed.err
    site.pages["/hp.obo"] = Answer(status=503)
    assert run(["knowledge", "update"]) == 2
    assert "repair: check the connection" in capsys.readouterr().err


def secure_site(pages: dict[str, httpx.Response]) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(lambda request: pages[str(request.url)]))


def test_a_redirect_to_another_host_is_followed_by_https_only(tmp_path: Path) -> None:
    pages = {
        "https://a.example/f": httpx.Response(302, headers={"Location": "https://b.example/f"}),
        "https://b.example/f": httpx.Response(200, content=b"good\n"),
        "https://a.example/g": httpx.Response(302, headers={"Location": "http://a.example/g"}),
    }
    with secure_site(pages) as client:
        assert download("https://a.example/f", tmp_path / "f", limit=10, client=client) == "https://b.example/f"
        assert (tmp_path / "f").read_bytes() == b"good\n"
        with pytest.raises(KnowledgeError, match="not https"):
            download("https://a.example/g", tmp_path / "g", limit=10, client=client)
    assert not (tmp_path / "g").exists()


@pytest.mark.parametrize("address", ["ftp://a.example/f", "file:///etc/passwd", "hp.obo"])
def test_other_kinds_of_address_are_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(KnowledgeError, match="not an address that can be downloaded"):
        download(address, tmp_path / "f", limit=10)


def test_every_official_address_is_https_and_bounded() -> None:
    for role, address in ADDRESSES.items():
        assert address.startswith("https://")
        assert 0 < LIMITS[role] <= 250_000_000
        assert role in updating.BEGINNINGS
