"""What is shown of a withdrawn document: when and why, and the digests that are left."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from archive.documents import Document, versions_of
from archive.historyview import local
from archive.terminal import out, out_json


def show(connection: Connection, document: Document, *, as_json: bool) -> None:
    """Print the tombstone."""
    said = to_json(connection, document)
    if as_json:
        out_json(said)
        return
    assert document.withdrawn_at is not None
    out(f"{document.name} was withdrawn from this archive")
    out(document.url)
    out(f"when    {local(document.withdrawn_at)} (Vietnam)")
    out(f"reason  {document.withdrawn_reason}")
    for one in said["versions"]:
        out(f"@{one['version']}  {one['id']}  sha256 {one['digest']}")


def to_json(connection: Connection, document: Document) -> dict[str, Any]:
    """Give the tombstone as plain JSON values."""
    assert document.withdrawn_at is not None
    left = [
        {
            "version": one.number,
            "id": one.permanent_id,
            "digest": one.digest,
            "captured_at": one.captured_at.isoformat(),
        }
        for one in versions_of(connection, document)
    ]
    return {
        "document": document.name,
        "outlet": document.outlet,
        "url": document.url,
        "withdrawn": {"at": document.withdrawn_at.isoformat(), "reason": document.withdrawn_reason},
        "versions": left,
    }
