"""Text encoded once too much, and letters that no decoding gives back."""

import pytest

from archive.values import Outcome
from pipeline.extract import extract
from pipeline.outlet import load_outlets
from tests.pipeline.making import TEXT, capture, page

DANTRI = load_outlets()["dantri"]
BODY = f"<p>{TEXT}</p><p>{TEXT}</p>"


def misread(text: str) -> str:
    """Give the text as UTF-8 read as windows-1252."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize("times", [1, 2, 3])
def test_text_encoded_too_often_is_read_all_the_same(times: int) -> None:
    sent = page(BODY)
    for _ in range(times):
        sent = misread(sent)
    read = extract(capture(sent), DANTRI).article
    assert read is not None
    assert [block.text for block in read.blocks] == [TEXT, TEXT]


def test_a_text_with_a_lost_letter_waits_to_be_seen_again() -> None:
    sent = page(BODY).encode().replace("hội".encode(), b"h\xe1\xbbi", 1)
    reading = extract(capture(sent), DANTRI)
    assert (reading.outcome, reading.reason) == (Outcome.SUSPECT, "letters lost in decoding: 1")


def test_a_text_whose_letters_are_lost_is_none() -> None:
    sent = page(BODY).encode().decode("cp1258", "replace")
    reading = extract(capture(sent), DANTRI)
    assert (reading.outcome, reading.article) == (Outcome.EXTRACT_FAILED, None)
