"""The replica's stories: enough of them, told by every era, and none borrowing a sentence from another."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from archive.text import squash
from archive.values import Article
from tests.replica import stories
from tests.replica.stories import ERAS, Story, StoryArticle, load

STORIES = load()
ARTICLES = [article for story in STORIES for article in story.articles]
LATE = datetime(2027, 1, 1, tzinfo=UTC)
WHOLE = """story = "mot-chuyen"

[[article]]
outlet = "laodong"
era = "2022"
slug = "mot-chuyen"
section = "xa-hoi"
published = 2026-11-18T08:00:00+07:00
title = "Một chuyện"
lead = "Chuyện kể trong một câu."
blocks = [{ kind = "paragraph", text = "Có 12 người." }, { kind = "paragraph", text = "Hết." }]
removed_after = "26h"

[[article.edit]]
after = "90m"
what = "number"
replace = [["12 người", "21 người"]]
drop = ["Hết."]
append = [{ kind = "quote", text = "Chưa hết." }]
touch_modified = false
"""


def sentences(article: Article) -> set[str]:
    """Give the sentences of at least six syllables, normalised: lower case, syllables only."""
    whole = [article.lead, *(block.text for block in article.blocks)]
    parts = (part for text in whole for part in re.split(r"[.!?…](?=\s|$)", text))
    syllables = (re.findall(r"\w+", squash(part).lower()) for part in parts)
    return {" ".join(words) for words in syllables if len(words) >= 6}


def told(article: StoryArticle) -> set[str]:
    """Give the sentences of every state of an article."""
    times = [article.published + edit.after for edit in article.edits]
    return sentences(article.first).union(*(sentences(state) for time in times if (state := article.at(time))))


def one(folder: Path, text: str) -> StoryArticle:
    """Load the one article of the one story that this text tells."""
    (folder / "mot-chuyen.toml").write_text(text, encoding="utf-8")
    [story] = load(folder)
    [article] = story.articles
    return article


def test_there_are_at_least_sixty_articles() -> None:
    assert len(ARTICLES) >= 60


def test_every_era_tells_at_least_two_articles() -> None:
    counts = Counter((article.outlet, article.era) for article in ARTICLES)
    assert {(outlet, era) for outlet, eras in ERAS.items() for era in eras} == {
        era for era in counts if counts[era] >= 2
    }


def test_articles_are_of_a_newspaper_s_length() -> None:
    short = [a.slug for a in ARTICLES if not 6 <= len(a.first.blocks) <= 16 or len(sentences(a.first)) < 6]
    assert short == []


def test_two_different_stories_share_no_sentence() -> None:
    homes: dict[str, set[str]] = defaultdict(set)
    for story in STORIES:
        for sentence in set().union(*(told(article) for article in story.articles)):
            homes[sentence].add(story.name)
    assert {sentence: names for sentence, names in homes.items() if len(names) > 1} == {}


@pytest.mark.parametrize("story", [s for s in STORIES if len(s.articles) >= 4], ids=lambda story: story.name)
def test_reprints_of_one_story_share_sentences(story: Story) -> None:
    """Every reprint of a story carried by four outlets or more takes at least three sentences from another one."""
    shared = {article.slug: 0 for article in story.articles}
    for one_of, other in combinations(story.articles, 2):
        count = len(sentences(one_of.first) & sentences(other.first))
        shared[one_of.slug], shared[other.slug] = max(shared[one_of.slug], count), max(shared[other.slug], count)
    assert min(shared.values()) >= 3


def test_two_wire_stories_at_least_are_carried_by_four_outlets() -> None:
    assert sum(len({article.outlet for article in story.articles}) >= 4 for story in STORIES) >= 2


def test_every_edit_changes_the_text() -> None:
    for article in ARTICLES:
        states = [article.first, *(article.at(article.published + edit.after) for edit in article.edits)]
        texts = [(state.title, state.lead, state.blocks, state.source_line) for state in states if state]
        assert all(old != new for old, new in pairwise(texts)), article.slug


def test_the_stories_hold_silent_edits_and_removals() -> None:
    assert sum(not edit.touch_modified for article in ARTICLES for edit in article.edits) >= 2
    assert sum(article.removed_at(LATE) for article in ARTICLES) >= 2


def test_an_article_follows_the_clock(tmp_path: Path) -> None:
    article = one(tmp_path, WHOLE)
    before, edited = (article.at(article.published + timedelta(minutes=m)) for m in (89, 90))
    assert article.at(article.published - timedelta(seconds=1)) is None
    assert before is not None and [b.text for b in before.blocks] == ["Có 12 người.", "Hết."]
    assert edited is not None and [b.text for b in edited.blocks] == ["Có 21 người.", "Chưa hết."]


def test_a_silent_edit_leaves_the_modified_time_alone(tmp_path: Path) -> None:
    assert one(tmp_path, WHOLE).modified_at(LATE) == datetime(2026, 11, 18, 1, tzinfo=UTC)
    loud = one(tmp_path, WHOLE.replace("touch_modified = false", "touch_modified = true"))
    assert loud.modified_at(LATE) == datetime(2026, 11, 18, 2, 30, tzinfo=UTC)


def test_a_removed_article_is_told_apart(tmp_path: Path) -> None:
    article = one(tmp_path, WHOLE)
    assert not article.removed_at(article.published + timedelta(hours=25))
    assert article.removed_at(article.published + timedelta(hours=26))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('era = "2022"', 'era = "1999"', "no era '1999'"),
        ('era = "2022"', 'epoch = "2022"', "keys missing"),
        ('lead = "', 'note = "a"\nlead = "', "unknown keys"),
        ('"xa-hoi"', '"linh-tinh"', "no section"),
        ('slug = "mot-chuyen"', 'slug = "một chuyện"', "slug"),
        ("2026-11-18T08:00:00+07:00", "2026-12-18T08:00:00+07:00", "outside"),
        ("2026-11-18T08:00:00+07:00", "2026-11-18T08:00:00", "offset-naive"),
        ('[["12 người"', '[["13 người"', "nothing to replace"),
        ('drop = ["Hết."]', 'drop = ["Hết rồi."]', "no block to drop"),
        ('what = "number"', 'what = "colour"', "no kind of edit"),
        ('after = "90m"', 'after = "soon"', "no length of time"),
        ('kind = "quote"', 'kind = "poem"', "poem"),
        ('"Một chuyện"', '"Một  chuyện"', "not squashed"),
        ('story = "mot-chuyen"', 'story = "chuyen-khac"', "wanted 'mot-chuyen'"),
        ('story = "mot-chuyen"', "story = ", "Invalid value"),
    ],
)
def test_a_story_with_a_fault_names_its_file(tmp_path: Path, old: str, new: str, reason: str) -> None:
    with pytest.raises(ValueError, match=rf"mot-chuyen\.toml.*{re.escape(reason)}"):
        one(tmp_path, WHOLE.replace(old, new))


def test_two_articles_of_an_outlet_share_no_slug(tmp_path: Path) -> None:
    (tmp_path / "chuyen-hai.toml").write_text(
        WHOLE.replace('story = "mot-', 'story = "chuyen-hai" # '), encoding="utf-8"
    )
    with pytest.raises(ValueError, match="is taken in"):
        one(tmp_path, WHOLE)


def test_durations_are_minutes_hours_or_days() -> None:
    assert [stories.duration(text) for text in ("90m", "2h", "1d")] == [
        timedelta(minutes=90),
        timedelta(hours=2),
        timedelta(days=1),
    ]
