"""The pure decision: what a reading means for its document."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from archive.decide import CONFIRM_AFTER, Known, decide
from archive.digest import content_digest, is_boring
from archive.values import Article, Outcome, Reading, Verdict
from tests.archive.builds import NOON, article, reading


def known_of(*contents: Article, identity: str = "one", current: int | None = None) -> Known:
    numbers = {content_digest(content): number for number, content in enumerate(contents, 1)}
    at = current or len(contents)
    return Known(
        numbers=numbers,
        latest=len(contents),
        current_number=at,
        current_digest=content_digest(contents[at - 1]),
        current=contents[at - 1],
        identity=identity,
        suspects={},
    )


def test_the_first_text_is_new() -> None:
    decision = decide(None, reading(article("một")), now=NOON)
    assert decision is not None
    assert (decision.verdict, decision.number) == (Verdict.NEW, 1)


def test_a_known_text_is_seen_and_a_return_names_its_old_number() -> None:
    decision = decide(known_of(article("một"), article("hai")), reading(article("một")), now=NOON)
    assert decision is not None
    assert (decision.verdict, decision.number) == (Verdict.SEEN, 1)


def test_what_lies_beside_the_content_is_no_edit() -> None:
    moved = article("một", section="Thế giới", tags=("nga",))
    decision = decide(known_of(article("một")), reading(moved), now=NOON)
    assert decision is not None
    assert decision.verdict is Verdict.SEEN


def test_an_extractor_that_reads_the_old_payload_the_same_way_makes_no_edit() -> None:
    now_read = article("một đoạn có chú thích")
    decision = decide(known_of(article("một đoạn")), reading(now_read, identity="two"), now=NOON, reread=now_read)
    assert decision is not None
    assert (decision.verdict, decision.number, decision.reextracted) == (Verdict.SEEN, 1, True)


def test_an_edit_is_found_although_the_extractor_changed_too() -> None:
    page_now = article("một đoạn mới có chú thích")
    reread = article("một đoạn có chú thích")
    decision = decide(known_of(article("một đoạn")), reading(page_now, identity="two"), now=NOON, reread=reread)
    assert decision is not None
    assert (decision.verdict, decision.number) == (Verdict.REVISED, 2)


def test_typography_is_boring_and_a_number_is_not() -> None:
    quotes = decide(known_of(article('ông nói "hòa bình"')), reading(article("ông nói “hoà bình”")), now=NOON)
    number = decide(known_of(article("12 người")), reading(article("21 người")), now=NOON)
    assert quotes is not None
    assert number is not None
    assert (quotes.boring, number.boring) == (True, False)


def test_a_suspect_text_waits_ten_minutes() -> None:
    content = article("một")
    seen = {content_digest(content): NOON}
    before = Known(
        numbers={}, latest=0, current_number=0, current_digest="", current=article(""), identity="", suspects=seen
    )
    suspect = reading(content, outcome=Outcome.SUSPECT)
    assert decide(before, suspect, now=NOON + CONFIRM_AFTER - timedelta(seconds=1)) is None
    confirmed = decide(before, suspect, now=NOON + CONFIRM_AFTER)
    assert confirmed is not None
    assert confirmed.confirmed


def test_no_article_gives_no_decision() -> None:
    assert decide(None, Reading(outcome=Outcome.GATED, identity="one"), now=NOON) is None


def test_without_a_reading_to_compare_a_new_extractor_makes_no_edit() -> None:
    known = known_of(article("một đoạn"))
    assert decide(known, reading(article("một đoạn khác"), identity="two"), now=NOON, reread=None) is None


@given(st.text(max_size=80), st.text(max_size=80))
def test_digest_and_boring_never_raise_and_agree(old: str, new: str) -> None:
    one, two = article(old, title=old), article(new, title=new)
    if content_digest(one) == content_digest(two):
        assert not is_boring(one, two)
    assert is_boring(one, two) == is_boring(two, one)
