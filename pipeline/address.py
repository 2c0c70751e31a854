"""Addresses: one form for one page, tracking parameters dropped."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

# Parameters that say where a reader came from, never which page it is.
_TRACKING = re.compile(
    r"(?i)^(utm_.*|fbclid|gclid|dclid|msclkid|yclid|igshid|mibextid|zarsrc|gidzl|_ga|_gl|ref|ref_src|vn_source|vn_campaign"
    r"|vn_medium|vn_term|vn_thumb|itm_.*|cmpid|mc_[ce]id|at_.*|spm|ns_.*|share|from_source|amp)$"
)


def host_of(url: str) -> str:
    """Give an address's host in lower case without a port, or an empty string.

    >>> host_of("https://WWW.Dantri.com.vn:443/a.htm"), host_of("mailto:x")
    ('www.dantri.com.vn', '')
    """
    try:
        return (urlsplit(url.strip()).hostname or "").rstrip(".")
    except ValueError:
        return ""


@lru_cache(maxsize=4096)
def canonical_address(url: str) -> str:
    """Give the one form of an address: https, sorted query, no tracking parameters, no fragment, default port dropped.

    An address that cannot be read is given back stripped.

    >>> canonical_address("HTTP://Vov.vn/a.vov?utm_source=zalo&b=2&a=1#top")
    'https://vov.vn/a.vov?a=1&b=2'
    """
    from w3lib.url import canonicalize_url, url_query_cleaner

    try:
        parts = urlsplit(url.strip())
        plain = parts._replace(scheme="https" if parts.scheme in ("http", "https") else parts.scheme, fragment="")
        tracked = [name for name in _names(parts.query) if _TRACKING.match(name)]
        whole = plain._replace(netloc=re.sub(r":(80|443)$", "", parts.netloc)).geturl()
        return str(canonicalize_url(url_query_cleaner(whole, tracked, remove=True) if tracked else whole))
    except ValueError:
        return url.strip()


def _names(query: str) -> list[str]:
    return [part.split("=", 1)[0] for part in query.split("&") if part]


def path_of(url: str) -> str:
    """Give an address's path, percent signs as they are, or an empty string.

    >>> path_of("https://dantri.com.vn/a/b-20221223144734383.htm?x=1")
    '/a/b-20221223144734383.htm'
    """
    try:
        return urlsplit(url.strip()).path
    except ValueError:
        return ""
