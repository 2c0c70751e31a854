"""`crawl replay`: captures, others' or our own, through today's extraction."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.options import archive_option, json_option
from archive.terminal import err, out, out_json
from crawler.options import outlets_option

if TYPE_CHECKING:
    from crawler.replay import Choice, Replayed
    from crawler.reread import Reread

_DAMAGED = 4
_EVERY = 10.0
#: Versions that read differently and are listed for a person; --json lists all.
_SHOWN = 20


@click.command("replay")
@click.argument("files", metavar="[WARC]...", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--own", is_flag=True, help="Read the archive's own kept payloads again and tell what reads differently.")
@click.option("--accept", is_flag=True, help="With --own: keep today's readings as extractions of their versions.")
@click.option("--reject", is_flag=True, help="With --own: refuse today's extraction, and be asked of it no more.")
@click.option("--outlet", "names", multiple=True, metavar="NAME", help="Only this outlet (or host); may be repeated.")
@click.option("--all-hosts", is_flag=True, help="Replay pages of any host, without a template where none is known.")
@outlets_option
@archive_option
@json_option
def command(files: tuple[Path, ...], folder: Path, as_json: bool, **said: Any) -> None:
    """Read captures with today's extraction: those of WARC files (any writer's), or the archive's own.

    Pages of WARC files are filed by their own capture times, once each however often they are replayed. With --own
    nothing is filed: it tells which versions read differently now, for --accept or --reject as a whole. Exit 4 when a
    record is damaged; all others are read.

    Example: crawl replay --own --outlet dantri
    """
    _check(files, said)
    if said["own"]:
        raise SystemExit(_own(folder, as_json=as_json, **said))
    raise SystemExit(_foreign(files, folder, as_json=as_json, **said))


def _check(files: tuple[Path, ...], said: dict[str, Any]) -> None:
    if bool(files) == said["own"]:
        raise click.UsageError("give WARC files to file, or --own to read the archive's own captures again")
    if said["accept"] and said["reject"]:
        raise click.UsageError("--accept and --reject exclude each other")
    if (said["accept"] or said["reject"]) and not said["own"]:
        raise click.UsageError("--accept and --reject go with --own")
    if said["all_hosts"] and (said["own"] or said["names"]):
        raise click.UsageError("--all-hosts goes with WARC files, and without --outlet")


def _check_files(files: tuple[Path, ...]) -> None:
    """Refuse what is no WARC file before anything is read of the others."""
    from archive.errors import UsageProblem
    from archive.verifyfile import instead

    for path in files:
        try:
            what = instead(path)
        except OSError as error:
            raise UsageProblem(f"cannot read {path}: {error.strerror or error}") from None
        if what:
            raise UsageProblem(f"{path} is no WARC file but {what}")


def _progress() -> Callable[[int], None]:
    told = [time.monotonic()]

    def report(count: int) -> None:
        if time.monotonic() - told[0] >= _EVERY:
            told[0] = time.monotonic()
            err(f"{count} read")

    return report


def _choice(names: tuple[str, ...], outlets: Path | None, *, all_hosts: bool) -> Choice:
    from crawler.choice import choose
    from crawler.replay import Choice
    from pipeline.outlet import generic_outlet

    bare = [name for name in names if "." in name]
    named = [name for name in names if "." not in name]
    known = choose(named, outlets) if named or not bare else []
    known += [generic_outlet(name) for name in bare]
    return Choice(hosts={host: outlet for outlet in known for host in outlet.hosts}, all_hosts=all_hosts)


def _foreign(files: tuple[Path, ...], path: Path, *, as_json: bool, **said: Any) -> int:
    from archive.folder import Folder
    from archive.index import catch_up
    from crawler.choice import new_batch
    from crawler.filings import Filings
    from crawler.replay import Replay
    from pipeline.pool import ExtractionPool

    _check_files(files)
    choice = _choice(said["names"], said["outlets"], all_hosts=said["all_hosts"])
    with Folder.open(path, create=True) as folder, closing(Filings(folder, batch=new_batch())) as filings:
        with ExtractionPool(outlets_folder=said["outlets"]) as pool:
            replay = Replay(folder, choice=choice, pool=pool, filings=filings, report=_progress())
            met = asyncio.run(replay.run(files))
        summaries = filings.end(replayed=[file.name for file in files], interrupted=False)
        catch_up(folder)
    _show_foreign(met, summaries, as_json=as_json)
    return _DAMAGED if met.damaged else 0


def _show_foreign(met: Replayed, summaries: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        told = {"filed": met.filed, "passed": dict(met.passed), "damaged": met.damaged, "outlets": summaries}
        out_json(told)
        return
    for one in met.damaged:
        out(f"damaged: {one}")
    for summary in summaries:
        outcomes = ", ".join(f"{name} {count}" for name, count in summary["captures"].items())
        counts = f"new {summary['new']}, revised {summary['revised']}, seen {summary['seen']}"
        out(f"{summary['outlet']}: {counts} ({outcomes})")
    passed = ", ".join(f"{why} {count}" for why, count in sorted(met.passed.items()))
    err(f"{met.filed} captures filed; passed over: {passed or 'none'}")


def _own(path: Path, *, as_json: bool, **said: Any) -> int:
    from archive import reextract
    from archive.errors import UsageProblem
    from archive.folder import Folder
    from crawler.reread import DAMAGED, reread
    from pipeline.pool import ExtractionPool

    decide = "accept" if said["accept"] else "reject" if said["reject"] else ""
    with Folder.open(path) as folder:
        with folder.read() as connection:
            known = reextract.outlets(connection)
        if unknown := [name for name in said["names"] if name not in known]:
            raise UsageProblem(f"the archive has no article of {unknown[0]!r}; it has {', '.join(known) or 'none'}")
        with ExtractionPool(outlets_folder=said["outlets"]) as pool:
            wanted = list(dict.fromkeys(said["names"] or known))
            done = asyncio.run(reread(folder, wanted, pool, decide=decide, report=_progress()))
    _show_own(done, decide, as_json=as_json)
    return _DAMAGED if any(one.unreadable.get(DAMAGED) for one in done) else 0


def _show_own(done: list[Reread], decide: str, *, as_json: bool) -> None:
    if as_json:
        from dataclasses import asdict

        out_json({"decided": decide or None, "outlets": [asdict(one) | {"types": one.types} for one in done]})
        return
    for one in done:
        _show_outlet(one)
    new = sum(one.new for one in done)
    if decide:
        kept = "; the extractions that read them before stay the current ones" if decide == "reject" else ""
        err(f"{sum(one.decided for one in done)} reading(s) {decide}ed as a whole{kept}")
    elif new:
        err(f"{new} reading(s) by an extraction not seen before: --accept or --reject them as a whole")


def _show_outlet(one: Reread) -> None:
    unreadable = ", ".join(f"{name} {count}" for name, count in sorted(one.unreadable.items()))
    out(
        f"{one.outlet}: {one.versions} versions, {one.kept} with their payload: {one.same} read the same, "
        f"{len(one.differ)} differently, {one.rejected} rejected before, unreadable now: {unreadable or 'none'}"
    )
    for template, counted in sorted(one.templates.items()):
        out(f"  {template}: {counted['same']} the same, {counted['differ']} differently")
    if one.types:
        out(f"  changes: {', '.join(f'{name} {count}' for name, count in sorted(one.types.items()))}")
    for two in one.differ[:_SHOWN]:
        quiet = "" if two.announced else " (the extraction calls itself the same)"
        types = ", ".join(f"{name} {count}" for name, count in two.types.items())
        out(f"  {two.document}@{two.number}: {types}{quiet}")
    if len(one.differ) > _SHOWN:
        out(f"  … and {len(one.differ) - _SHOWN} more (--json lists all)")
