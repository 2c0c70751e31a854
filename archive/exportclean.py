"""Take documents out of an export that stands already; what is left stays byte for byte as it was."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from archive.members import Record, records


def clean_file(path: Path, names: frozenset[str]) -> int:
    """Take these documents' texts out of a JSONL, CSV or WARC export; give how many there were."""
    if path.name.endswith(".jsonl"):
        return _exchange(path, _jsonl(path, names))
    if path.suffix == ".csv":
        return _exchange(path, _csv(path, names))
    return _exchange(path, _warc(path, names)) if path.name.endswith(".warc.gz") else 0


def clean_seeds(folder: Path, names: frozenset[str]) -> int:
    """Delete these documents' files from a folder of seed texts, and their lines from its manifest."""
    manifest = folder / "manifest.jsonl"
    for line in manifest.read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        if said["document"] in names:
            (folder / Path(said["file"]).name).unlink(missing_ok=True)
    return _exchange(manifest, _jsonl(manifest, names))


def _exchange(path: Path, parts: Iterator[bytes | None]) -> int:
    """Write the parts in the file's place; a None stands for what was taken out."""
    new, gone = path.with_name(path.name + ".new"), 0
    with new.open("wb") as file:
        for part in parts:
            gone += part is None
            file.write(part or b"")
    if gone:
        new.replace(path)
    new.unlink(missing_ok=True)
    return gone


def _jsonl(path: Path, names: frozenset[str]) -> Iterator[bytes | None]:
    with path.open("rb") as file:
        for line in file:
            yield None if json.loads(line).get("document") in names else line


def _csv(path: Path, names: frozenset[str]) -> Iterator[bytes | None]:
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        head = next(rows, [])
        at = head.index("document")
        yield _line(head)
        for row in rows:
            # A formula's quote may stand before the name.
            yield None if row[at].removeprefix("'") in names else _line(row)


def _line(row: list[str]) -> bytes:
    made = StringIO()
    csv.writer(made, lineterminator="\r\n").writerow(row)
    return made.getvalue().encode()


def _warc(path: Path, names: frozenset[str]) -> Iterator[bytes | None]:
    """Give the file's runs; each version's ends with its conversion."""
    with path.open("rb") as file:
        begin, document = 0, ""
        for one in records(file):
            if isinstance(one, Record) and one.kind == "metadata":
                document = str(json.loads(one.content).get("document"))
            if not isinstance(one, Record) or one.kind not in ("warcinfo", "conversion"):
                continue
            here = file.tell()
            file.seek(begin)
            yield None if one.kind == "conversion" and document in names else file.read(one.end - begin)
            file.seek(here)
            begin, document = one.end, ""
