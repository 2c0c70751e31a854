"""Decisions on readings: of all outlets at once, in one moment, whatever the process dies of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import announced, decisions, readings
from archive.decisions import Proposal, decide, settle
from archive.dump import canonical_dump
from archive.folder import Folder
from archive.readings import Accepted
from archive.tables import extractions
from tests.archive.builds import NOON, article, file, filing, problems_of

OUTLETS = ("dantri", "laodong")


class Killed(BaseException):
    """Stands for a process that is no more."""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    for outlet in OUTLETS:
        with filing(tmp_path, outlet=outlet) as at:
            file(at, article("một"), document=f"{outlet}:1", url=f"https://{outlet}.vn/1.htm")
    return tmp_path


def proposals() -> list[Proposal]:
    def row(outlet: str) -> Accepted:
        return Accepted(document=f"{outlet}:1", number=1, identity="new", template="t", digest="d")

    return [Proposal(outlet=outlet, identities=frozenset({"new"}), rows=[row(outlet)]) for outlet in OUTLETS]


def identities(path: Path) -> list[str]:
    with Folder.open(path) as folder, folder.read() as connection:
        return list(connection.execute(select(extractions.c.identity).order_by(extractions.c.id)).scalars())


def die(*_: object, **__: object) -> None:
    raise Killed


def die_after(real: Callable[..., object]) -> Callable[..., None]:
    def once(*args: object, **kwargs: object) -> None:
        real(*args, **kwargs)
        raise Killed

    return once


#: Where the process dies, and whether that is before or after the decision is made.
MOMENTS = {
    "the first file written": (readings, "fsync_folder", die_after(readings.fsync_folder), False),
    "the announcement begun": (announced, "announce", die, False),
    "the announcement made": (announced, "announce", die_after(announced.announce), True),
    "a file renamed": (announced, "fsync_folder", die, True),
    "all of it carried out": (announced, "finish", die_after(announced.finish), True),
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("accept", [True, False])
def test_a_decision_cut_short_is_made_whole_or_not_at_all(
    archive: Path, moment: str, accept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, name, dying, is_made = MOMENTS[moment]
    with Folder.open(archive) as folder, monkeypatch.context() as patched:
        # A killed process takes nothing back.
        patched.setattr(announced, "withdraw", die)
        patched.setattr(decisions, "_is_settled", lambda folder: True)
        patched.setattr(module, name, dying)
        with pytest.raises(Killed):
            decide(folder, proposals(), accept=accept, now=NOON)
    if moment == "a file renamed":  # the patched name is asked twice; the first time is the announcement's
        is_made = announced.announced(archive) != []
    assert identities(archive) in (["one", "one"], ["one", "one", "new", "new"])
    assert problems_of(archive) == []
    with Folder.open(archive) as folder:
        settle(folder)
    assert identities(archive) == (["one", "one", "new", "new"] if is_made and accept else ["one", "one"])
    assert sum(len(readings.verdicts(archive, outlet)) for outlet in OUTLETS) == (2 if is_made else 0)
    assert announced.announced(archive) == []
    assert problems_of(archive) == []


def test_what_the_database_refuses_is_not_decided(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decisions, "apply", die)
    with Folder.open(archive) as folder, pytest.raises(Killed):
        decide(folder, proposals(), accept=True, now=NOON)
    assert (announced.announced(archive), readings.verdicts(archive, "dantri")) == ([], [])


def test_a_crawl_that_comes_next_carries_the_decision_out(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Folder.open(archive) as folder, monkeypatch.context() as patched:
        patched.setattr(announced, "withdraw", die)
        patched.setattr(decisions, "settle", die)
        with pytest.raises(Killed):
            decide(folder, proposals(), accept=True, now=NOON)
    assert identities(archive) == ["one", "one"]
    with filing(archive):
        pass
    assert identities(archive) == ["one", "one", "new"]
    with Folder.open(archive) as folder:
        assert settle(folder)
        assert not settle(folder)
        with folder.read() as connection:
            assert sum(line.startswith('["extractions"') for line in canonical_dump(connection)) == 4
    assert problems_of(archive) == []
