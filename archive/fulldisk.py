"""A full disk told as the archive's error, whatever was being written."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import ArchiveError, DiskFull


@contextmanager
def clear_full(path: Path) -> Iterator[None]:
    """Turn what the system says of a full disk, quota or file size into DiskFull at this path."""
    try:
        yield
    except ArchiveError:
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFull(str(path)) from error
        raise
