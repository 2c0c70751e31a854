"""What kind of article a page is, and the text that only such pages have."""

import pytest

from archive.values import Article, Kind, Outcome
from pipeline.extract import extract
from pipeline.outlet import load_outlets
from tests.pipeline.eras import ERAS, INSIDE, PARAGRAPHS, era_page
from tests.pipeline.making import capture

DANTRI = load_outlets()["dantri"]
URL = ERAS["dantri/2021"][0]
PICTURES = "".join(f'<figure><img src="/{n}.jpg"><figcaption>Ảnh thứ {n}.</figcaption></figure>' for n in range(5))
LONG = "một câu chuyện đủ dài để là một mục của bài tường thuật trực tiếp"


def article(inside: str = INSIDE, *, url: str = URL, era: str = "dantri/2021", **more: str) -> Article:
    reading = extract(capture(era_page(era, inside, **more), url=url), DANTRI)
    assert (reading.outcome, reading.article is not None) == (Outcome.OK, True), reading.reason
    assert reading.article is not None
    return reading.article


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ("article", {}),
        ("photo", {"inside": PICTURES}),
        ("photo", {"inside": PICTURES[: 2 * len(PICTURES) // 5]}),
        ("photo", {"title": "[Photo] Một mùa nước nổi"}),
        ("video", {"url": "https://dantri.com.vn/video/tin-20221223144734383.htm"}),
        ("video", {"inside": "<video src='a.mp4'></video>"}),
        ("infographic", {"url": "https://dantri.com.vn/infographic/tin-20221223144734383.htm"}),
        ("infographic", {"title": "[Infographics] Một mùa nước nổi"}),
        ("emagazine", {"url": "https://dantri.com.vn/dmagazine/tin-20221223144734383.htm"}),
        ("quiz", {"url": "https://dantri.com.vn/trac-nghiem/tin-20221223144734383.htm"}),
        ("live", {"head": '<script type="application/ld+json">{"@type": "LiveBlogPosting"}</script>'}),
    ],
)
def test_a_page_tells_its_format(expected: str, told: dict[str, str]) -> None:
    assert expected == article(**told).format


def test_an_e_magazine_and_a_photo_story_share_a_template() -> None:
    page = era_page("dantri/emagazine")
    for name, expected in (("d-magazine", "emagazine"), ("photo-story", "photo")):
        read = extract(capture(page.replace("d-magazine", name), url=URL), DANTRI).article
        assert read is not None
        assert read.format == expected


LIVE = {
    "boxes with a time": '<div class="item"><span class="time">{h}:05</span><h3>Đề mục</h3><p>{text}</p></div>',
    "bold times": "<p><strong>{h}h05:</strong> {text}.</p>",
    "a time on a line of its own": "<p><strong>{h}h05</strong></p><p>{text}</p>",
    "a time as a heading": "<h3>{h}h05:</h3><p>{text}</p>",
    "list": "<li><time>{h}:05 - 12/7</time> {text}</li>",
}


@pytest.mark.parametrize("form", LIVE)
def test_a_live_blogs_entries_are_blocks_with_their_time(form: str) -> None:
    inside = "".join(LIVE[form].format(h=hour, text=f"{LONG} {hour}") for hour in (10, 11, 12))
    read = article(inside, title="Trực tiếp: nước về bên sông")
    entries = [block for block in read.blocks if block.kind.value == "entry"]
    assert (read.format, len(entries)) == ("live", 3)
    assert [entry.time[:2] for entry in entries] == ["10", "11", "12"]
    assert all(LONG in entry.text and ":05" not in entry.text and "h05" not in entry.text for entry in entries)


@pytest.mark.parametrize(
    ("hours", "told", "expected"),
    [
        (3, {}, "article"),
        (6, {}, "live"),
        (3, {"title": "Diễn biến mùa nước nổi"}, "live"),
        (3, {"url": URL.replace("/tin-", "/truc-tiep-tin-")}, "live"),
    ],
)
def test_an_hourly_story_is_a_live_blog_where_the_page_says_so_or_it_is_long(
    hours: int, told: dict[str, str], expected: str
) -> None:
    story = "".join(f"<p><strong>{hour}h30</strong> {LONG} {hour}.</p>" for hour in range(10, 10 + hours))
    read = article(f"{INSIDE}{story}", **told)
    assert read.format == expected
    assert any("10h30" in block.text for block in read.blocks) == (expected == "article")


def test_an_entrys_day_makes_its_time_iso_and_its_captions_stay_captions() -> None:
    entry = (
        '<div itemprop="liveBlogUpdate"><time datetime="2026-07-21T10:05:00+07:00">10:05</time><p>Một.</p><p>Hai.</p>'
    )
    entry += '<figure><img src="/a.jpg"><figcaption>Thuyền. Ảnh: Tô Lan</figcaption></figure></div>'
    read = article(f"<p>{PARAGRAPHS[0]}</p>{entry}")
    assert [(block.kind.value, block.text, block.time) for block in read.blocks] == [
        ("paragraph", PARAGRAPHS[0], ""),
        ("entry", "Một. Hai.", "2026-07-21T10:05:00+07:00"),
        ("caption", "Thuyền. Ảnh: Tô Lan", ""),
    ]


def test_headlines_with_times_and_a_programmes_lines_are_no_entries() -> None:
    news = "".join(f'<li><span class="time">1{n}:05</span><a href="/{n}">{LONG} {n}</a></li>' for n in range(4))
    lines = "".join(f"<li><b>1{n}:05</b> Khai mạc</li>" for n in range(4))
    read = article(f"{INSIDE}<ul>{lines}</ul><ul>{news}</ul>")
    assert {block.kind.value for block in read.blocks} == {"paragraph", "caption", "list_item"}
    assert read.format == "article"
    assert not any(LONG in block.text for block in read.blocks)


def question(number: int) -> str:
    answers = "".join(f"<label><input type=radio name=q{number}>Sông {name}</label>" for name in ("Hồng", "Mã"))
    return f"<p>Câu {number}: sông nào dài hơn?</p>{answers}"


def test_a_quizs_questions_and_answers_are_kept_and_a_poll_is_furniture() -> None:
    read = article(f"<p>{PARAGRAPHS[0]}</p><form>{question(1)}{question(2)}<button>Nộp bài</button></form>")
    assert read.format == "quiz"
    told = [block.text for block in read.blocks]
    assert told == [
        PARAGRAPHS[0],
        *(text for n in (1, 2) for text in (f"Câu {n}: sông nào dài hơn?", "Sông Hồng", "Sông Mã")),
    ]
    poll = article(f"{INSIDE}<form>{question(1)}</form>")
    assert [block.text for block in poll.blocks] == [block.text for block in article().blocks]


def test_a_video_page_needs_no_text() -> None:
    page = era_page("dantri/2021", "<video src='a.mp4'></video>").replace("Nước về", "(Dân trí) - Nước về")
    reading = extract(capture(page, url="https://dantri.com.vn/video/tin-20221223144734383.htm"), DANTRI)
    assert (reading.outcome, reading.missing) == (Outcome.OK, ())


@pytest.mark.parametrize("entries", [2, 4])
def test_a_few_timed_entries_are_a_live_blog_where_the_head_says_so(entries: int) -> None:
    inside = "".join(f"<p><strong>{h}h05</strong> {LONG}.</p>" for h in range(8, 8 + entries))
    head = '<script type="application/ld+json">[{"@type": "LiveBlogPosting", "headline": "Bầu cử"}]</script>'
    assert [block.kind for block in article(inside, head=head).blocks] == [Kind.ENTRY] * entries
    assert [block.kind for block in article(inside).blocks] == [Kind.PARAGRAPH] * entries
