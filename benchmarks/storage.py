"""Storage: bytes per version and per capture, beside plain texts in git and beside a plain WARC of every fetch.

Pages are fetched again and again, each time with other surroundings; some are edited. The archive keeps every fetch as
a capture and every state as a version. The baselines of the same run: the texts alone, one file per page and a commit
per day, packed by `git gc --aggressive`; and every request and response as warcio writes them, gzip per record.
ARCHIVE_REAL_CORPUS names the folder of the real texts.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from _texts import texts
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import crawls, index
from archive.decide import decide
from archive.entry import Entry
from archive.filing import Filing
from archive.folder import Folder
from archive.seedtext import render
from archive.stats import stats
from archive.values import Article, Block, Capture, Kind, Outcome, Reading

PAGES = 300
FETCHES = 10
#: Of a hundred fetches after a page's first, so many show it edited.
EDITED = 6
#: Links to other pages around an article, drawn anew for each fetch, and bytes of scripts that stay.
AROUND = 60
SCRIPTS = 20_000
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Fetch:
    """One page as one day shows it; `edit` counts its states."""

    page: int
    day: int
    edit: int
    text: str

    @property
    def url(self) -> str:
        return f"https://dantri.com.vn/the-gioi/tin-{20261120000000000 + self.page}.htm"

    @property
    def at(self) -> datetime:
        return NOON + timedelta(days=self.day, seconds=self.page)


def fetches(found: list[str]) -> Iterator[Fetch]:
    """Give every fetch in order of time."""
    chance = random.Random(1)
    current, edits = list(found), [0] * len(found)
    for day in range(FETCHES):
        for page in range(len(found)):
            if day and chance.randrange(100) < EDITED:
                sentences = current[page].split(". ")
                sentences[chance.randrange(len(sentences))] += f", theo cập nhật lần {edits[page] + 1}"
                current[page], edits[page] = ". ".join(sentences), edits[page] + 1
            yield Fetch(page, day, edits[page], current[page])


def article(fetch: Fetch) -> Article:
    parts = [part for part in fetch.text.split("\n") if part.strip()]
    return Article(title=parts[0], blocks=tuple(Block(kind=Kind.PARAGRAPH, text=part) for part in parts[1:] or parts))


def html(fetch: Fetch, found: list[str]) -> bytes:
    """Give the page: the article amid links and scripts."""
    chance = random.Random(f"{fetch.page} {fetch.day}")
    links = "".join(
        f'<li><a href="/tin-{chance.randrange(10**9)}.htm"><img src="/anh/{chance.randrange(10**9)}.jpg">'
        f"{chance.choice(found)[:80]}</a></li>"
        for _ in range(AROUND)
    )
    script = "var a=function(b,c){return b.d(c.e)};" * (SCRIPTS // 37)
    body = "".join(f"<p>{block.text}</p>" for block in article(fetch).blocks)
    shell = f"<html><head><script>{script}</script></head><body><ul>{links}</ul><article>{body}</article></body></html>"
    return shell.encode()


def archived(path: Path, all_: list[Fetch], found: list[str]) -> dict[str, int]:
    """File every fetch as a crawl does; give what the archive counts."""
    with Folder.open(path, create=True) as folder, folder.lock_outlet("dantri"):
        with folder.write() as connection:
            crawl = crawls.begin(connection, "dantri", batch="one", via=None, now=NOON)
        at = Filing(folder, outlet="dantri", crawl_id=crawl)
        for fetch in all_:
            file(at, fetch, html(fetch, found))
        index.catch_up(folder)
    with Folder.open(path) as folder:
        counted = stats(folder)
    return {
        "captures": counted["captures"],
        "versions": counted["versions"],
        **{name: counted["bytes"][name] for name in ("warc", "database", "index")},
    }


def file(at: Filing, fetch: Fetch, body: bytes) -> None:
    known = {"outlet": "dantri", "url": fetch.url, "fetched_at": fetch.at, "status": 200, "body": body}
    headers = {"headers": (("Content-Type", "text/html"),), "request_headers": (("User-Agent", "luuchieu"),)}
    capture = Capture(outcome=Outcome.OK, **known, **headers)  # type: ignore[arg-type]  # fields by name
    reading = Reading(outcome=Outcome.OK, identity="one", template="dantri/2022", article=article(fetch))
    name = f"dantri:{fetch.page}"
    before = at.known(name, url=fetch.url, identity="one")
    decision = decide(before, reading, now=fetch.at)
    names = {"document": name, "url": fetch.url}
    at.file(Entry(capture=capture, now=fetch.at, reading=reading, decision=decision, **names))  # type: ignore[arg-type]


def plain_warc(path: Path, all_: list[Fetch], found: list[str]) -> int:
    """Write every request and response by warcio; give the bytes."""
    with path.open("wb") as opened:
        writer = WARCWriter(opened, gzip=True)
        for fetch in all_:
            body = html(fetch, found)
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            whole = {"payload": BytesIO(body), "length": len(body), "http_headers": http}
            writer.write_record(writer.create_warc_record(fetch.url, "response", **whole))
            asked = [("Host", "dantri.com.vn"), ("User-Agent", "luuchieu")]
            get = StatusAndHeaders(f"GET {fetch.url[21:]} HTTP/1.1", asked, is_http_request=True)
            writer.write_record(writer.create_warc_record(fetch.url, "request", http_headers=get))
    return path.stat().st_size


def in_git(path: Path, all_: list[Fetch]) -> int | None:
    """Commit the texts day by day and pack them; give the bytes of the packs, None without git."""
    if shutil.which("git") is None:
        return None
    quiet = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "-q", "--bare", path], check=True, env=quiet)
    subprocess.run(["git", "fast-import", "--quiet"], check=True, env=quiet, cwd=path, input=b"".join(commits(all_)))
    subprocess.run(["git", "gc", "-q", "--aggressive", "--prune=now"], check=True, env=quiet, cwd=path)
    return sum(one.stat().st_size for one in path.joinpath("objects").rglob("*") if one.is_file())


def commits(all_: list[Fetch]) -> Iterator[bytes]:
    """Give git's import: a commit each day of the pages that are new or edited."""
    known: dict[int, int] = {}
    for day in range(FETCHES):
        when = int((NOON + timedelta(days=day)).timestamp())
        yield f"commit refs/heads/main\ncommitter a <a@example.org> {when} +0000\ndata 3\nday\n".encode()
        for fetch in all_:
            if fetch.day == day and known.get(fetch.page) != fetch.edit:
                known[fetch.page] = fetch.edit
                text = render(article(fetch)).encode()
                yield b"M 100644 inline %d.txt\ndata %d\n%s\n" % (fetch.page, len(text), text)


def main() -> None:
    """Print the table."""
    found, line = texts(shortest=150)
    found = found[:PAGES]
    all_ = list(fetches(found))
    print(f"{len(found)} pages of {line}; each fetched {FETCHES} times, {EDITED} % of the later fetches edited")
    with tempfile.TemporaryDirectory() as folder:
        ours = archived(Path(folder) / "archive", all_, found)
        warc, git = plain_warc(Path(folder) / "plain.warc.gz", all_, found), in_git(Path(folder) / "git", all_)
    size = sum(len(html(fetch, found)) for fetch in all_) // len(all_)
    print(f"{ours['captures']} captures, {ours['versions']} versions; a page has {size:,} bytes on average")
    print(f"{'':<44}{'bytes':>14}{'a version':>11}{'a capture':>11}")
    rows = [(f"archive: {name}", ours[name]) for name in ("warc", "database", "index")]
    rows += [("archive, all", sum(ours[name] for name in ("warc", "database", "index")))]
    rows += [("baseline: plain WARC of every fetch (warcio)", warc)]
    rows += [("baseline: plain texts in git, packed", git)] if git is not None else []
    for name, count in rows:
        print(f"{name:<44}{count:>14,}{count / ours['versions']:>11,.0f}{count / ours['captures']:>11,.0f}")
    print(f"the archive's WARC files are {ours['warc'] / warc:.2f} of the plain WARC")
    if git is not None:
        print(f"a version's whole cost is {rows[3][1] / git:.1f} times that of its plain text in git")


if __name__ == "__main__":
    main()
