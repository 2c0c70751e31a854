"""The replica's stories filed without a crawl: each article at each of its states, minutes after the outlet made it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from archive import crawls
from archive.filing import Filing
from archive.folder import Folder
from tests.archive.builds import NOON, file
from tests.replica.stories import Story, StoryArticle, load

#: Minutes after which a crawl sees what an outlet has made.
SEEN = timedelta(minutes=10)


def name_of(article: StoryArticle) -> str:
    return f"{article.outlet}:{article.slug}"


def tell(path: Path, *names: str) -> None:
    """File all states of these stories (of all, when none is named), outlet by outlet, each in order of time."""
    stories = [story for story in load() if not names or story.name in names]
    by_outlet: dict[str, list[tuple[datetime, StoryArticle]]] = {}
    for article in (article for story in stories for article in story.articles):
        times = [article.published, *(article.published + edit.after for edit in article.edits)]
        by_outlet.setdefault(article.outlet, []).extend((time + SEEN, article) for time in times)
    for outlet, states in by_outlet.items():
        with Folder.open(path, create=True) as folder, folder.lock_outlet(outlet):
            with folder.write() as connection:
                crawl = crawls.begin(connection, outlet, batch="told", via=None, now=NOON)
            filing = Filing(folder, outlet=outlet, crawl_id=crawl, batch="told")
            for at, article in sorted(states, key=lambda state: state[0]):
                text = article.at(at)
                assert text is not None
                url = f"https://{outlet}.vn/{article.slug}.htm"
                file(filing, text, after=at - NOON, document=name_of(article), url=url)


def story(name: str) -> Story:
    return next(one for one in load() if one.name == name)
