"""SQL of outlets' names as a reader knows them (`Dân trí`): noted by each crawl, for citations."""

from __future__ import annotations

from urllib.parse import urlsplit

from sqlalchemy import Connection, delete, insert, select

from archive.tables import facts


def note(connection: Connection, outlet: str, name: str) -> None:
    """Note an outlet's name, when it is not noted so."""
    key = f"name:{outlet}"
    if connection.execute(select(facts.c.value).where(facts.c.key == key)).scalar_one_or_none() != name:
        connection.execute(delete(facts).where(facts.c.key == key))
        connection.execute(insert(facts).values(key=key, value=name))


def name_of(connection: Connection, outlet: str, url: str) -> str:
    """Give an outlet's name, or the host of this address of it."""
    said = connection.execute(select(facts.c.value).where(facts.c.key == f"name:{outlet}")).scalar_one_or_none()
    return said or (urlsplit(url).hostname or outlet).removeprefix("www.")
