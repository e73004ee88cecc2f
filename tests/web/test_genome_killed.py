"""kill -9 of the worker in the middle of a genome: nothing half written, and the next worker reads it whole."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from validation.big_vcf import write_big_vcf
from validation.clinic_installation import Installation, until

LINES = 200_000
_UPLOADED = """
import django, shutil
django.setup()
from django.conf import settings
from pathlib import Path
from hoofbeat.web.records.actions.genome import add_genome, match_genome
from hoofbeat.web.records.genome_upload import StoredUpload
from tests.web.world import World
world, name = World.small(), "0" * 32
Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
shutil.move({path!r}, Path(settings.MEDIA_ROOT) / name)
size = (Path(settings.MEDIA_ROOT) / name).stat().st_size
actor, record = world.actor("clinician"), world.record.pk
genome = add_genome(actor=actor, record=record, upload=StoredUpload(name, "big.vcf.gz", size, "0" * 64))
match_genome(actor=actor, record=record, genome=genome.pk, whose={{"person": "patient"}})
"""


@pytest.mark.skipif("HOOFBEAT_DATABASE" in os.environ, reason="on a database of its own, which others do not share")
def test_a_genome_whose_worker_was_killed_is_read_whole_by_the_next_one(tmp_path: Path) -> None:
    file = tmp_path / "big.vcf.gz"
    write_big_vcf(file, LINES)
    here = Installation(tmp_path / "home")
    assert here.run("migrate").returncode == 0
    here.code(_UPLOADED.format(path=str(file)))
    with working(here) as first:
        until("the file is being read", lambda: asked(here, "state, bytes_read > 0") == ("reading", 1), 60)
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert asked(here, "state, counts") == ("reading", "{}")
    assert rows(here) == 0
    with working(here):
        until("the file is read", lambda: asked(here, "state, bytes_read = size") == ("read", 1), 120)
    assert rows(here) > 0
    assert asked(here, "json_extract(counts, '$.records'), turn") == (LINES // 22 * 22, 1)


@contextmanager
def working(here: Installation) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of the installation, ended at the end."""
    environment = {**here.environment, "DJANGO_SETTINGS_MODULE": "hoofbeat.web.settings"}
    with subprocess.Popen([sys.executable, "-m", "hoofbeat.web.running.worker"], env=environment) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)


def asked(here: Installation, columns: str) -> tuple[object, ...]:
    """Of the one genome."""
    with closing(sqlite3.connect(database(here))) as connection:
        found: tuple[object, ...] = connection.execute(f"SELECT {columns} FROM records_genome").fetchone()
    return found


def rows(here: Installation) -> int:
    """How many variants are kept."""
    with closing(sqlite3.connect(database(here))) as connection:
        found: int = connection.execute("SELECT count(*) FROM records_genomevariant").fetchone()[0]
    return found


def database(here: Installation) -> Path:
    """The file of its database."""
    return next(here.home.rglob("clinic.sqlite3"))
