"""`crawl outlets`: the outlets that can be crawled, with feeds and eras."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archive.options import json_option
from archive.terminal import out, out_json
from crawler.options import outlets_option
from pipeline.outlet import Outlet, Template, load_outlets


@click.command("outlets")
@json_option
@outlets_option
def command(as_json: bool, outlets: Path | None) -> None:
    """List the outlets with their hosts, feeds and eras; unverified ones are marked.

    Example: crawl outlets --json
    """
    found = load_outlets(outlets).values()
    if as_json:
        out_json([to_json(outlet) for outlet in found])
        return
    for outlet in found:
        mark = "  unverified: no page of it was seen" if outlet.unverified else ""
        out(f"{outlet.name:<12} {outlet.display} ({outlet.hosts[0]}){mark}")
        out(f"{'':<12} eras   {', '.join(_era(template) for template in outlet.templates)}")
        for feed in outlet.feeds:
            out(f"{'':<12} {feed.purpose.value:<8} every {feed.min_minutes} to {feed.max_minutes} min  {feed.url}")


def _era(template: Template) -> str:
    since = template.valid_from.year if template.valid_from else "?"
    until = template.valid_until.year if template.valid_until else "now"
    return f"{template.era} ({since} to {until})"


def to_json(outlet: Outlet) -> dict[str, Any]:
    """Give an outlet as plain JSON values."""
    return {
        "name": outlet.name,
        "display": outlet.display,
        "agency": outlet.agency,
        "hosts": list(outlet.hosts),
        "languages": list(outlet.languages),
        "unverified": outlet.unverified,
        "aggregator": outlet.aggregator,
        "delay_seconds": outlet.delay_seconds,
        "fetch": outlet.fetch,
        "feeds": [
            {"url": f.url, "purpose": f.purpose.value, "min_minutes": f.min_minutes, "max_minutes": f.max_minutes}
            for f in outlet.feeds
        ],
        "eras": [
            {
                "era": template.era,
                "valid_from": template.valid_from.isoformat() if template.valid_from else None,
                "valid_until": template.valid_until.isoformat() if template.valid_until else None,
                "promised": list(template.promised),
            }
            for template in outlet.templates
        ],
    }
