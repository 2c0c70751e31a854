"""Queries on the command line: words that may begin with a dash, which click would take for options."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

# Stands for the dash of a word that must not match while click reads the options.
_WITHOUT = "\N{MINUS SIGN}"


class Typed(click.Command):
    """A command that takes a query (`-without` is a word of it)."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Hide the dashes of words from click: all but `--options` and `-h`."""
        return super().parse_args(ctx, [re.sub(r"^-(?=[^-])(?!h$)", _WITHOUT, word) for word in args])


def as_typed(words: Sequence[str]) -> str:
    """Give the query as it was typed."""
    return " ".join(words).replace(_WITHOUT, "-")
