"""Same in, same out: a page read ten times in one process and in ten processes gives the same bytes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from pipeline.case import Case, load_case
from pipeline.extract import extract
from pipeline.outlet import load_outlets

CASES = Path(__file__).parent.parent / "outlets"
#: A page of a template, one that no template matches, one with several articles, one that is no article.
FOLDERS = [
    "dantri/2026-do-dem",
    "dantri/mau-la",
    "vietgiaitri/2021-may-gat",
    "laodong/cua-d1n",
    "vietnamplus/2014-balkan",
]


def read(case: Case) -> str:
    """Give the whole reading as JSON, but for the time it took."""
    told = asdict(extract(case.capture, load_outlets()[case.outlet]))
    told.pop("elapsed_ms")
    return json.dumps(told, ensure_ascii=False, default=str)


@pytest.mark.parametrize("name", FOLDERS)
def test_ten_readings_in_one_process_are_byte_equal(name: str) -> None:
    case = load_case(CASES / name)
    assert len({read(case) for _ in range(10)}) == 1


def test_ten_readings_in_ten_processes_are_byte_equal() -> None:
    # Sets and dicts of strings are ordered by a hash that differs from process to process.
    code = (
        "import sys\nfrom pathlib import Path\nfrom tests.pipeline.test_same import CASES, FOLDERS, read\n"
        "from pipeline.case import load_case\n"
        "sys.stdout.buffer.write('\\n'.join(read(load_case(CASES / name)) for name in FOLDERS).encode())"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            stdout=subprocess.PIPE,
            cwd=CASES.parent.parent,
            env=os.environ | {"PYTHONHASHSEED": str(seed)},
        )
        for seed in range(10)
    ]
    told = {process.communicate()[0] for process in running}
    assert told == {"\n".join(read(load_case(CASES / name)) for name in FOLDERS).encode()}
