"""Related articles in brackets within a paragraph are cut; what is written into a sentence stays."""

import pytest
from lxml import html

from pipeline.bracket import cut_bracketed
from pipeline.outlet import Template
from pipeline.parts import read_parts

TEMPLATE = Template(outlet="bao", era="1", match=("div",), body=("div",))
LINK = "<a href='/x-post12.vnp'>{}</a>"
TITLE = "Bến đò cuối cùng đóng cửa"


def told(inside: str) -> list[str]:
    root = html.document_fromstring(f"<body><div>{inside}</div></body>")
    return [block.text for block in read_parts(root, [root.find(".//div")], TEMPLATE, "").blocks]


@pytest.mark.parametrize(
    "line",
    [
        f"<p>Cầu đã thông xe. {LINK.format(f'[{TITLE}]')}</p>",
        f"<p>Cầu đã thông xe.<br>[{LINK.format(TITLE)}]</p>",
        f"<p>Cầu đã thông xe. <b>{LINK.format(f'[{TITLE}]')}</b></p>",
        f"<p>Cầu đã thông xe. <strong>[{LINK.format(TITLE)}]</strong></p>",
    ],
)
def test_a_link_in_brackets_behind_a_sentence_is_cut(line: str) -> None:
    assert told(line) == ["Cầu đã thông xe."]


@pytest.mark.parametrize(
    "line",
    [
        f"<p>Họ [{LINK.format(TITLE)}] đã đến.</p>",
        f"<p>Như {LINK.format(f'[{TITLE}]')} đã kể.</p>",
        f"<p>Cầu đã thông xe. {LINK.format('[1]')}</p>",
        f"<p>Cầu đã thông xe. {LINK.format(TITLE)}.</p>",
    ],
)
def test_a_link_within_a_sentence_stays(line: str) -> None:
    root = html.fragment_fromstring(f"<div>{line}</div>")
    whole = root.text_content()
    assert (cut_bracketed(root), root.text_content()) == ([], whole)
