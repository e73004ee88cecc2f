"""A file that is written in one step: whole or not at all, readable by whom it should be, and nothing beside it."""

from pathlib import Path

import pytest

from hoofbeat.knowledge.one_step import OWN, in_one_step, left_half_written, text_in_one_step


@pytest.mark.parametrize("durable", [True, False])
def test_the_file_is_there_once_it_is_whole(tmp_path: Path, durable: bool) -> None:
    path = tmp_path / "results.txt"
    path.write_text("before", encoding="utf-8")
    with text_in_one_step(path, mode=OWN, durable=durable) as stream:
        stream.write("für\nalle\n")
        assert path.read_text(encoding="utf-8") == "before"
        assert list(left_half_written(path)) != []
    assert path.read_bytes() == "für\nalle\n".encode()
    assert path.stat().st_mode & 0o777 == OWN
    assert list(tmp_path.iterdir()) == [path]


def _half(path: Path, failure: type[BaseException], *, is_text: bool) -> None:
    if is_text:
        with text_in_one_step(path, mode=OWN) as text:
            text.write("half")
            raise failure
    with in_one_step(path, mode=OWN) as stream:
        stream.write(b"half")
        raise failure


@pytest.mark.parametrize("is_text", [True, False])
@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_whatever_interrupts_the_writing_leaves_the_file_that_was_there(
    tmp_path: Path, failure: type[BaseException], is_text: bool
) -> None:
    path = tmp_path / "results.txt"
    path.write_bytes(b"before")
    with pytest.raises(failure):
        _half(path, failure, is_text=is_text)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_long_name_is_no_hindrance(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 250)
    with in_one_step(path, mode=0o644) as stream:
        stream.write(b"whole")
    assert path.read_bytes() == b"whole"


def test_what_cannot_be_encoded_is_the_callers_choice(tmp_path: Path) -> None:
    path = tmp_path / "results.txt"
    with pytest.raises(UnicodeEncodeError), text_in_one_step(path, mode=OWN) as stream:
        stream.write("\ud800")
    with text_in_one_step(path, mode=OWN, errors="replace") as stream:
        stream.write("\ud800")
    assert path.read_bytes() == b"?"
