"""What a diff or a comparison is of: a document of the archive, or a text in seed format from a file or stdin."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from archive.errors import UsageProblem
from archive.seedtext import parse
from archive.values import Article

#: A text and what is known of it beside: document, version, url, captured_at; or file.
Text = tuple[dict[str, Any], Article]


def is_file(name: str) -> bool:
    """Tell whether a name typed is standard input or a file."""
    return name == "-" or Path(name).is_file()


def read(name: str) -> Text:
    """Read seed text from a file, or from standard input for "-". Raises UsageProblem when it is none."""
    shown = "standard input" if name == "-" else name
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        article = parse(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UsageProblem(f"{shown} is not UTF-8 text: give seed text, as `archive show` prints it") from None
    except OSError as error:
        raise UsageProblem(f"cannot read {shown}: {error.strerror}") from None
    if not article.title:
        raise UsageProblem(f"{shown} is empty: give seed text, as `archive show` prints it")
    return {"file": name}, article


def of(folder: Path, name: str) -> Text:
    """Give a file's text, or a document's version (the latest without @N) from the archive."""
    if is_file(name):
        return read(name)
    from archive.documents import number_of, resolve, version
    from archive.folder import Folder

    with Folder.open(folder) as opened, opened.read() as connection:
        document = resolve(connection, name)
        found = version(connection, document, number_of(connection, name))
    about = {"document": document.name, "version": found.number, "url": document.url}
    return about | {"captured_at": found.captured_at.isoformat(), "digest": found.digest}, found.article
