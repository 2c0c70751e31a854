"""What our WARC files tell: whatever is damaged, nothing untrue is told, and all that is whole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.entry import chain_of
from archive.retold import Lost, Retold, retell
from tests.archive.builds import article, file, filing

MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("archive")
    with filing(path) as at:
        for number, text in enumerate(("một", "một", "hai", "ba")):
            file(at, article(f"{text} và một câu dài hơn một chút"), after=number * MINUTE, body=text.encode() * 90)
    return next((path / "warc" / "dantri").glob("*.warc.gz")).read_bytes()


def told(path: Path, data: bytes) -> list[Retold | Lost]:
    file = path / "a.warc.gz"
    file.write_bytes(data)
    return list(retell(file, "dantri/a.warc.gz"))


def test_a_whole_file_tells_every_capture(whole: bytes, tmp_path: Path) -> None:
    found = told(tmp_path, whole)
    assert [one.facts["number"] for one in found if isinstance(one, Retold)] == [1, 1, 2, 3]
    assert sum(one.place.length for one in found if isinstance(one, Retold)) < len(whole)


def test_reading_goes_on_where_it_was(whole: bytes, tmp_path: Path) -> None:
    first, *rest = told(tmp_path, whole)
    assert isinstance(first, Retold)
    end = first.place.offset + first.place.length
    assert list(retell(tmp_path / "a.warc.gz", "dantri/a.warc.gz", end)) == rest


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 255))
def test_a_flipped_byte_costs_one_capture_at_most(
    whole: bytes, tmp_path_factory: pytest.TempPathFactory, at: int, flip: int
) -> None:
    data = bytearray(whole)
    data[at % len(data)] ^= flip
    found = told(tmp_path_factory.mktemp("flipped"), bytes(data))
    kept = [one for one in found if isinstance(one, Retold)]
    assert len(kept) >= 3
    assert all(chain_of(one.facts) == one.filed["chain"] for one in kept)
    originals = told(tmp_path_factory.mktemp("original"), whole)
    facts = [one.facts for one in originals if isinstance(one, Retold)]
    assert all(one.facts in facts for one in kept)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 10**6))
def test_a_cut_file_tells_what_was_whole(whole: bytes, tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    end = len(whole) - cut % len(whole)
    found = told(tmp_path_factory.mktemp("cut"), whole[:end])
    kept = [one for one in found if isinstance(one, Retold)]
    assert all(one.place.offset + one.place.length <= end for one in kept)
    assert kept == told(tmp_path_factory.mktemp("original"), whole)[: len(kept)]
