"""Captures for tests: a body, and what came with it."""

from datetime import UTC, datetime

from archive.values import Capture, Outcome

URL = "https://dantri.com.vn/xa-hoi/bai-bao-20221223144734383.htm"
TEXT = (
    "Ngày 21/1, hai bên đã có cuộc hội đàm ở Hà Nội về các vấn đề liên quan đến an ninh, được tổ chức tại trụ sở mới."
)


def capture(body: bytes | str, url: str = URL, **headers: str) -> Capture:
    return Capture(
        outlet="dantri",
        url=url,
        fetched_at=datetime(2026, 11, 20, tzinfo=UTC),
        outcome=Outcome.OK,
        status=200,
        headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()),
        body=body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body,
    )


def page(inside: str, *, title: str = "Một tiêu đề đủ dài", head: str = "") -> str:
    """Give a page in the structure of Dân trí's 2021 era with this body."""
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">{head}</head><body>'
        f'<article class="singular-container"><h1 class="title-page detail">{title}</h1>'
        f'<h2 class="singular-sapo">(Dân trí) - Một đoạn mở đầu.</h2><div class="singular-content">{inside}</div>'
        "</article></body></html>"
    )
