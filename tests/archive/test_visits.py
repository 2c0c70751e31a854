"""The next visit of what was filed: of a doubtful page that is believed, and of one that is not yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from archive import links
from archive.decide import decide
from archive.entry import Entry
from archive.filing import Filing
from archive.tables import links as table
from archive.times import from_us
from archive.values import Link, Outcome
from tests.archive.builds import NAME, NOON, URL, article, capture, filing, reading

LINK = Link(outlet="dantri", url=URL)


def visit(at: Filing, now: datetime) -> tuple[timedelta, str]:
    """File a page whose reading is always suspect; give the wait until the next visit, and the ETag kept."""
    read = reading(article(), outcome=Outcome.SUSPECT)
    decision = decide(at.known(NAME, url=URL, identity=read.identity), read, now=now)
    taken = replace(capture(now, outcome=Outcome.SUSPECT), headers=(("ETag", '"1"'),))
    at.file(Entry(capture=taken, link=LINK, now=now, reading=read, decision=decision, document=NAME, url=URL))
    with at.folder.read() as connection:
        row = connection.execute(select(table.c.next_visit, table.c.etag)).one()
    return from_us(row.next_visit) - now, row.etag


def test_a_doubtful_page_is_asked_soon_until_it_is_believed_then_by_the_ladder(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        with at.folder.write() as connection:
            links.add(connection, [LINK], NOON)
        assert visit(at, NOON) == (timedelta(minutes=15), "")
        confirmed = NOON + timedelta(minutes=15)
        assert visit(at, confirmed) == (timedelta(minutes=15), '"1"')
        assert visit(at, confirmed + timedelta(hours=3)) == (timedelta(hours=21), '"1"')
