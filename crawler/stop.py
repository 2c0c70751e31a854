"""A wish to stop: heard at once by the frontier, and after a grace by the requests still in flight."""

from __future__ import annotations

import asyncio

from crawler.settings import GRACE


class Stop:
    """`asked` ends the handing out of links; `deadline` ends the requests in flight, `grace` seconds later."""

    def __init__(self, grace: float = GRACE) -> None:
        self.asked = asyncio.Event()
        self.deadline = asyncio.Event()
        self.grace = grace

    def ask(self) -> None:
        """Ask to stop; asking again changes nothing."""
        if not self.asked.is_set():
            self.asked.set()
            asyncio.get_running_loop().call_later(self.grace, self.deadline.set)
