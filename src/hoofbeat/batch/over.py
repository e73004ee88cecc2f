"""An ordered, streaming map of a function over many items, in processes.

Each process makes its own surroundings once (`setup`): knowledge opened there is mapped from its file, so that its
pages are in memory once however many processes use them. An item that fails is an outcome like any other, and the rest
go on. Processes are started anew (spawn), never forked: a fork copies locks that other threads hold, such as a progress
bar's.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing.synchronize import Event
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Surroundings = TypeVar("Surroundings")

CHUNK = 16  # items sent at a time: some 50 ms of ranking, against which sending costs nothing
_AHEAD = 4  # chunks per process that are under way or done before they are asked for; it bounds the memory
_MAX_ENDED_IN_A_ROW = 3


@dataclass(frozen=True, slots=True)
class Failure:
    """What one item came to grief on: the kind of error, its message, and where in the code (for a log)."""

    kind: str
    what: str
    trace: str = ""


class BatchError(Exception):
    """The processes keep ending before they have done anything."""


def available_cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def over(
    function: Callable[[Surroundings, Item], Result],
    items: Iterable[Item],
    *,
    setup: Callable[[], Surroundings],
    processes: int | None = None,
    progress: Callable[[int], None] = lambda done: None,
    chunk: int = CHUNK,
) -> Generator[tuple[Item, Result | Failure], None, None]:
    """`(item, function(surroundings, item))` per item, in the order of `items`, which are read as results are taken.

    An exception of `function` gives a Failure in place of the result, and so does an item that ends its process (out of
    memory); one of `setup` is raised here. `progress` gets the number of items done. `processes` defaults to the
    available cores; with 1, everything happens in this process. Functions, items and results must be picklable.
    Stopping early, by Ctrl-C or by closing the iterator, ends the processes after the item that each is at.
    """
    number = available_cores() if processes is None else processes
    if number < 1 or chunk < 1:
        raise ValueError("at least one process, and one item in a chunk, are needed")
    outcomes = _here(function, items, setup) if number == 1 else _elsewhere(function, items, setup, number, chunk)
    for done, outcome in enumerate(outcomes, 1):
        progress(done)
        yield outcome


def _here(
    function: Callable[[Surroundings, Item], Result], items: Iterable[Item], setup: Callable[[], Surroundings]
) -> Generator[tuple[Item, Result | Failure], None, None]:
    surroundings = setup()
    for item in items:
        yield item, attempt(function, surroundings, item)


def _elsewhere(
    function: Callable[[Surroundings, Item], Result],
    items: Iterable[Item],
    setup: Callable[[], Surroundings],
    processes: int,
    chunk: int,
) -> Generator[tuple[Item, Result | Failure], None, None]:
    pool = _Pool(function, setup, processes)
    waiting: deque[tuple[Sequence[Item], Future[list[Any]]]] = deque()
    source = iter(items)
    try:
        while True:
            while len(waiting) < _AHEAD * processes and (some := tuple(islice(source, chunk))):
                waiting.append((some, pool.submit(some)))
            if not waiting:
                return
            first, future = waiting.popleft()
            try:
                outcomes = future.result()
            except BrokenProcessPool:
                # One of the chunks under way ended its process, and with it the pool: find out whether this one did.
                pool.restart()
                outcomes = [pool.alone(item) for item in first]
                waiting = deque((later, pool.submit(later)) for later, _ in waiting)
            yield from zip(first, outcomes, strict=True)
    finally:
        pool.stop()


class _Pool:
    """Processes that share a flag telling them to stop, and that can be replaced when one of them has ended."""

    def __init__(self, function: Callable[..., Any], setup: Callable[[], Any], processes: int) -> None:
        self._work = function, setup
        self._processes = processes
        self._context = multiprocessing.get_context("spawn")
        self._ended_in_a_row = 0
        self._start()

    def _start(self) -> None:
        self._stopping = self._context.Event()
        arguments = (*self._work, self._stopping)
        self._executor = ProcessPoolExecutor(self._processes, self._context, initializer=_begin, initargs=arguments)

    def submit(self, items: Sequence[Any]) -> Future[list[Any]]:
        """Have items done; a pool that is broken already gives a future that says so."""
        try:
            with _interrupts_held():
                return self._executor.submit(_do, items)
        except BrokenProcessPool as error:
            broken: Future[list[Any]] = Future()
            broken.set_exception(error)
            return broken

    def alone(self, item: Any) -> Any:
        """The outcome of one item with nothing else under way, so that it alone is to blame if the process ends."""
        try:
            (outcome,) = self.submit((item,)).result()
        except BrokenProcessPool:
            self._ended_in_a_row += 1
            if self._ended_in_a_row >= _MAX_ENDED_IN_A_ROW:
                raise BatchError("the processes keep ending: probably there is not enough memory") from None
            self.restart()
            return Failure("ProcessEnded", "the process ended while it was at this item: probably out of memory")
        self._ended_in_a_row = 0
        return outcome

    def restart(self) -> None:
        """Put new processes in the place of the old ones."""
        self.stop()
        self._start()

    def stop(self) -> None:
        """End all processes, each after the item it is at."""
        self._stopping.set()
        self._executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Start processes with Ctrl-C blocked, which they inherit: it is for this process alone to act on."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass
class _Worker:
    """What a process of the pool works with; `surroundings` holds one value once they are made."""

    function: Callable[[Any, Any], Any]
    setup: Callable[[], Any]
    stopping: Event
    surroundings: list[Any]


_workers: list[_Worker] = []


def _begin(function: Callable[[Any, Any], Any], setup: Callable[[], Any], stopping: Event) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _workers[:] = [_Worker(function, setup, stopping, [])]
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    """A process whose parent was killed would wait for work for ever."""
    parent.join()
    os._exit(1)


def _do(items: Sequence[Any]) -> list[Any]:
    (worker,) = _workers
    if not worker.surroundings:
        worker.surroundings.append(worker.setup())
    outcomes = []
    for item in items:
        if worker.stopping.is_set():
            break
        outcomes.append(attempt(worker.function, worker.surroundings[0], item))
    return outcomes


def attempt(
    function: Callable[[Surroundings, Item], Result], surroundings: Surroundings, item: Item
) -> Result | Failure:
    """The result of one item, or the Failure that it came to."""
    try:
        return function(surroundings, item)
    except Exception as error:
        return Failure(type(error).__name__, str(error), traceback.format_exc())
