"""No private address: every name and every literal passes here before a connection is made."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from scrapy.crawler import Crawler
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import DNSLookupError
from twisted.internet.threads import deferToThreadPool

# IPv4 addresses carried inside IPv6 ones: NAT64 (RFC 6052, RFC 8215), 6to4 and Teredo are refused whole.
_CARRIERS = ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
# Special registries and former site-local space that `is_global` lets pass.
_SPECIAL = ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10")
_REFUSED = [ip_network(net) for net in (*_CARRIERS, *_SPECIAL)]


class RefusedAddress(DNSLookupError):
    """The name leads to an address that is not on the public internet."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(f"{host} leads to {address}, which is not a public address")


def is_public(address: str) -> bool:
    """Tell whether this address is one of the public internet.

    >>> [is_public(a) for a in ("8.8.8.8", "127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "169.254.169.254")]
    [True, False, False, False, False]
    """
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address.split("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        return is_public(str(parsed.ipv4_mapped))
    if any(parsed.version == net.version and parsed in net for net in _REFUSED):
        return False
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved


def literal(host: str) -> str | None:
    """Give the address that the host is written as, in any form the system reads (decimal, hex, octal), or None.

    >>> literal("2130706433"), literal("0x7f.1"), literal("[::1]"), literal("dantri.com.vn")
    ('127.0.0.1', '127.0.0.1', '::1', None)
    """
    bare = host.strip("[]").rstrip(".")
    try:
        return str(ip_address(bare))
    except ValueError:
        pass
    try:
        # inet_aton reads trailing text after a space and stumbles over NUL; no host has either.
        return None if set(bare) & {" ", "\0"} else socket.inet_ntoa(socket.inet_aton(bare))
    except (OSError, UnicodeEncodeError):
        return None


class GuardResolver(CachingThreadedResolver):
    """Resolves names to public addresses only; a host with one private address among several is refused.

    The stand-in server of `--via` (setting VIA_HOST) is the one exception. `refused` remembers why, because Twisted
    tells its callers only that a name has no address.
    """

    def __init__(self, reactor: Any, cache_size: int, timeout: float, allowed: str = "") -> None:
        super().__init__(reactor, cache_size, timeout)
        self.allowed = allowed
        self.known: dict[str, str] = {}
        self.refused: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> GuardResolver:
        """Make one from the settings, as Scrapy does at start."""
        settings = crawler.settings
        return cls(reactor, 0, settings.getfloat("DNS_TIMEOUT"), settings.get("VIA_HOST") or "")

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        """Give an address of this host, or fail with RefusedAddress or DNSLookupError."""
        if name in self.known:
            return succeed(self.known[name])
        if (written := literal(name)) is not None:
            return self._checked(name, [written])
        reactor: Any = self.reactor
        looked_up = deferToThreadPool(reactor, reactor.getThreadPool(), _addresses, name)
        looked_up.addTimeout(self.timeout, reactor, lambda *_: fail(DNSLookupError(f"{name}: no answer in time")))
        return looked_up.addCallback(lambda found: self._checked(name, found))

    def _checked(self, name: str, addresses: list[str]) -> Deferred[str]:
        if name != self.allowed:
            for address in addresses:
                if not is_public(address):
                    refusal = RefusedAddress(name, address)
                    self.refused[name] = str(refusal)
                    return fail(refusal)
        self.known[name] = addresses[0]
        return succeed(addresses[0])


def _addresses(name: str) -> list[str]:
    """Ask the system for all addresses of a name, IPv4 first. Raises DNSLookupError."""
    try:
        found: list[Any] = socket.getaddrinfo(name, None, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise DNSLookupError(f"{name} has no address: {error}") from None
    addresses = [str(entry[4][0]) for entry in sorted(found, key=lambda entry: entry[0] != socket.AF_INET)]
    if not addresses:
        raise DNSLookupError(f"{name} has no address")
    return addresses
