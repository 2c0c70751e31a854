"""`archive clusters [DOC]`: the texts of one story, and why each is among them; with --events, of one event."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.options import TIME, VIETNAM, archive_option, json_option
from archive.terminal import err, out, out_json

if TYPE_CHECKING:
    from archive.clusters import Cluster, Member
    from archive.events import Event
    from archive.named import Named


def _document(one: Named) -> dict[str, Any]:
    return one.plain | {
        "outlet": one.outlet,
        "published": one.published.isoformat() if one.published else None,
        "first_capture_at": one.first_capture_at.isoformat(),
        "versions": list(one.versions),
    }


def _because(member: Member) -> dict[str, Any] | None:
    if member.because is None or member.other is None:
        return None
    return {
        "kind": member.because.kind,
        "document": member.other.name,
        "containment_in_it": member.because.containment_a_in_b,
        "containment_of_it": member.because.containment_b_in_a,
        "shared_blocks": member.because.shared_blocks,
    }


def _plain(cluster: Cluster) -> dict[str, Any]:
    members = [_document(member.document) | {"because": _because(member)} for member in cluster.members]
    return {"id": cluster.id, "documents": len(members), "members": members}


def _event(event: Event) -> dict[str, Any]:
    members = [
        _document(one.document) | {"cluster": one.cluster, "because": list(one.because)} for one in event.members
    ]
    return {"id": event.id, "documents": len(members), "members": members}


def _reason(member: dict[str, Any]) -> str:
    because = member["because"]
    if not because:
        return "the first"
    if isinstance(because, list):
        return "both say " + ", ".join(because)
    kind = because["kind"].replace("_", " ")
    return f"{kind}: {because['containment_in_it']:.0%} of it in {because['document']}"


def _show(group: dict[str, Any]) -> None:
    out(f"{group['id']}: {group['documents']} document{'' if group['documents'] == 1 else 's'}")
    for member in group["members"]:
        at = datetime.fromisoformat(member["published"] or member["first_capture_at"]).astimezone(VIETNAM)
        versions = f" ({len(member['versions'])} versions)" if len(member["versions"]) > 1 else ""
        out(f"  {at:%d/%m/%Y %H:%M}  {member['document']}{versions}  {member['title']}\n      {_reason(member)}")


def _texts(folder: Path, doc: str | None, since: datetime | None) -> list[dict[str, Any]]:
    from archive import clusters
    from archive.documents import resolve
    from archive.folder import Folder

    with Folder.open(folder) as opened, opened.read() as connection:
        if doc is not None:
            found = [clusters.cluster_of(connection, resolve(connection, doc).id)]
        else:
            found = clusters.clusters(connection)
    newest = ((one, one.members[-1].document.first_capture_at) for one in found)
    return [_plain(one) for one, last in newest if since is None or last >= since]


def _events(folder: Path, doc: str | None, since: datetime | None) -> list[dict[str, Any]]:
    from archive import events
    from archive.documents import resolve
    from archive.folder import Folder

    with Folder.open(folder) as opened, opened.read() as connection:
        document = resolve(connection, doc) if doc is not None else None
        return [_event(one) for one in events.events(connection, document=document, since=since)]


@click.command()
@click.argument("doc", required=False)
@click.option("--events", "loosely", is_flag=True, help="Group by event instead: title, names, numbers and time.")
@click.option("--since", type=TIME, help="Only clusters with a document first captured since (7d, 21/11/2026 …).")
@archive_option
@json_option
@click.pass_context
def command(
    context: click.Context, doc: str | None, loosely: bool, since: datetime | None, folder: Path, as_json: bool
) -> None:
    """Show the texts of one story, and for each why it is among them; without DOC all clusters, the newest first.

    A cluster holds texts that were taken over from each other; its id is its first document's. With --events documents
    that tell of the same event in words of their own are grouped too, and each says which cluster it is in.

    Example: archive clusters dantri:20260720215519144
    """
    found = (_events if loosely else _texts)(folder, doc, since)
    if as_json:
        out_json(found if doc is None else found[0])
    else:
        for group in found:
            _show(group)
    alone = doc is not None and found[0]["documents"] == 1
    if alone or not found:
        err("it stands alone: no other document is of the same story" if alone else "no clusters")
        context.exit(1)
