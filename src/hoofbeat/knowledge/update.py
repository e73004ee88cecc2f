"""Fetches the newest official HPO release with its annotations, genes and cross-references, checks it, and builds it
beside the older ones.

A release in use is never replaced by a worse one: everything is fetched and built in a folder aside, checked, and only
then moved in.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hoofbeat.knowledge.build import BuildReport, build
from hoofbeat.knowledge.download import download, shown_address
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.facts import KNOWLEDGE_FILE
from hoofbeat.knowledge.releases import Release, knowledge_folder, release_folder, status
from hoofbeat.knowledge.sources import FILE_NAMES, REQUIRED, Role, Sources

# Official addresses. `latest/download` of a GitHub repository leads to the files of its newest release.
HPO_RELEASE = "https://github.com/obophenotype/human-phenotype-ontology/releases/latest/download"
ORPHADATA = "https://www.orphadata.com/data/xml"
MONDO_MAPPINGS = "https://purl.obolibrary.org/obo/mondo/mappings"
MAXO_RELEASE = "https://github.com/monarch-initiative/MAxO/releases/latest/download"
MAXO_ANNOTATIONS = "https://github.com/monarch-initiative/maxo-annotations/releases/latest/download"
# A folder on another server that holds the same files under the same names, for sites without access to the ones above.
MIRROR_VARIABLE = "HOOFBEAT_KNOWLEDGE_MIRROR"

ADDRESSES = {
    Role.ONTOLOGY: f"{HPO_RELEASE}/hp.obo",
    Role.ANNOTATIONS: f"{HPO_RELEASE}/phenotype.hpoa",
    Role.GENES_TO_PHENOTYPE: f"{HPO_RELEASE}/genes_to_phenotype.txt",
    Role.GENES_TO_DISEASE: f"{HPO_RELEASE}/genes_to_disease.txt",
    Role.LINKS_ORPHADATA: f"{ORPHADATA}/en_product1.xml",
    Role.LINKS_MONDO: f"{MONDO_MAPPINGS}/mondo.sssom.tsv",
    Role.ACTIONS: f"{MAXO_RELEASE}/maxo.obo",
    Role.OBSERVABILITY: f"{MAXO_ANNOTATIONS}/maxo_diagnostic_annotations.tsv",
}

_MB = 1_000_000
# Largest size accepted, about five times that of 2025. Ours.
LIMITS = {
    Role.ONTOLOGY: 50 * _MB,
    Role.ANNOTATIONS: 200 * _MB,
    Role.GENES_TO_PHENOTYPE: 100 * _MB,
    Role.GENES_TO_DISEASE: 20 * _MB,
    Role.LINKS_ORPHADATA: 250 * _MB,
    Role.LINKS_MONDO: 150 * _MB,
    Role.ACTIONS: 30 * _MB,
    Role.OBSERVABILITY: 30 * _MB,
}
# How each file begins, so that a page of a proxy or a sign-in is told from the file it stands for.
BEGINNINGS: Mapping[Role, tuple[bytes, ...]] = {
    Role.ONTOLOGY: (b"format-version:",),
    Role.ANNOTATIONS: (b"#", b"database_id\t"),
    Role.GENES_TO_PHENOTYPE: (b"ncbi_gene_id\t", b"#"),
    Role.GENES_TO_DISEASE: (b"ncbi_gene_id\t", b"#"),
    Role.LINKS_ORPHADATA: (b"<?xml", b"<JDBOR"),
    Role.LINKS_MONDO: (b"#", b"subject_id\t"),
    Role.ACTIONS: (b"format-version:",),
    Role.OBSERVABILITY: (b"#", b"hpo_id\t"),
}

# A release with fewer annotations than this share of the newest one at hand is taken for damaged. Ours; they grow year
# by year.
MIN_KEPT_SHARE = 0.8

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class UpdateReport:
    """The release that lies ready now; whether it is new; and what optional file could not be had, with the reason."""

    release: str
    path: Path
    is_new: bool
    left_out: tuple[str, ...]


def addresses() -> dict[Role, str]:
    """Where each file is fetched from: the official address, or the mirror that the environment names."""
    mirror = os.environ.get(MIRROR_VARIABLE, "").rstrip("/")
    return {role: f"{mirror}/{FILE_NAMES[role]}" if mirror else address for role, address in ADDRESSES.items()}


def update(*, folder: Path | None = None, progress: Progress = lambda what, share: None) -> UpdateReport:
    """Fetch the newest release (or take the files of `folder`), check it and build it beside the others.

    Raises KnowledgeError where it cannot be had, is not what it should be, or looks damaged; what was there before is
    then unchanged.
    """
    aside = _aside()
    try:
        if folder is None:
            sources, left_out = _fetched(aside, lambda what, share: progress(what, 0.6 * share))
        else:
            sources, left_out = Sources.in_folder(folder), ()
        for role, path in sources.paths.items():
            _check_beginning(role, path)
        started = 0.0 if folder else 0.6
        report = build(
            sources, aside / "built", progress=lambda what, share: progress(what, started + (1 - started) * share)
        )
        _check_release(report)
        return _moved_in(report, left_out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _aside() -> Path:
    """A fresh folder on the same disk as the releases."""
    try:
        knowledge_folder().mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(dir=knowledge_folder(), prefix=".update-"))
    except OSError as error:
        raise KnowledgeError(
            f"{knowledge_folder()}: cannot be written: {error.strerror}",
            repair="allow writing there, or name another folder in HOOFBEAT_HOME",
        ) from error


def _fetched(aside: Path, progress: Progress) -> tuple[Sources, tuple[str, ...]]:
    """Download every file; those that are not required may fail."""
    paths: dict[Role, Path] = {}
    origins: dict[Role, str] = {}
    left_out: list[str] = []
    places = addresses()
    for number, (role, address) in enumerate(places.items()):
        name = FILE_NAMES[role]

        def received(done: int, total: int | None, name: str = name, number: int = number) -> None:
            share = min(done / total, 1.0) if total else 0.5
            progress(f"Fetching {name} ({done / _MB:.0f} MB)", (number + share) / len(places))

        progress(f"Fetching {name}", number / len(places))
        try:
            download(address, aside / name, limit=LIMITS[role], received=received)
            _check_beginning(role, aside / name)
        except KnowledgeError as error:
            if role in REQUIRED:
                raise
            left_out.append(error.what)
            continue
        paths[role], origins[role] = aside / name, shown_address(address)
    return Sources(paths, origins), tuple(left_out)


def _check_beginning(role: Role, path: Path) -> None:
    expected = BEGINNINGS.get(role)
    if expected is None:
        return
    with path.open("rb") as stream:
        start = stream.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
        stream.seek(max(path.stat().st_size - 1, 0))
        last = stream.read(1)
    if not start.startswith(expected):
        looks = "a web page" if start[:1] == b"<" else "something else"
        raise KnowledgeError(
            f"{path.name}: the file received is {looks}, it begins with {start[:30]!r}",
            repair="a proxy or sign-in page may stand between; fetch the files yourself and use --from DIR",
        )
    if role not in {Role.LINKS_ORPHADATA} and last != b"\n":
        raise KnowledgeError(f"{path.name}: cut off: its last line has no end", repair="try again")


def _check_release(report: BuildReport) -> None:
    """The files must be of one release, and not much less than what is there already."""
    ontology, annotations = report.manifest["ontology_release"], report.manifest["annotation_release"]
    mixed = [warning for warning in report.manifest["report"]["warnings"] if "was made with HPO" in warning]
    if mixed or "unknown" in {ontology, annotations}:
        raise KnowledgeError(
            mixed[0] if mixed else f"no release date in {'hp.obo' if ontology == 'unknown' else 'phenotype.hpoa'}",
            repair="fetch hp.obo, phenotype.hpoa and genes_to_phenotype.txt of one release",
        )
    newest = _newest()
    if newest is not None:
        before, now = newest.manifest["counts"]["rows"], report.manifest["counts"]["rows"]
        if now < MIN_KEPT_SHARE * before:
            raise KnowledgeError(
                f"release {report.release} has {now:,} annotations, {newest.name} has {before:,}: it looks damaged",
                repair="nothing was changed; if it is right, use `hoofbeat knowledge build --from DIR`",
            )


def _newest() -> Release | None:
    """The newest exact release that can be used."""
    return next((release for release in status().releases if not release.is_approximate), None)


def _moved_in(report: BuildReport, left_out: tuple[str, ...]) -> UpdateReport:
    """Put the built file in its place in one step, unless the very same is there."""
    target = release_folder(report.release) / KNOWLEDGE_FILE
    if target.is_file() and filecmp.cmp(target, report.path, shallow=False):
        return UpdateReport(report.release, target, False, left_out)
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(report.path, target)
    return UpdateReport(report.release, target, True, left_out)
