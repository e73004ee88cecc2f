"""`hoofbeat user add`: the first account of a clinic; everybody else is invited in the application."""

from __future__ import annotations

import sys

import click

from hoofbeat.interchange.report import InputError

_ROLES = ("administrator", "clinician", "counsellor", "coordinator", "researcher")
_LANGUAGES = ("en", "de")


@click.group("user")
def user() -> None:
    """Accounts of people who work in a clinic."""


@user.command("add")
@click.option("--clinic", required=True, metavar="NAME", help="The clinic; founded where there is none of this name.")
@click.option("--name", required=True, metavar="NAME", help="The person's name.")
@click.option("--email", required=True, metavar="ADDRESS", help="What they sign in with.")
@click.option("--role", type=click.Choice(_ROLES), default=_ROLES[0], show_default=True, help="What they are there.")
@click.option(
    "--language", type=click.Choice(_LANGUAGES), default=_LANGUAGES[0], show_default=True, help="Of their pages."
)
def add_verb(clinic: str, name: str, email: str, role: str, language: str) -> None:
    """Make an account, by default an administrator's, who then invites the others.

    The password is asked for in the terminal, or read as the first line of standard input. The second factor is set up
    at the first sign-in.
    """
    from hoofbeat.web.running.start import need_tables, start

    start()
    need_tables()
    from hoofbeat.web.access.actions.installation import add_staff_account
    from hoofbeat.web.access.roles import Role
    from hoofbeat.web.records.actions.change import RefusedError

    try:
        made = add_staff_account(
            clinic=clinic, name=name, email=email, password=_password(), role=Role(role), language=language
        )
    except RefusedError as error:
        where = "the password" if error.field == "password" else f"--{error.field}"
        raise InputError(error.message, code="refused", repair=f"change {where}") from None
    click.echo(f"{made.email} is {role} of {clinic.strip()}; a second factor is set up at the first sign-in")


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")
