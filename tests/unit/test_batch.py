"""Many items in processes: their order, their failures, and how it ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

import pytest

from hoofbeat.batch import BatchError, Failure, available_cores, over
from tests.conftest import ROOT


@dataclass(frozen=True)
class Surroundings:
    process: int
    factor: int


def ten() -> Surroundings:
    return Surroundings(os.getpid(), 10)


def broken_setup() -> Surroundings:
    raise OSError("no knowledge here")


def times(surroundings: Surroundings, item: int) -> int:
    return surroundings.factor * item


def times_but_not_three(surroundings: Surroundings, item: int) -> int:
    if item % 10 == 3:
        raise ValueError(f"{item} ends in three")
    return surroundings.factor * item


def where(surroundings: Surroundings, item: int) -> tuple[int, int]:
    return surroundings.process, os.getpid()


def slower_first(surroundings: Surroundings, item: int) -> int:
    time.sleep(0.05 if item == 0 else 0)
    return item


def die_at_seven(surroundings: Surroundings, item: int) -> int:
    if item == 7:
        os._exit(9)
    return item


def die(surroundings: Surroundings, item: int) -> int:
    os._exit(9)


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_the_order_of_the_items(processes: int) -> None:
    outcomes = list(over(times, range(100), setup=ten, processes=processes, chunk=3))
    assert outcomes == [(item, 10 * item) for item in range(100)]


def test_a_slow_item_does_not_change_the_order() -> None:
    assert [item for item, _ in over(slower_first, range(20), setup=ten, processes=2, chunk=1)] == list(range(20))


@pytest.mark.parametrize("processes", [1, 2])
def test_an_item_that_fails_is_told_and_the_rest_go_on(processes: int) -> None:
    outcomes = dict(over(times_but_not_three, range(20), setup=ten, processes=processes, chunk=4))
    failed = {item: outcome for item, outcome in outcomes.items() if isinstance(outcome, Failure)}
    assert {item: (failure.kind, failure.what) for item, failure in failed.items()} == {
        3: ("ValueError", "3 ends in three"),
        13: ("ValueError", "13 ends in three"),
    }
    assert "times_but_not_three" in failed[3].trace
    assert outcomes[4] == 40


def test_each_process_makes_its_surroundings_once() -> None:
    outcomes = [outcome for _, outcome in over(where, range(60), setup=ten, processes=2, chunk=2)]
    assert all(not isinstance(one, Failure) and one[0] == one[1] != os.getpid() for one in outcomes)
    assert 1 <= len(set(outcomes)) <= 2


@pytest.mark.parametrize("processes", [1, 2])
def test_surroundings_that_cannot_be_made_are_an_error_of_the_whole(processes: int) -> None:
    with pytest.raises(OSError, match="no knowledge here"):
        list(over(times, range(3), setup=broken_setup, processes=processes))


def test_an_item_that_ends_its_process_fails_alone() -> None:
    outcomes = dict(over(die_at_seven, range(30), setup=ten, processes=2, chunk=4))
    assert isinstance(outcomes[7], Failure)
    assert outcomes[7].kind == "ProcessEnded"
    assert [item for item, outcome in outcomes.items() if outcome != item] == [7]


def test_processes_that_always_end_are_given_up() -> None:
    with pytest.raises(BatchError, match="memory"):
        list(over(die, range(30), setup=ten, processes=2, chunk=4))


@pytest.mark.parametrize("processes", [1, 2])
def test_items_are_read_only_as_results_are_taken(processes: int) -> None:
    read = []

    def endless() -> Iterator[int]:
        for item in count():
            read.append(item)
            yield item

    with closing(over(times, endless(), setup=ten, processes=processes, chunk=2)) as outcomes:
        assert [outcome for _, outcome in islice(outcomes, 5)] == [0, 10, 20, 30, 40]
    assert len(read) < 40


def test_progress_is_told_after_each_item() -> None:
    told: list[int] = []
    list(over(times, range(5), setup=ten, processes=1, progress=told.append))
    assert told == [1, 2, 3, 4, 5]


def test_nothing_gives_nothing() -> None:
    assert list(over(times, [], setup=ten, processes=2)) == []


@pytest.mark.parametrize(("processes", "chunk"), [(0, 1), (1, 0)])
def test_a_number_that_makes_no_sense_is_refused(processes: int, chunk: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        list(over(times, [1], setup=ten, processes=processes, chunk=chunk))


def test_at_least_one_core_is_available() -> None:
    assert 1 <= available_cores() <= (os.cpu_count() or 1)


PROGRAM = """
import signal, time
from hoofbeat.batch import over

def setup():
    return None

def slow(nothing, item):
    time.sleep(0.05)
    return item

if __name__ == "__main__":
    # A job that a script started in the background inherits "ignore".
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        for item, outcome in over(slow, range(100_000), setup=setup, processes=2, chunk=4):
            print(item, flush=True)
    except KeyboardInterrupt:
        print("stopped", flush=True)
"""


def children(process: int) -> set[int]:
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == process:
            found.add(int(stat.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see other processes")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_no_process_and_no_noise_is_left_behind(tmp_path: Path, sign: signal.Signals) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    own = subprocess.Popen(
        [sys.executable, str(program)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )
    assert own.stdout is not None
    assert own.stdout.readline() == "0\n"
    started = children(own.pid)
    # As a terminal does it: to every process of the group.
    if sign is signal.SIGINT:
        os.killpg(own.pid, sign)
    else:
        own.kill()
    watchdog = threading.Timer(30, own.kill)
    watchdog.start()
    out, err = own.communicate()
    watchdog.cancel()
    if sign is signal.SIGINT:
        assert out.splitlines()[-1] == "stopped"
        assert own.returncode == 0
        assert err == ""
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{one}").exists() for one in started) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [one for one in started if Path(f"/proc/{one}").exists()]
