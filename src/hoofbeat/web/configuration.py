"""How one installation is set up, read from the environment once and checked before anything starts.

`HOOFBEAT_OIDC="https://id.example.org client-id client-secret"` lets people sign in through an OpenID Connect provider
of the clinic; it opens accounts that an invitation made and makes none. Its redirect address is
`/sign-in/oidc/clinic/login/callback/`. `HOOFBEAT_OIDC_SECOND_STEP="amr=mfa acr=urn:example:gold"` names what in its
tokens states a second step; without it, staff have one here. `HOOFBEAT_PROXIES=1` says how many reverse proxies stand
in front, so that throttling counts the address of the person and not the proxy's, and that they came over HTTPS is
believed. The proxy must set `X-Forwarded-For` and `X-Forwarded-Proto` itself and pass on neither from outside.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hoofbeat.knowledge.releases import home

DATABASE_VARIABLE = "HOOFBEAT_DATABASE"
HOSTS_VARIABLE = "HOOFBEAT_HOSTS"
DEMO_VARIABLE = "HOOFBEAT_DEMO"
INSECURE_VARIABLE = "HOOFBEAT_PLAIN_HTTP"
MAIL_VARIABLE = "HOOFBEAT_MAIL"
OIDC_VARIABLE = "HOOFBEAT_OIDC"
SECOND_STEP_VARIABLE = "HOOFBEAT_OIDC_SECOND_STEP"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
PROXIES_VARIABLE = "HOOFBEAT_PROXIES"
SECRET_LENGTH = 64


class ConfigurationError(ValueError):
    """A setting that cannot be used; the message names it and says how to repair it."""


@dataclass(frozen=True)
class Database:
    """Where the records are: a file of SQLite, or a PostgreSQL server."""

    engine: str
    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""

    @classmethod
    def of(cls, text: str, folder: Path) -> Database:
        """`postgresql://user:password@host:port/name`, `sqlite:///path`, or nothing: a file in the folder."""
        if not text:
            return cls("sqlite", str(folder / "clinic.sqlite3"))
        parts = urlsplit(text)
        if parts.scheme == "sqlite" and parts.path:
            return cls("sqlite", unquote(parts.path))
        if parts.scheme in ("postgresql", "postgres") and parts.path.strip("/"):
            return cls(
                "postgresql",
                unquote(parts.path.lstrip("/")),
                unquote(parts.username or ""),
                unquote(parts.password or ""),
                unquote(parts.hostname or ""),
                str(parts.port or ""),
            )
        raise ConfigurationError(
            f"{DATABASE_VARIABLE} is no database address: give postgresql://user:password@host:port/name or "
            "sqlite:///path/to/file, or leave it away for a file in Hoofbeat's own folder"
        )


@dataclass(frozen=True)
class Oidc:
    """An OpenID Connect provider: its issuer, and what it knows this installation as."""

    issuer: str
    client: str
    secret: str

    @classmethod
    def of(cls, text: str, *, plain: bool = False) -> Oidc | None:
        """`issuer client-id client-secret`, with spaces between; `plain`: HTTP too, on this machine. Raises
        ConfigurationError.
        """
        if not text.strip():
            return None
        parts = text.split()
        place = urlsplit(parts[0])
        safe = place.scheme == "https" or (plain and place.scheme == "http" and place.hostname in LOOPBACK)
        if len(parts) != 3 or not safe or not place.hostname:
            raise ConfigurationError(
                f"{OIDC_VARIABLE} is not understood: give the provider's https:// address, the client id and the "
                "client secret, with a space between each"
            )
        return cls(parts[0].rstrip("/"), parts[1], parts[2])

    @property
    def origin(self) -> str:
        """Scheme and host of the provider."""
        place = urlsplit(self.issuer)
        return f"{place.scheme}://{place.netloc}"


@dataclass(frozen=True)
class Configuration:
    """The whole set-up. `demo` marks a demonstration: fictional people only, sign-ins printed.

    `plain_http` is for this machine alone (loopback); a clinic is served over HTTPS.
    """

    folder: Path
    database: Database
    hosts: tuple[str, ...]
    demo: bool
    plain_http: bool
    mail: str
    oidc: Oidc | None = None
    oidc_second_step: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    proxies: int = 0

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Configuration:
        """The set-up that environment variables describe. Raises ConfigurationError."""
        folder = home() / ("demo" if _is_on(environment, DEMO_VARIABLE) else "clinic")
        hosts = tuple(host for part in environment.get(HOSTS_VARIABLE, "").split(",") if (host := part.strip()))
        if "*" in "".join(hosts):
            # The link of a letter, or for a new password, leads to the host that was asked for.
            raise ConfigurationError(
                f"{HOSTS_VARIABLE} lets everybody say what this installation is called: give its names, such as "
                "clinic.example.org"
            )
        plain = _is_on(environment, INSECURE_VARIABLE) or _is_on(environment, DEMO_VARIABLE)
        return cls(
            folder=folder,
            database=Database.of(environment.get(DATABASE_VARIABLE, ""), folder),
            hosts=hosts or ("localhost", "127.0.0.1", "[::1]"),
            demo=_is_on(environment, DEMO_VARIABLE),
            plain_http=plain,
            mail=environment.get(MAIL_VARIABLE, ""),
            oidc=Oidc.of(environment.get(OIDC_VARIABLE, ""), plain=plain),
            oidc_second_step=_second_step(environment.get(SECOND_STEP_VARIABLE, "")),
            proxies=_count(environment, PROXIES_VARIABLE),
        )

    @property
    def files(self) -> Path:
        """Where uploaded documents lie, outside everything that a web server serves by itself."""
        return self.folder / "documents"

    def secret(self) -> str:
        """The installation's key, made once and readable by its owner only."""
        path = self.folder / "secret"
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with open(path, "x", encoding="ascii", opener=_private) as file:
                file.write(secrets.token_urlsafe(SECRET_LENGTH))
        except FileExistsError:
            pass
        return path.read_text(encoding="ascii").strip()


def _second_step(text: str) -> dict[str, tuple[str, ...]]:
    """`amr=mfa,otp acr=urn:example:gold`: what in a token of the provider states a second step."""
    found: dict[str, tuple[str, ...]] = {}
    for part in text.split():
        name, _equals, values = part.partition("=")
        named = tuple(one for one in values.split(",") if one)
        if name not in ("amr", "acr") or not named:
            raise ConfigurationError(
                f"{SECOND_STEP_VARIABLE} is not understood at {part!r}: give amr=VALUE,VALUE or acr=VALUE,VALUE, as "
                "the provider's documentation names what it states after a second step"
            )
        found[name] = named
    return found


def _is_on(environment: Mapping[str, str], name: str) -> bool:
    value = environment.get(name, "").strip().lower()
    if value not in ("", "0", "1", "no", "yes", "false", "true"):
        raise ConfigurationError(f"{name} is {value!r}: give 1 or 0")
    return value in ("1", "yes", "true")


def _count(environment: Mapping[str, str], name: str) -> int:
    value = environment.get(name, "").strip() or "0"
    if not value.isdecimal() or int(value) > 9:
        raise ConfigurationError(f"{name} is {value!r}: give how many proxies stand in front, such as 0 or 1")
    return int(value)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
