"""One worker process and the line to it: its owner's event loop writes and reads the line, without a thread or a lock.

A message is its length in eight bytes and a pickle: one task along the line, one answer back.
"""

from __future__ import annotations

import asyncio
import ctypes
import multiprocessing
import os
import pickle
import resource
import signal
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.values import Capture

if TYPE_CHECKING:
    from pipeline.outlet import Outlet

#: Address space that one worker may take, in bytes.
MEMORY = 2**30
_LENGTH = struct.Struct("!Q")
_PR_SET_PDEATHSIG = 1

Work = Callable[[Capture, "Outlet"], Any]


class Worker:
    """A worker process as its owner holds it; `ask` raises EOFError or OSError when it dies of its task."""

    def __init__(self, outlets_folder: Path | None = None) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["pipeline.warm"])
        self._line, theirs = socket.socketpair()
        self._line.setblocking(False)
        with theirs:
            self._process = context.Process(target=_serve, args=(theirs, outlets_folder, os.getpid()), daemon=True)
            self._process.start()
        self.answered = 0

    async def ready(self) -> None:
        """Wait for the worker's first word, which says that it has begun."""
        await self._answer()

    async def ask(self, work: Work, capture: Capture, outlet_name: str) -> Any:
        """Have the worker do this; raises what the work raised."""
        task = pickle.dumps((work, capture, outlet_name), pickle.HIGHEST_PROTOCOL)
        await asyncio.get_running_loop().sock_sendall(self._line, _LENGTH.pack(len(task)) + task)
        answer = pickle.loads(await self._answer())
        self.answered += 1
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _answer(self) -> bytearray:
        (length,) = _LENGTH.unpack(await self._exactly(_LENGTH.size))
        return await self._exactly(length)

    async def _exactly(self, size: int) -> bytearray:
        loop, whole, at = asyncio.get_running_loop(), bytearray(size), 0
        while at < size:
            came = await loop.sock_recv_into(self._line, memoryview(whole)[at:])
            if not came:
                raise EOFError("the line to the worker ended")
            at += came
        return whole

    def end(self, *, patience: float = 0.0) -> int | None:
        """End the worker, whatever it does; give its exit code, its own if it dies by itself in so many seconds."""
        self._line.close()
        self._process.join(patience)
        self._process.kill()
        self._process.join(5)
        return self._process.exitcode


def _serve(line: socket.socket, outlets_folder: Path | None, owner: int) -> None:
    """Be a worker: do what comes along the line until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with_parent(owner)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    from pipeline.outlet import load_outlets

    outlets = load_outlets(outlets_folder)
    with line, line.makefile("rb") as tasks:
        _send(line, None)
        while head := tasks.read(_LENGTH.size):
            _send(line, _done(tasks.read(*_LENGTH.unpack(head)), outlets))


def _done(task: bytes, outlets: dict[str, Outlet]) -> Any:
    from pipeline.outlet import generic_outlet

    try:
        work, capture, name = pickle.loads(task)
        return work(capture, outlets.get(name) or generic_outlet(name))
    except Exception as error:  # it is the owner's to say what that means
        return error


def _send(line: socket.socket, answer: Any) -> None:
    payload = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    line.sendall(_LENGTH.pack(len(payload)) + payload)


def _die_with_parent(owner: int) -> None:
    # The parent is the fork server, which ends when its owner does, also by kill -9. Linux only; elsewhere the ended
    # line ends the worker after its page.
    if hasattr(ctypes, "CDLL") and os.uname().sysname == "Linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        os.kill(owner, 0)
    except ProcessLookupError:
        os._exit(1)
