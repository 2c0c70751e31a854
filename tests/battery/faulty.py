"""Files one version again and again, each time with another operation on its files failing; prints what came of it.

After the fault the same process files once more, the disk sound again: what was refused stays refused until the filing
is opened anew. Run by test_faults.py as `python -m tests.battery.faulty FOLDER FAULTS.SO` with FAULTS.SO preloaded.
Each line of its output is one fault: which operation, how, what the filings said, and the state found afterwards.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import sys
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from archive.errors import ArchiveError
from archive.filing import Filing
from archive.folder import Folder
from archive.tables import captures, versions
from archive.verify import open_unchanged, verify
from tests.archive.builds import article, file, filing

#: Said by the child that files: acknowledged; refused with one of our errors; anything else.
ACKNOWLEDGED, REFUSED, STRANGE = 0, 1, 2
_LATER = timedelta(minutes=1)
_ERRORS = {"no space": errno.ENOSPC, "input/output": errno.EIO}


def main() -> None:
    """Fail each operation once, and each one with all that follow, by two errors."""
    folder, shim = Path(sys.argv[1]), ctypes.CDLL(sys.argv[2])
    base = folder / "base"
    with filing(base) as at:
        file(at, article("một"))
    print(json.dumps({"operations": (total := count(shim, base, folder / "count"))}), flush=True)
    for name, code in _ERRORS.items():
        for lasting in (0, 1):
            for number in range(1, total + 1):
                work = folder / f"{code}-{lasting}-{number}"
                shutil.copytree(base, work)
                said, again = divmod(in_child(shim, work, (number, code, lasting)), 3)
                told = {"error": name, "lasting": bool(lasting), "operation": number, "said": said, "again": again}
                print(json.dumps(told | afterwards(work)), flush=True)
                shutil.rmtree(work)


def count(shim: ctypes.CDLL, base: Path, work: Path) -> int:
    """Count the operations of filing one version, closing included."""
    shutil.copytree(base, work)
    with filing(work) as at:
        shim.fault_arm(2**30, errno.EIO, 0)
        file(at, article("hai"), after=_LATER)
        at.folder.close()
        total: int = shim.fault_count()
        shim.fault_arm(0, 0, 0)
    return total


def in_child(shim: ctypes.CDLL, work: Path, fault: tuple[int, int, int]) -> int:
    """File one version in a process that then ends, as a crawl that met the fault would, and another before it ends.

    Gives three times what the first said, plus what the second did; a second one that is refused must say the same.
    """
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    said, again = STRANGE, STRANGE
    try:
        with filing(work) as at:
            shim.fault_arm(*fault)
            said, why = attempt(at, closing=True)
            shim.fault_arm(0, 0, 0)
            again, why_again = attempt(at)
            again = STRANGE if why != why_again else again
    except ArchiveError:
        pass
    finally:
        os._exit(3 * said + again)


def attempt(at: Filing, *, closing: bool = False) -> tuple[int, str]:
    """File a version, and close the folder; give what that said and why."""
    said, why = STRANGE, ""
    try:
        file(at, article("hai"), after=_LATER)
        said = ACKNOWLEDGED
        if closing:
            at.folder.close()
    except (ArchiveError, OSError) as error:
        if said == STRANGE:
            said, why = REFUSED, str(error)
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
    except BaseException as error:
        sys.stderr.write(f"STRANGE {type(error).__name__}: {error}\n")
    return said, why


def afterwards(work: Path) -> dict[str, object]:
    """Open the archive as the next crawl does; tell its state, and that it takes the version now."""
    with filing(work) as at:
        state = content(at.folder)
        problems = [f"{problem.kind}: {problem.what}" for problem in verify(at.folder).problems]
        file(at, article("hai"), after=2 * _LATER)
        then = content(at.folder)
    with open_unchanged(work) as folder:
        problems += [f"{problem.kind}: {problem.what}" for problem in verify(folder).problems]
    return {"state": state, "then": then, "problems": problems}


def content(folder: Folder) -> str:
    """Tell how many captures there are, and which versions."""
    with folder.read() as connection:
        held = len(connection.execute(select(captures.c.id)).all())
        numbers = connection.execute(select(versions.c.number).order_by(versions.c.number)).scalars()
        return f"{held} captures, versions {' '.join(map(str, numbers))}"


if __name__ == "__main__":
    main()
