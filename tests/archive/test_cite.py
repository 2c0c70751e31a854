"""Citations: ids that stay and find their version; forms that their readers take, whatever a title holds."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import permanent
from archive.cite import Cited, bibtex, csl_json, text, wikipedia
from archive.documents import number_of, resolve, versions_of
from archive.errors import AmbiguousDocument
from archive.folder import Folder
from archive.permanent import permanent_id
from archive.rebuild import rebuild
from archive.tables import versions
from tests.archive.builds import NAME, NOON, article, file, filing, opened

HOUR = timedelta(hours=1)


def cited(title: str, *, byline: str = "Nguyễn An", url: str = "https://dantri.com.vn/a_b%20c.htm") -> Cited:
    said = article(title=title, published=NOON)
    return Cited(
        permanent_id="lc0123456789abcdef",
        document="dantri:1",
        number=2,
        outlet="Dân trí",
        url=url,
        article=type(said)(title=said.title, byline=(byline,), published=said.published),
        captured_at=NOON,
        digest="ab" * 32,
    )


@pytest.fixture(scope="module")
def made(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cite") / "archive"
    with filing(path) as at:
        file(at, article("Một đoạn văn đầu tiên."))
        file(at, article("Một đoạn văn đã sửa rồi."), after=HOUR)
    return path


def ids(path: Path) -> list[str]:
    with opened(path) as folder, folder.read() as connection:
        return [one.permanent_id for one in versions_of(connection, resolve(connection, NAME))]


def test_an_id_stays_after_a_rebuild_and_finds_its_version(made: Path, tmp_path: Path) -> None:
    rebuild(made, now=NOON, into=tmp_path / "again")
    assert ids(made) == ids(tmp_path / "again")
    with opened(tmp_path / "again") as folder, folder.read() as connection:
        short = permanent.shown(connection, ids(made)[0])
        assert len(short) == 18
        for written in (short, short.upper(), f" {short[:10]} ", ids(made)[0]):
            assert (resolve(connection, written).name, number_of(connection, written)) == (NAME, 1)
        assert number_of(connection, f"{short}@2") == 2


def test_two_ids_that_begin_alike_are_shown_longer_and_never_taken_for_each_other(
    database: str, tmp_path: Path
) -> None:
    with filing(tmp_path) as at:
        file(at, article("Một đoạn văn đầu tiên."))
        file(at, article("Một đoạn văn đã sửa rồi."), after=HOUR)
    one, two = ids(tmp_path)
    alike = one[:20] + two[20:]
    with Folder.open(tmp_path) as folder:
        with folder.write() as connection:
            connection.execute(versions.update().where(versions.c.number == 2).values(permanent_id=alike))
        with folder.read() as connection:
            assert permanent.shown(connection, one) == one[:22]
            assert number_of(connection, one[:22]) == 1
            with pytest.raises(AmbiguousDocument):
                resolve(connection, one[:18])


def test_ids_differ_by_document_and_by_content() -> None:
    made = {permanent_id(name, digest) for name in ("dantri:1", "dantri:11", "laodong:1") for digest in ("a", "b")}
    assert len(made) == 6
    assert all(re.fullmatch(r"lc[0-9a-z]{32}", one) for one in made)


def balanced(said: str) -> bool:
    depth, escaped = 0, False
    for letter in said:
        if not escaped:
            depth += (letter == "{") - (letter == "}")
        escaped = letter == "\\" and not escaped
        if depth < 0:
            return False
    return depth == 0


@given(st.text(max_size=60), st.text(max_size=30))
def test_bibtex_is_one_balanced_entry_of_whole_lines(title: str, name: str) -> None:
    entry = bibtex(cited(title, byline=name or "An"))
    assert balanced(entry)
    assert entry.startswith("@online{lc0123456789abcdef,")
    assert not re.search(r"(?<!\\)[%#$&]", entry.replace("%20", "").replace(r"\%20", ""))


@given(st.text(max_size=60), st.text(max_size=30))
def test_csl_json_is_valid_whatever_a_title_holds(title: str, name: str) -> None:
    [item] = json.loads(csl_json(cited(title, byline=name or "An")))
    assert (item["type"], item["id"]) == ("article-newspaper", "lc0123456789abcdef")
    assert item["issued"]["date-parts"] == item["accessed"]["date-parts"] == [[2026, 11, 20]]


@given(st.text(max_size=60), st.text(max_size=30))
def test_wikipedias_templates_end_where_they_should(title: str, name: str) -> None:
    for line in wikipedia(cited(title, byline=name or "An")).split("\n"):
        inner = line[2:-2].replace("{{!}}", "")
        assert line.startswith("{{") and line.endswith("}}")
        assert "{{" not in inner and "}}" not in inner and "[[" not in inner
        keys = [part.partition("=")[0] for part in inner.split("|")[1:]]
        assert len(keys) == len(set(keys)) in range(6, 9)


def test_the_plain_form_names_all_that_finds_the_version_again() -> None:
    said = text(cited("Bão số 9"))
    for part in ("Nguyễn An", "“Bão số 9”", "Dân trí", "https://dantri.com.vn/", "20/11/2026 12:00:00", "ab" * 32):
        assert part in said
