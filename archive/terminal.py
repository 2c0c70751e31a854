"""The one way to a person's terminal: every printed text passes `safe`, data goes to stdout, all else to stderr."""

from __future__ import annotations

import errno
import json
import os
import sys
from io import TextIOWrapper
from typing import IO, TYPE_CHECKING, Any, NoReturn

from archive.errors import ArchiveError

if TYPE_CHECKING:
    import click
    from rich.console import Console

# C0 and C1 but \n and \t, DEL, bidirectional controls, zero-width marks, line and paragraph separators, surrogates.
_HOSTILE = dict.fromkeys(
    [
        *(c for c in range(0x20) if c not in (0x09, 0x0A)),
        *range(0x7F, 0xA0),
        0x061C,
        *range(0x200B, 0x2010),
        *range(0x2028, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
        *range(0xD800, 0xE000),
        *range(0xFFF9, 0xFFFC),
        *range(0xE0000, 0xE0080),
    ]
)


# The same as JSON escapes: the data stays whole, the terminal obeys nothing.
_ESCAPED = {code: json.dumps(chr(code))[1:-1] for code in _HOSTILE if code != 0x7F} | {0x7F: "\\u007f"}


def safe(text: str) -> str:
    r"""Strip what a terminal would obey instead of show.

    >>> safe("\x1b]52;c;ZXZpbA==\x07Tin\u202e mới")
    ']52;c;ZXZpbA==Tin mới'
    """
    return text.translate(_HOSTILE)


def out(text: str = "") -> None:
    """Print a line of data on stdout."""
    sys.stdout.write(safe(text) + "\n")


def err(text: str) -> None:
    """Print a line for the person on stderr."""
    sys.stderr.write(safe(text) + "\n")


def out_json(value: Any) -> None:
    """Print a value on stdout as JSON: indented, characters above ASCII as they are, hostile ones escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write(text.translate(_ESCAPED) + "\n")


def out_json_line(value: Any) -> None:
    """Print a value on stdout as one line of JSON, as `out_json` does."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str).translate(_ESCAPED) + "\n")


def is_rich(stream: IO[str] | None = None) -> bool:
    """Tell whether to draw for a person: a terminal, without NO_COLOR and TERM=dumb."""
    stream = stream or sys.stdout
    return stream.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def console(*, stderr: bool = False) -> Console:
    """Give a rich console that neither reads markup nor makes links; give it `safe` text only."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, markup=False, highlight=False, emoji=False, no_color=not is_rich(stream))


def fail(message: str, code: int) -> NoReturn:
    """Say in one line what went wrong and what to do, and leave with the documented exit code."""
    err(message)
    raise SystemExit(code)


def run(command: click.Command) -> NoReturn:
    """Run a command line: whatever is wrong becomes one line on stderr and its exit code, never a traceback."""
    import click

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = command.main(standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        fail(error.format_message(), 2)
    except click.ClickException as error:
        hint = (
            f" (`{error.ctx.command_path} --help` tells more)"
            if isinstance(error, click.UsageError) and error.ctx
            else ""
        )
        fail(f"error: {error.format_message().rstrip('.')}{hint}", error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        fail("interrupted", 130)
    except ArchiveError as error:
        fail(f"error: {error}", error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(141) from None
    except OSError as error:
        if error.filename is None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        where = error.filename or "standard output"
        fail(f"error: {error.strerror or error}: {where}", 3 if error.errno == errno.ENOSPC else 2)
    raise SystemExit(code if isinstance(code, int) else 0)
