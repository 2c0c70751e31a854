"""Fingerprints: what must survive in them, and what must not matter."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from archive.fingerprint import SCALE, blocks_of, containment, fingerprint, joined, shingle_hashes
from archive.values import Article, Block, Kind

TEXT = "Sáng nay, tại trụ sở ở Hà Nội, 12 người đã ký một bản thoả thuận về nguồn nước cho vùng hạ du sông Hồng."


def article(*texts: str) -> Article:
    return Article(title="Tin", blocks=tuple(Block(kind=Kind.PARAGRAPH, text=text) for text in texts))


def test_normal_form_letter_case_and_tone_placement_do_not_matter() -> None:
    other = unicodedata.normalize("NFD", TEXT.upper().replace("THOẢ", "THỎA"))
    assert fingerprint(article(other)) == fingerprint(article(TEXT))


def test_numbers_and_tones_matter() -> None:
    for before, after in (("12", "21"), ("ký", "kỳ")):
        changed = fingerprint(article(TEXT.replace(before, after)))
        assert changed.whole != fingerprint(article(TEXT)).whole
        assert changed.paragraphs != fingerprint(article(TEXT)).paragraphs


def test_title_and_the_printed_prefix_of_the_lead_are_no_text() -> None:
    one = replace(
        article(TEXT), title="Một", lead="(Báo A) - Mở bài đủ tám tiếng cho một khối.", lead_prefix="(Báo A) - "
    )
    other = replace(article(TEXT), title="Hai", lead="Mở bài đủ tám tiếng cho một khối.")
    assert fingerprint(one) == fingerprint(other)


def test_where_a_paragraph_is_broken_does_not_matter_to_shingles() -> None:
    half = TEXT.index("12")
    assert fingerprint(article(TEXT[:half], TEXT[half:])).shingles == fingerprint(article(TEXT)).shingles


def test_short_blocks_have_no_digest_and_short_texts_no_fingerprint() -> None:
    assert len(fingerprint(article(TEXT, "Theo TTXVN")).paragraphs) == 1
    assert fingerprint(article("Ảnh: TTXVN")).whole is None


def test_one_in_sixteen_is_kept_in_signed_numbers() -> None:
    row = [str(number) for number in range(40_000)]
    hashes = shingle_hashes(row)
    assert len(set(hashes.tolist())) == 39_996
    kept = fingerprint(article(" ".join(row))).shingles
    assert abs(len(kept) - 40_000 / SCALE) < 250
    assert all(-(2**63) <= value < 2**63 for value in kept)


def test_containment_is_the_exact_share() -> None:
    row = joined(blocks_of(article(TEXT)))
    assert containment(row, row) == 1.0
    assert containment(row[:14], row) == 1.0
    assert containment(row, row[:14]) == 10 / (len(row) - 4)
    assert containment(row[:4], row) == 0.0
