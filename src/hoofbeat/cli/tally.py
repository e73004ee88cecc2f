"""How many inputs of a call could be done and how many could not, and the exit status that follows."""

from __future__ import annotations

import click

from hoofbeat.cli.exit_status import EXIT_INPUT
from hoofbeat.cli.output import Output, is_folder


class Tally:
    """The count of one call over many inputs. `verb` is what was done to each: ranked, read."""

    def __init__(self, verb: str, *, form: str, out: str | None) -> None:
        self.done = self.failed = 0
        self._verb = verb
        # In one stream of JSON lines also what failed has its line; a folder has a file per result and no place for it.
        self._lines_out = form == "json" and not (out is not None and is_folder(out, page=False))

    @property
    def tried(self) -> int:
        """How many inputs were met, done or not."""
        return self.done + self.failed

    def refuse(self, output: Output, *, file: str, error: str, **named: str | None) -> None:
        """Say on standard error what could not be done; among JSON lines also as its line, with what is `named`."""
        self.failed += 1
        click.echo(f"error: {file}: {error}", err=True)
        if self._lines_out:
            from hoofbeat.cli.presentation.json_lines import failure_line

            said = "; ".join(line.strip() for line in error.splitlines())
            output.put("", failure_line(**named, file=file, error=said) + "\n")

    def stop_if_nothing_to_write(self) -> None:
        """End with status 2 where there is no result, so that none takes the place of an earlier one."""
        if not self.done and not self._lines_out:
            raise click.exceptions.Exit(EXIT_INPUT)

    def finish(self) -> None:
        """End with status 2 where nothing could be done; else say how much could not."""
        if not self.done:
            raise click.exceptions.Exit(EXIT_INPUT)
        if self.failed:
            click.echo(f"{self.done:,} {self._verb}, {self.failed:,} could not be", err=True)
