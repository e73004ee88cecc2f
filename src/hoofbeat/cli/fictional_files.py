"""Files to try the commands with: a case, a letter, the variants of a trio, solved cases. Nobody in them is real."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from hoofbeat.cli.output import whole_file
from hoofbeat.interchange.report import InputError

SOURCE = Path(str(files("hoofbeat") / "fictional"))


def write_fictional_files(folder: Path) -> list[Path]:
    """Copy them to a folder and return their places. Raises InputError where another file has such a name: nothing is
    then written.
    """
    wanted = {folder / one.relative_to(SOURCE): one.read_bytes() for one in sorted(SOURCE.rglob("*")) if one.is_file()}
    try:
        taken = [path for path, data in wanted.items() if path.exists() and path.read_bytes() != data]
        if taken:
            raise InputError(
                f"{taken[0]}: is there already, and is another file", code="example-there", repair="name another folder"
            )
        for path, data in wanted.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(path) as stream:
                stream.write(data.decode("utf-8"))
    except OSError as error:
        raise InputError(
            f"{folder}: cannot be written: {error.strerror}", code="no-output", repair="name another folder"
        ) from None
    return list(wanted)
