"""Pages that ask for no copy to be shown."""

from __future__ import annotations

import pytest

from pipeline.extract import extract
from pipeline.outlet import Outlet
from tests.archive.builds import capture
from tests.pipeline.making import page

HOST = Outlet(name="a.vn", display="a.vn", hosts=("a.vn",), article="", languages=(), generic=True)
TEXT = "<p>Một đoạn văn dài vừa đủ để ai đọc cũng hiểu là có một bài báo ở đây, không phải trang trống.</p>" * 6


@pytest.mark.parametrize(
    ("head", "headers", "private"),
    [
        ("", (), False),
        ("", (("X-Robots-Tag", "noindex"),), False),
        ("", (("x-robots-tag", "noindex"), ("X-Robots-Tag", "googlebot: NoArchive, nofollow")), True),
        ('<meta name="robots" content="index,noarchive">', (), True),
        ('<meta name="Googlebot" content="noarchive">', (), True),
        ('<meta name="description" content="noarchive">', (), False),
    ],
)
def test_a_page_says_whether_copies_may_be_shown(
    head: str, headers: tuple[tuple[str, str], ...], private: bool
) -> None:
    body = page(TEXT, title="Bài báo có tên").replace("</head>", f"{head}</head>").encode()
    taken = capture(url="https://a.vn/bai-1.htm", body=body, headers=(("Content-Type", "text/html"), *headers))
    assert extract(taken, HOST).noarchive is private
