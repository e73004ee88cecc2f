"""Sets Django up for the tests of the application, in a home of each process, on SQLite or on the database that
HOOFBEAT_DATABASE names. Tests outside this folder never import Django.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import django
import pytest
from _pytest.monkeypatch import MonkeyPatch

from tests.small_release import write_small_release

# Settings are read once, when Django is set up. Other tests in this process, and processes that it starts, find the
# environment as it was.
HOME = tempfile.TemporaryDirectory(prefix="hoofbeat-web-")
with MonkeyPatch.context() as environment:
    environment.setenv("DJANGO_SETTINGS_MODULE", "hoofbeat.web.settings")
    environment.setenv("HOOFBEAT_HOME", HOME.name)
    environment.setenv("HOOFBEAT_PLAIN_HTTP", "1")
    environment.delenv("HOOFBEAT_DEMO", raising=False)
    environment.delenv("HOOFBEAT_MAIL", raising=False)
    django.setup()
(Path(HOME.name) / "clinic" / "static").mkdir(parents=True)  # WhiteNoise warns of a folder that is not there

# Django is set up above, or these imports fail.
from django.core.cache import cache  # noqa: E402
from django.core.signals import request_finished, request_started  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import translation  # noqa: E402
from django.utils.translation import trans_real  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402
from pytest_django.live_server_helper import LiveServer  # noqa: E402
from pytest_django.plugin import DjangoDbBlocker  # noqa: E402

from hoofbeat.knowledge.build import build  # noqa: E402
from hoofbeat.knowledge.knowledge import Knowledge  # noqa: E402
from hoofbeat.knowledge.sources import Sources  # noqa: E402
from hoofbeat.web.locale_files import RIGHT_TO_LEFT, write_pseudo_locale  # noqa: E402
from hoofbeat.web.records import ranking  # noqa: E402
from tests.web.messages_in_source import messages  # noqa: E402
from tests.web.world import World  # noqa: E402
from validation.clinic_installation import Installation  # noqa: E402


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On PostgreSQL, what is the same on any database is skipped, and each says why."""
    if "HOOFBEAT_DATABASE" in os.environ:
        for item in items:
            for mark in item.iter_markers("same_on_any_database"):
                item.add_marker(pytest.mark.skip(reason=f"the same on any database: {mark.args[0]}"))


@pytest.fixture(scope="session")
def django_db_use_migrations() -> bool:
    """Tables are made from the models at once; that the migrations make the same is a test of its own."""
    return False


@pytest.fixture(scope="session", autouse=True)
def _nobody_else_in_the_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A request that a closed browser left behind may still hold a connection when the database is to be dropped."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT pg_terminate_backend(pid) {others}")


@pytest.fixture(scope="session")
def home_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which `hoofbeat migrate` was run, on a file of its own: to copy, as making its tables takes seconds."""
    home = tmp_path_factory.mktemp("home-with-tables")
    done = Installation(home, (("HOOFBEAT_PLAIN_HTTP", "1"), ("HOOFBEAT_DATABASE", ""))).run("migrate")
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture(scope="session")
def small_knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    """The release of tests/small_release.py, opened."""
    folder = tmp_path_factory.mktemp("small-knowledge")
    return Knowledge.open(build(Sources.in_folder(write_small_release(folder / "release")), folder / "built").path)


@pytest.fixture(scope="session")
def bundled_knowledge(knowledge_home: Path) -> Knowledge:
    """The installed HPO release, opened."""
    return Knowledge.open(next((knowledge_home / "knowledge").iterdir()))


def use(knowledge: Knowledge, patch: MonkeyPatch) -> None:
    class Opened:
        """Stands where the class stands from which `ranking.knowledge()` opens a release."""

        open: Callable[..., Knowledge] = staticmethod(lambda **_: knowledge)

    patch.setattr(ranking, "Knowledge", Opened)
    ranking.knowledge.cache_clear()


@pytest.fixture(autouse=True)
def knowledge(small_knowledge: Knowledge, monkeypatch: MonkeyPatch) -> Iterator[Knowledge]:
    """What the application ranks with: the small release, unless a test asks for `whole_knowledge`."""
    use(small_knowledge, monkeypatch)
    yield small_knowledge
    ranking.knowledge.cache_clear()


@pytest.fixture
def whole_knowledge(knowledge: Knowledge, bundled_knowledge: Knowledge, monkeypatch: MonkeyPatch) -> Knowledge:
    """The application ranks with the installed HPO release in this test."""
    use(bundled_knowledge, monkeypatch)
    return bundled_knowledge


@pytest.fixture(autouse=True)
def documents(tmp_path: Path, settings: object) -> Path:
    """Uploaded documents lie in a folder of the test's own."""
    folder = tmp_path / "documents"
    settings.MEDIA_ROOT = folder  # type: ignore[attr-defined]
    return folder


@pytest.fixture(autouse=True)
def _in_english() -> None:
    """A request of the test before may have left its language in this thread."""
    translation.activate("en")


@pytest.fixture(autouse=True)
def _plain_static_files(settings: object) -> None:
    """Pages name static files without their hash: nothing was collected for the tests."""
    storages = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    settings.STORAGES = settings.STORAGES | storages  # type: ignore[attr-defined]


@pytest.fixture
def world(db: None) -> World:
    """One clinic with people of every role and a patient's record; see tests/web/world.py."""
    cache.clear()
    return World.small()


@pytest.fixture
def anonymous() -> Client:
    """A browser in which nobody is signed in."""
    return Client()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Debian's Chromium, one for the tests of a file."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is missing: apt-get install chromium")
    # Chromium's own sandbox does not work for root, as in a container.
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    home: dict[str, str | float | bool] = {n: value for n, value in os.environ.items() if not n.startswith("XDG_")}
    home["HOME"] = str(tmp_path_factory.mktemp("chromium-home"))
    # Playwright has an event loop in this thread; the tests talk to the database in it all the same.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        opened = playwright.chromium.launch(executable_path=chromium, args=arguments, env=home)
        yield opened
        opened.close()


@pytest.fixture
def live_server(live_server: LiveServer, transactional_db: None) -> Iterator[LiveServer]:
    """The server of browser tests. What a browser asked for is answered to its end before the tables are emptied."""
    changed, under_way = threading.Condition(), 0

    def counted(by: int) -> None:
        nonlocal under_way
        if threading.current_thread() is threading.main_thread():
            return  # the test's own client
        with changed:
            under_way += by
            changed.notify_all()

    def begins(**_: object) -> None:
        counted(1)

    def ends(**_: object) -> None:
        counted(-1)

    request_started.connect(begins)
    request_finished.connect(ends)
    try:
        yield live_server
        with changed:
            assert changed.wait_for(lambda: under_way == 0, timeout=60), "a page is still being made"
    finally:
        request_started.disconnect(begins)
        request_finished.disconnect(ends)


@pytest.fixture(scope="session")
def pseudo_locale(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a language that nobody speaks, written from the source once."""
    folder = tmp_path_factory.mktemp("pseudo-locale")
    write_pseudo_locale(messages(), folder)
    return folder


@pytest.fixture
def right_to_left(pseudo_locale: Path, settings: object) -> Iterator[str]:
    """A language that nobody speaks: longer, marked, from right to left. Gives its code."""
    settings.LOCALE_PATHS = [pseudo_locale]  # type: ignore[attr-defined]
    settings.LANGUAGES = [("en", "English"), (RIGHT_TO_LEFT, "Pseudo")]  # type: ignore[attr-defined]

    def forget() -> None:
        trans_real._translations.clear()  # type: ignore[attr-defined]
        trans_real.get_languages.cache_clear()  # type: ignore[attr-defined]

    forget()
    yield RIGHT_TO_LEFT
    forget()
    translation.activate("en")
