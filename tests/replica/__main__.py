"""Run the replica by hand: `python -m tests.replica [--port N] [--time ISO] [--pages DIR] [--rate R]`."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path

from tests.replica.clock import read_time
from tests.replica.server import START, Replica


def main() -> None:
    """Serve until told to stop; print the address first."""
    asked = _options()
    stop = threading.Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_: stop.set())
    with Replica(time=asked.time, pages=asked.pages, port=asked.port, rate=asked.rate) as replica:
        print(f"{replica.url} plays {len(replica.world.pieces)} articles at {asked.time.isoformat()}", flush=True)
        stop.wait()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.replica", description="The outlets, played on loopback.")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--time", type=read_time, default=START, help="the time it is there (ISO)")
    parser.add_argument("--pages", type=Path, help="folder of saved pages, <outlet>/<page>.html")
    parser.add_argument("--rate", type=float, default=0.0, help="seconds its clock moves on in one second")
    return parser.parse_args()


if __name__ == "__main__":
    main()
