"""The full-text index held against the archive: its own checksums, and what it holds against the change log.

An index that is behind is no damage: it follows before the next search.
"""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path
from typing import Any

from archive.folder import Folder
from archive.report import Report
from archive.verifyrows import indexed

#: tantivy ends each file with a footer (JSON with the CRC of all before it), the footer's length, and this number.
_FOOTER_MAGIC = 1337
_CHUNK = 2**20
_MEND = "`archive rebuild --index` makes it anew"


def check_index(folder: Folder, report: Report, *, data: bool) -> None:
    """Check the index, into the report; with `data` every byte of it."""
    if not folder.index_dir.is_dir():
        report.notes.append("there is no full-text index yet: a search makes it")
        return
    _check_log(folder, report)
    before = len(report.problems)
    if data:
        _check_files(folder.index_dir, report)
    if len(report.problems) == before:
        _check_counts(folder, report)


def _check_files(index_dir: Path, report: Report) -> None:
    for path in _committed(index_dir):
        try:
            wrong = _wrong(path)
        except OSError:  # merged away meanwhile; what is gone otherwise, no search can open
            continue
        if wrong:
            report.add("index", f"index/{path.name}", f"{wrong}: {_MEND}", file=f"index/{path.name}")


def _committed(index_dir: Path) -> list[Path]:
    """Give the files that the index's last commit names: others are being written, or left over."""
    meta = index_dir / "meta.json"
    try:
        said = json.loads(meta.read_bytes())
        deletes = {str(one["segment_id"]).replace("-", ""): _deletes(one) for one in said["segments"]}
        present = sorted(index_dir.iterdir())
    except OSError:
        return []
    except (ValueError, KeyError, TypeError):
        return [meta]
    return [meta, *(path for path in present if _is_named(path, deletes))]


def _deletes(segment: dict[str, Any]) -> str:
    """Give the number of the commit that last deleted documents of a segment, '' for none."""
    return str(segment["deletes"]["opstamp"]) if segment.get("deletes") else ""


def _is_named(path: Path, deletes: dict[str, str]) -> bool:
    """Tell whether a file is a segment's; of its lists of deleted documents only the one that holds now."""
    segment, _, rest = path.name.partition(".")
    return segment in deletes and (path.suffix != ".del" or rest == f"{deletes[segment]}.del")


def _wrong(path: Path) -> str:
    """Say what is wrong with a file of the index, or nothing. Those without a footer are JSON, or empty."""
    if path.suffix in (".json", ".lock") or not path.is_file():
        return "" if path.suffix != ".json" or _is_json(path) else "it is no JSON"
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - 8, 0))
        length, magic = struct.unpack("<II", file.read(8).rjust(8, b"\0"))
        if magic != _FOOTER_MAGIC or length > size - 8:
            return "its footer is damaged"
        file.seek(size - 8 - length)
        stated = _crc_stated(file.read(length))
        file.seek(0)
        crc, left = 0, size - 8 - length
        while left and (piece := file.read(min(left, _CHUNK))):
            crc = zlib.crc32(piece, crc)
            left -= len(piece)
    return "" if crc == stated else "its bytes do not give their CRC"


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_bytes())
    except ValueError:
        return False
    return True


def _crc_stated(footer: bytes) -> Any:
    try:
        return json.loads(footer)["crc"]
    except (ValueError, KeyError, TypeError):
        return None


def _check_log(folder: Folder, report: Report) -> None:
    """A note of the change log that is too low would let a search take an old index for a current one."""
    with folder.read() as connection:
        newest = indexed(connection)["seq"]
    try:
        noted = int((folder.path / "changes.seq").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return
    if noted < newest:
        report.add("index", "changes.seq", f"it says {noted}, but the change log has come to {newest}: {_MEND}")


def _check_counts(folder: Folder, report: Report) -> None:
    here = held(folder.index_dir)
    if here is None:
        report.add("index", "index/", f"the index cannot be read: {_MEND}")
        return
    with folder.read() as connection:
        due = indexed(connection)
    if here["seq"] > due["seq"]:
        report.add("index", "index/", f"it is at change {here['seq']} of {due['seq']}: not of this archive; {_MEND}")
    elif here["seq"] < due["seq"]:
        report.notes.append(f"the index is {due['seq'] - here['seq']} change(s) behind: the next search follows")
    elif here != due:
        said = f"it holds {here['versions']} versions, the database {due['versions']}"
        report.add(
            "index", "index/", (said if here["versions"] != due["versions"] else "other versions") + f"; {_MEND}"
        )


def held(index_dir: Path) -> dict[str, int] | None:
    """Give what the index holds, in the terms of `indexed`; None when it cannot be read."""
    import tantivy

    from archive.index import open_index

    try:
        index = open_index(index_dir)
        searcher = index.searcher()
        found = searcher.search(tantivy.Query.term_query(index.schema, "meta", "sequence"), 1).hits
        seq = json.loads(searcher.doc(found[0][1])["entry"][0])["seq"] if found else 0
        sums = {name: {"stats": {"field": name}} for name in ("document", "version")}
        told = searcher.aggregate(tantivy.Query.all_query(), sums)
    except (ValueError, OSError, KeyError):
        return None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how tantivy's binding tells of an index it cannot believe
            raise
        return None
    counted = {"versions": int(told["version"]["count"]), "numbers": int(told["version"]["sum"])}
    return {"seq": seq, "documents": int(told["document"]["sum"]), **counted}
