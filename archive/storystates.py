"""SQL of a story's states: the versions of a cluster's documents, in order of time."""

from __future__ import annotations

from sqlalchemy import Connection

from archive.clusters import Cluster
from archive.documents import Document, shown, versions_of
from archive.lineage import State
from archive.named import Named


def states_of(connection: Connection, cluster: Cluster) -> list[State]:
    """Give every version of every document of a cluster, as each was first shown, in order of time."""
    found = [state for member in cluster.members for state in _states(connection, member.document)]
    return sorted(found, key=lambda state: (state.at, state.document.name, state.number))


def _states(connection: Connection, one: Named) -> list[State]:
    document = Document(id=one.id, name=one.name, outlet=one.outlet, url=one.url, first_capture_at=one.first_capture_at)
    known = {version.number: version for version in versions_of(connection, document)}
    order = list(dict.fromkeys([*shown(connection, document), *known]))
    states = []
    for at, number in enumerate(order):
        version = known[number]
        published = version.article.published
        is_told = at == 0 and published is not None and published <= version.captured_at
        time = published if is_told and published is not None else version.captured_at
        states.append(
            State(
                document=one,
                number=number,
                article=version.article,
                at=time,
                by="published" if is_told else "captured",
                captured_at=version.captured_at,
            )
        )
    return states
