"""A backup holds everything, is checked whole before it is used, and gives back exactly what was there."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django_tasks_db.models import DBTaskResult

from hoofbeat.cases.finding import FindingState
from hoofbeat.interchange.report import InputError
from hoofbeat.web.access.models import User
from hoofbeat.web.audit.chain import faults
from hoofbeat.web.audit.models import ChainHead, Event
from hoofbeat.web.mail import Kind, notify
from hoofbeat.web.records.actions.findings import set_finding
from hoofbeat.web.records.models import Document, Message, Record
from hoofbeat.web.running import archive, worker
from hoofbeat.web.running.archive import MANIFEST, kept_models, row_text
from hoofbeat.web.running.backup import back_up
from hoofbeat.web.running.restore import restore
from tests.web.full_record import fill
from tests.web.world import ARACHNODACTYLY, World

pytestmark = pytest.mark.django_db(transaction=True)


def everything() -> dict[str, list[str]]:
    return {model._meta.label: [row_text(row) for row in model._base_manager.order_by("pk")] for model in kept_models()}


@pytest.fixture
def full(world: World) -> World:
    fill(world, "Ünïcode “words”\nin two lines \U0001f600")
    set_finding(actor=world.actor("clinician"), record=world.record.pk, hpo=ARACHNODACTYLY, state=FindingState.OBSERVED)
    return world


@pytest.fixture
def backup(full: World, tmp_path: Path) -> Path:
    path = tmp_path / "clinic.backup"
    back_up(path)
    return path


def test_what_is_restored_is_what_was_there(full: World, tmp_path: Path) -> None:
    path = tmp_path / "clinic.backup"
    notify(Kind.NEWS, full.parent)
    before = everything()
    document = Path(settings.MEDIA_ROOT) / Document.objects.get().file
    content = document.read_bytes()
    made = back_up(path)
    assert path.stat().st_mode & 0o077 == 0
    Message.objects.all().delete()
    DBTaskResult.objects.all().delete()
    User.objects.filter(pk=full.people["stranger"].pk).update(name="Changed since")
    document.unlink()
    done = restore(path, replace=True)
    assert everything() == before
    assert (done.rows, done.documents) == (made.rows, made.documents) == (sum(map(len, before.values())), 2)
    assert document.read_bytes() == content
    assert list(faults()) == []


def test_after_a_restore_new_rows_get_new_numbers(full: World, backup: Path) -> None:
    restore(backup, replace=True)
    set_finding(actor=full.actor("clinician"), record=full.record.pk, hpo=ARACHNODACTYLY, state=FindingState.EXCLUDED)
    assert list(faults()) == []


def test_an_installation_that_holds_something_is_not_written_over(backup: Path) -> None:
    before = everything()
    with pytest.raises(InputError, match="not empty"):
        restore(backup)
    assert everything() == before


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)


def _one_letter(members: dict[str, bytes]) -> None:
    name = next(name for name in members if name.endswith("access.user.jsonl"))
    members[name] = members[name].replace(b"Stranger", b"Stronger")


def _without_a_member(members: dict[str, bytes]) -> None:
    del members["rows/records.message.jsonl"]


def _one_more_member(members: dict[str, bytes]) -> None:
    members["documents/added"] = b"x"


def _climbing_name(members: dict[str, bytes]) -> None:
    manifest = json.loads(members[MANIFEST])
    manifest["members"]["documents/../../evil"] = {"sha256": "0" * 64, "bytes": 1}
    members["documents/../../evil"] = b"x"
    members[MANIFEST] = json.dumps(manifest).encode()


def _newer_format(members: dict[str, bytes]) -> None:
    members[MANIFEST] = json.dumps({**json.loads(members[MANIFEST]), "format": 99}).encode()


def _other_tables(members: dict[str, bytes]) -> None:
    members[MANIFEST] = json.dumps({**json.loads(members[MANIFEST]), "migrations": [["records", "9999"]]}).encode()


@pytest.mark.parametrize(
    "change", [_one_letter, _without_a_member, _one_more_member, _climbing_name, _newer_format, _other_tables]
)
def test_a_damaged_backup_is_refused_and_changes_nothing(
    change: Callable[[dict[str, bytes]], None], backup: Path
) -> None:
    rewritten(backup, change)
    before = everything()
    with pytest.raises(InputError) as refused:
        restore(backup, replace=True)
    if change is _other_tables:
        assert "records.9999" in str(refused.value), "which table's change tells the two apart"
    assert everything() == before


def test_a_zip_of_somebody_else_is_refused(full: World, tmp_path: Path) -> None:
    path = tmp_path / "holiday.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("beach.jpg", b"sand")
    before = everything()
    with pytest.raises(InputError, match="no whole backup"):
        restore(path, replace=True)
    assert everything() == before


def test_a_manifest_that_is_a_bomb_is_not_read_to_its_end(backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MANIFEST_BYTES", 1_000_000)
    with zipfile.ZipFile(backup, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(MANIFEST, b" " * 20_000_000)
    with pytest.raises(InputError, match="manifest of more than"):
        restore(backup, replace=True)


def test_a_member_that_unpacks_to_more_than_it_says_is_read_no_further(backup: Path) -> None:
    def longer(members: dict[str, bytes]) -> None:
        name = next(name for name in members if name.endswith("access.user.jsonl"))
        members[name] += b" " * 50_000_000

    rewritten(backup, longer)
    with pytest.raises(InputError, match="SHA-256 differs"):
        restore(backup, replace=True)


def test_a_backup_for_which_there_is_no_room_changes_nothing(backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything()
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(10, 9, 1))
    with pytest.raises(InputError, match="has room for 1"):
        restore(backup, replace=True)
    assert everything() == before


def test_nothing_is_restored_while_a_worker_lives(backup: Path) -> None:
    before = everything()
    with (
        worker.hold_lock(f"{worker._machine()}-at-work"),
        pytest.raises(InputError, match="the application is running here"),
    ):
        restore(backup, replace=True)
    assert everything() == before
    restore(backup, replace=True)


def test_the_way_of_a_restore_is_told(backup: Path) -> None:
    told: list[tuple[str, float]] = []
    restore(backup, replace=True, progress=lambda what, share: told.append((what, share)))
    assert {what.split()[0] for what, _ in told} == {"reading", "documents", "rows"}
    assert all(0 <= share <= 1 for _, share in told)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_backup_that_was_cut_off_is_refused(share: float, backup: Path) -> None:
    content = backup.read_bytes()
    backup.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(InputError, match="no whole backup"):
        restore(backup, replace=True)


def test_a_chain_that_was_tampered_with_shows_at_the_restore(full: World, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_event SET verb = 'nothing:happened' WHERE number = 1")
    path = tmp_path / "clinic.backup"
    back_up(path)
    with pytest.raises(InputError, match="chain of events does not hold"):
        restore(path, replace=True)
    restore(path, replace=True, despite_faults=True)
    assert Event.objects.filter(verb="nothing:happened").count() == 1
    assert ChainHead.objects.count() == 1


def test_a_document_whose_file_is_gone_is_told(full: World, tmp_path: Path) -> None:
    name = Document.objects.get().file
    (Path(settings.MEDIA_ROOT) / name).unlink()
    assert back_up(tmp_path / "clinic.backup").missing == (name,)


def test_a_backup_that_cannot_be_written_leaves_nothing(full: World, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        back_up(tmp_path / "no-such-folder" / "clinic.backup")
    assert Record.objects.count() == 1
