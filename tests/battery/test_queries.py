"""Ten thousand queries nobody would type, by command and API, and sixty titles that attack the terminal."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive import index
from archive.cli import archive
from archive.folder import Folder
from archive.search import Manner, search
from tests.archive.builds import article, file, filing

pytestmark = [pytest.mark.battery, pytest.mark.sqlite_only]

SIGNS = [
    '"', "*", "-", "OR", "|", "~", "~5", '"~3', ":", "title:", "lead:", "tag:", "outlet:", "since:", "until:7d",
    "since:99999999999d", "until:0000-00-00", "(", ")", "[", "]", "\\", ".", ".*", "+", "^", "$", "{1,9}",
    "\x00", "\ud800", "\u202e",
    "\x1b[31m", "'", "%", "12/1", "12,5%", "1.5.3", "TP.HCM", "NATO", "Mỹ", "Kiev", "đàm", "dam", "phán",
    "a" * 300, "北", "é\u0301" * 20,
]  # fmt: skip


def query(chance: random.Random) -> str:
    """Make a query of signs, words and any characters."""
    parts = [
        chance.choice(SIGNS) if chance.random() < 0.8 else chr(chance.randrange(0x110000))
        for _ in range(chance.randint(0, 12))
    ]
    return chance.choice([" ", ""]).join(parts)


def title(number: int) -> str:
    """Make a title that would write to the clipboard, move the cursor, turn the text or fake a link."""
    attacks = [
        "\x1b]52;c;ZXZpbA==\x07", "\x1b[2J", "\x1b]8;;http://evil.example\x07x\x1b]8;;\x07", "\x9b31m", "\u202e",
        "\u2066",
        "\r", "\x08" * 9, "\x1bP+q\x1b\\", "\u2028", "[link=http://evil.example]x[/link]", "\U000e0041",
    ]  # fmt: skip
    return f"Tin {attacks[number % len(attacks)] * (1 + number // len(attacks))} lạ số {number}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive")
    with filing(path, "vov") as filer:
        for number in range(60):
            content = article("Hai bên đàm phán ở Kiev ngày 12/1/2022.|12,5% là nhiều.", title=title(number))
            file(filer, content, document=f"vov:{number}", url=f"https://vov/{number}")
    with Folder.open(path) as opened:
        index.catch_up(opened)
    return path


def test_no_query_is_an_error_to_the_api(folder: Path) -> None:
    chance = random.Random(6)
    manners = [Manner(), Manner(exact=True, sort="date"), Manner(every=True, fold=False)]
    found = 0
    for _ in range(9000):
        found += search(folder / "index", query(chance), limit=2, manner=chance.choice(manners)).total > 0
    print(f"9,000 queries, {found} with hits, no error")
    assert found > 100


def test_no_query_is_an_error_to_the_command(folder: Path) -> None:
    chance, runner = random.Random(7), CliRunner()
    for _ in range(1000):
        typed = query(chance).replace("\x00", "")
        done = runner.invoke(archive, ["search", "--archive", str(folder), "--", typed])
        assert done.exit_code in {0, 1}, (typed, done.output, done.exception)
        assert done.exception is None or isinstance(done.exception, SystemExit), typed


def test_sixty_hostile_titles_reach_the_terminal_harmless(folder: Path) -> None:
    done = CliRunner().invoke(archive, ["search", "đàm phán", "--no-fold", "--limit", "60", "--archive", str(folder)])
    assert done.output.count("lạ số") == 60
    assert not [sign for sign in done.output if sign != "\n" and not sign.isprintable()]
