"""`archive variants`: the spellings that a search takes for one name, and which outlet uses which."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from archive.options import archive_option, json_option
from archive.terminal import err, out, out_json


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--by-outlet", is_flag=True, help="Count the articles of each outlet that spell the name so.")
@archive_option
@json_option
def command(names: tuple[str, ...], *, by_outlet: bool, folder: Path, as_json: bool) -> None:
    """List the spellings of names that a search takes for one.

    Example: archive variants Moskva --by-outlet
    """
    from archive.variants import listed

    found: list[dict[str, Any]] = [{"names": group, "section": section} for section, group in listed(names)]
    if not found:
        err(f"no group of spellings has {' '.join(names)!r}: `archive variants` lists all")
        raise SystemExit(1)
    if by_outlet:
        found = _counted(folder, found, keep_all=bool(names))
    if as_json:
        out_json(found)
    else:
        for group in found:
            _show(group)


def _counted(folder: Path, found: Sequence[dict[str, Any]], *, keep_all: bool) -> list[dict[str, Any]]:
    """Add how many articles of each outlet have each spelling; groups that no article names are left out."""
    from archive import index
    from archive.folder import Folder
    from archive.housestyle import house_styles
    from archive.stats import outlets_of

    with Folder.open(folder) as opened:
        index.catch_up(opened)
        outlets = outlets_of(opened)
    counted = house_styles(folder / "index", [group["names"] for group in found], outlets)
    made = [{**group, "outlets": spelled} for group, spelled in zip(found, counted, strict=True)]
    return [group for group in made if keep_all or group["outlets"]]


def _show(group: dict[str, Any]) -> None:
    out(" · ".join(group["names"]))
    for outlet, spelled in group.get("outlets", {}).items():
        out(f"    {outlet}: " + ", ".join(f"{name} {count}" for name, count in spelled.items()))
