"""What an address of an outlet answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from tests.replica.site import Site

HTML, XML, MAP = "text/html; charset=utf-8", "text/xml; charset=utf-8", "application/xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an address answers: `tag` and `changed` become ETag and Last-Modified where the outlet sends them."""

    status: int = 200
    body: bytes = b""
    type: str = HTML
    location: str = ""
    tag: str = ""
    changed: datetime | None = None


def missing(site: Site, status: int) -> Answer:
    """Give the page that stands where nothing lives, or lives no more."""
    body = (
        '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">'
        f"<title>Không tìm thấy trang - {site.display}</title>"
        "</head><body><h1>Không tìm thấy trang</h1><p>Trang bạn tìm đã được gỡ hoặc chưa từng có.</p></body></html>"
    )
    return Answer(status=status, body=body.encode())


def digest(data: bytes) -> str:
    """Give what an ETag holds."""
    return sha256(data).hexdigest()[:20]
