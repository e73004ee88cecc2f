"""Downloads one file safely: only https (or a plain http mirror that never leaves its host), bounded in size and time,
whole or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import httpx

from hoofbeat.knowledge.errors import KnowledgeError

# Seconds until a connection must stand, and between two pieces of content. Ours: a slow line passes, a dead one does
# not.
CONNECT_SECONDS = 15.0
SILENCE_SECONDS = 60.0
# Seconds for a whole file, so that a server which drips cannot hold an update for ever. Ours.
TOTAL_SECONDS = 1800.0
MAX_REDIRECTS = 5

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_RETRY = "check the connection and try again, or fetch the file yourself and use `hoofbeat knowledge update --from DIR`"

Received = Callable[[int, int | None], None]


def download(
    url: str,
    target: Path,
    *,
    limit: int,
    received: Received = lambda done, total: None,
    client: httpx.Client | None = None,
) -> str:
    """Write the content of `url` to `target` and return the address it finally came from.

    `limit` is the largest size accepted, in bytes; `received` gets the bytes done and, where stated, the total. Raises
    KnowledgeError on any failure; `target` is then removed.
    """
    if client is None:
        with httpx.Client(timeout=httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)) as own:
            return download(url, target, limit=limit, received=received, client=own)
    try:
        with _response(client, url) as response:
            _save(response, target, limit, received)
            return str(response.url)
    except httpx.HTTPError as error:
        target.unlink(missing_ok=True)
        raise KnowledgeError(f"{shown_address(url)}: {_cause(error)}", repair=_RETRY) from error
    except BaseException:
        target.unlink(missing_ok=True)
        raise


@contextmanager
def _response(client: httpx.Client, url: str) -> Iterator[httpx.Response]:
    """The final response, after redirects that the rules of this module allow."""
    here = httpx.URL(url)
    if here.scheme not in {"https", "http"} or not here.host:
        raise KnowledgeError(
            f"{shown_address(url)}: not an address that can be downloaded",
            repair="use an address that begins with https://",
        )
    for _ in range(MAX_REDIRECTS + 1):
        with client.stream("GET", here, follow_redirects=False, headers={"Accept-Encoding": "gzip"}) as response:
            if response.status_code in _REDIRECTS:
                here = _allowed(here, here.join(response.headers.get("Location", "")))
                continue
            if response.status_code != httpx.codes.OK:
                raise KnowledgeError(
                    f"{shown_address(here)}: the server answered {response.status_code} {response.reason_phrase}",
                    repair=_RETRY,
                )
            if response.headers.get("Content-Encoding", "").lower() not in {"", "gzip", "identity"}:
                # Packed twice, a few bytes would fill the memory before they could be counted.
                raise KnowledgeError(
                    f"{shown_address(here)}: the server packs the file in an unknown way", repair=_RETRY
                )
            yield response
            return
    raise KnowledgeError(f"{shown_address(url)}: more than {MAX_REDIRECTS} redirects", repair=_RETRY)


def _allowed(here: httpx.URL, there: httpx.URL) -> httpx.URL:
    """Where a redirect may lead: to any host by https; by plain http only from plain http on the same host and port."""
    same_place = (here.scheme, here.host, here.port) == (there.scheme, there.host, there.port)
    if there.scheme == "https" or same_place:
        return there
    raise KnowledgeError(
        f"{shown_address(here)}: the server redirects to {shown_address(there)}, which is not https",
        repair="use the address of a server that you trust, with https",
    )


def _save(response: httpx.Response, target: Path, limit: int, received: Received) -> None:
    place = shown_address(response.url)
    stated = response.headers.get("Content-Length", "")
    total = int(stated) if stated.isdecimal() and "Content-Encoding" not in response.headers else None
    if total is not None and total > limit:
        raise KnowledgeError(f"{place}: {total:,} bytes, more than the {limit:,} accepted", repair=_RETRY)
    done, deadline = 0, monotonic() + TOTAL_SECONDS
    try:
        with target.open("wb") as stream:
            for piece in response.iter_bytes():
                done += len(piece)
                if done > limit:
                    raise KnowledgeError(f"{place}: more than the {limit:,} bytes accepted", repair=_RETRY)
                if monotonic() > deadline:
                    raise KnowledgeError(f"{place}: not done after {TOTAL_SECONDS:.0f} seconds", repair=_RETRY)
                stream.write(piece)
                received(done, total)
    except OSError as error:
        raise KnowledgeError(
            f"{target}: cannot be written: {error.strerror}", repair="make room and try again"
        ) from error
    if total is not None and done != total:
        raise KnowledgeError(f"{place}: cut off after {done:,} of {total:,} bytes", repair=_RETRY)


def shown_address(url: httpx.URL | str) -> str:
    """An address as messages and knowledge files name it: without the name and password that may stand in it."""
    return re.sub(r"//[^/@]*@", "//", str(url))


def _cause(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    if isinstance(error, httpx.ConnectError):
        return "no connection"
    return f"the transfer failed ({error})" if str(error) else f"the transfer failed ({type(error).__name__})"
