"""The `hoofbeat` command: finds the verb, and turns every failure into one clear message and an exit status.

0: done. 2: the call, the input or a place to read or write is wrong; the message says what, where and how to repair it.
1: our fault. 130: stopped by Ctrl-C. 143: ended by a signal to terminate.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Sequence
from typing import NamedTuple, NoReturn

import click

import hoofbeat
from hoofbeat.cli.exit_status import EXIT_INPUT, EXIT_INTERRUPTED, EXIT_OURS, EXIT_TERMINATED

DEBUG_VARIABLE = "HOOFBEAT_DEBUG"


class Verb(NamedTuple):
    """Where a verb's click command is, and the line that `--help` shows for it."""

    module: str
    attribute: str
    help: str


VERBS = {
    "demo": Verb("hoofbeat.cli.demo", "demo_verb", "Rank a published case, and serve a clinic of fictional patients."),
    "serve": Verb("hoofbeat.cli.serve", "serve_verb", "Serve the clinic's application, and do its jobs."),
    "rank": Verb("hoofbeat.cli.rank", "rank_verb", "Rank all rare diseases for a case, and say why."),
    "next": Verb("hoofbeat.cli.next", "next_verb", "Suggest what to ask or do next for a case, and why."),
    "read": Verb("hoofbeat.cli.read", "read_verb", "Find HPO findings in free text, and what is said of them."),
    "benchmark": Verb("hoofbeat.cli.benchmark", "benchmark_verb", "Measure the ranking on solved cases."),
    "reanalyse": Verb("hoofbeat.cli.reanalyse", "reanalyse_verb", "Rank many cases anew, and say what has moved."),
    "knowledge": Verb("hoofbeat.cli.knowledge", "knowledge", "Build, update and inspect the medical knowledge."),
    "user": Verb("hoofbeat.cli.user", "user", "Make the first account of a clinic."),
    "clinic": Verb("hoofbeat.cli.clinic", "clinic", "Look at the clinic's open records again, after new knowledge."),
    "migrate": Verb("hoofbeat.cli.migrate", "migrate_verb", "Bring the database up to date."),
    "backup": Verb("hoofbeat.cli.backup", "backup_verb", "Write everything of an installation to one file."),
    "restore": Verb("hoofbeat.cli.backup", "restore_verb", "Put back what `backup` wrote."),
    "audit": Verb("hoofbeat.cli.audit", "audit", "Check the chain of events."),
    "config": Verb("hoofbeat.cli.config", "config", "Check how this installation is set up."),
}


class _Verbs(click.Group):
    """A group whose commands are imported only when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in the order of the table."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the verb and return its command; None for a verb that does not exist."""
        verb = VERBS.get(cmd_name)
        if verb is None:
            return None
        command = getattr(importlib.import_module(verb.module), verb.attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs from the table, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, verb.help) for name, verb in VERBS.items()])


@click.command(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(hoofbeat.__version__, prog_name="hoofbeat")
def hoofbeat_command() -> None:
    """From unexplained signs to a ranked and explained differential, for rare diseases.

    Never a diagnosis before a clinician confirms it.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit. `arguments` default to those of the process."""
    signal.signal(signal.SIGTERM, _terminated)
    _open_closed_streams()
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def _terminated(number: int, frame: object) -> NoReturn:
    """End like Ctrl-C does: what was half written, and copies of what was read, are removed on the way."""
    sys.exit(EXIT_TERMINATED)


def _open_closed_streams() -> None:
    """Python has None for a standard stream that the caller closed (`>&-`): have it read and write nothing instead."""
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def run(arguments: Sequence[str]) -> int:
    """Run the command line; the exit status."""
    try:
        # Not click's own main(): that would turn a closed pipe into a failure.
        with hoofbeat_command.make_context("hoofbeat", list(arguments)) as context:
            hoofbeat_command.invoke(context)
        sys.stdout.flush()
        return 0
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except (KeyboardInterrupt, click.Abort):
        _say("stopped")
        return EXIT_INTERRUPTED
    except click.ClickException as error:
        _say(_usage_text(error))
        return EXIT_INPUT
    except BrokenPipeError:
        _write_no_more()  # whoever read our output has seen enough
        return 0
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        if isinstance(error, OSError):
            _say(
                f"error: {error.filename or 'standard output or a temporary file'}: {error.strerror or error}\n"
                "  repair: check that the place exists, that you may use it, and that it has room"
            )
            try:
                sys.stdout.flush()
            except OSError:
                _write_no_more()
            return EXIT_INPUT
        if _is_for_the_user(error):
            _say(f"error: {error}")
            return EXIT_INPUT
        if _is_of_the_database(error):
            _say(
                f"error: the database does not answer: {(str(error).splitlines() or ['no details'])[0]}\n"
                "  repair: see to it; another process may hold it for long, or HOOFBEAT_DATABASE name another"
            )
            return EXIT_INPUT
        _say(
            f"error: unexpected {type(error).__name__}: {' '.join(str(error).split()) or 'no details'}\n"
            f"  repair: this is a fault of Hoofbeat; report it with what {DEBUG_VARIABLE}=1 shows"
        )
        return EXIT_OURS


def _write_no_more() -> None:
    """What is left in a buffer of standard output cannot be written, not even when Python closes it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _usage_text(error: click.ClickException) -> str:
    """What is wrong with the call and where its help is; the help itself where nothing was asked for."""
    what = error.format_message()
    if what.startswith("Usage:"):
        return what
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "hoofbeat"
    return f"error: {what}\n  repair: see `{command} --help`"


def _is_for_the_user(error: Exception) -> bool:
    """Whether the message of an error says what is wrong with the input and how to repair it."""
    from hoofbeat.interchange.report import InputError
    from hoofbeat.knowledge.errors import KnowledgeError

    return isinstance(error, InputError | KnowledgeError)


def _is_of_the_database(error: Exception) -> bool:
    """Whether the database went away or stayed locked; only where Django was loaded at all."""
    loaded = sys.modules.get("django.db.utils")
    return loaded is not None and isinstance(error, loaded.OperationalError | loaded.InterfaceError)


def _say(text: str) -> None:
    click.echo(text, err=True)
