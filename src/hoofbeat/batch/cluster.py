"""The same ordered, streaming map as `over`, on a Dask cluster: for a country's cases.

Needs the extra `cluster`. The workers must see knowledge and library under the same paths as this process, with the
same content; each makes its surroundings once.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

import distributed

from hoofbeat.batch.over import CHUNK, Failure, attempt
from hoofbeat.interchange.report import InputError, shown

Item = TypeVar("Item")
Result = TypeVar("Result")
Surroundings = TypeVar("Surroundings")

_AHEAD = 4  # chunks per thread of the cluster that are under way: it bounds the memory here
_CONNECT_SECONDS = 10


def over_cluster(
    function: Callable[[Surroundings, Item], Result],
    items: Iterable[Item],
    *,
    setup: Callable[[], Surroundings],
    address: str,
    progress: Callable[[int], None] = lambda done: None,
    chunk: int = CHUNK,
) -> Generator[tuple[Item, Result | Failure], None, None]:
    """As `over`, on the cluster whose scheduler is at `address` (tcp://host:port). A worker that is lost has its items
    done by another. Raises InputError where no cluster answers, and what `setup` raises.
    """
    connect: Any = distributed.Client
    try:
        client = connect(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(
            f"no Dask scheduler answers at {shown(address)}: {type(error).__name__}",
            code="no-cluster",
            repair="start one (`dask scheduler`, `dask worker`), or leave --cluster away",
        ) from None
    try:
        threads = sum(client.nthreads().values())
        if not threads:
            raise InputError(
                f"the cluster at {shown(address)} has no worker", code="no-cluster", repair="start some: `dask worker`"
            )
        work = pickle.dumps((function, setup))
        source = iter(items)
        waiting: deque[tuple[Sequence[Item], Any]] = deque()
        done = 0
        while True:
            while len(waiting) < _AHEAD * threads and (some := tuple(islice(source, chunk))):
                waiting.append((some, client.submit(_do, work, some, pure=False)))
            if not waiting:
                return
            first, future = waiting.popleft()
            for item, outcome in zip(first, _outcomes(future, first), strict=True):
                done += 1
                progress(done)
                yield item, outcome
    finally:
        client.close()


def _outcomes(future: Any, items: Sequence[Any]) -> list[Any]:
    """What came of a chunk; where it ended its worker again and again, each of its items is a failure."""
    try:
        return list(future.result())
    except distributed.KilledWorker:
        return [Failure("ProcessEnded", "its worker ended: probably out of memory")] * len(items)


@lru_cache(maxsize=2)
def _made(work: bytes) -> tuple[Callable[[Any, Any], Any], Any]:
    """The function and its surroundings, kept from one chunk to the next."""
    function, setup = pickle.loads(work)  # from the process that started this work
    return function, setup()


def _do(work: bytes, items: Sequence[Any]) -> list[Any]:
    function, surroundings = _made(work)
    return [attempt(function, surroundings, item) for item in items]
