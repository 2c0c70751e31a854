"""How right the diff is: made edits of known type in real articles, moved sentences, numbers never split, and speed.

    ARCHIVE_REAL_CORPUS=/folder/of/corpus python -m benchmarks.diff [--edits 400] [--seed 7] [--show]

Edits are made by patterns of their own, not by the rules under test: a figure exchanged by another, a number in words,
dates in five notations, persons after their titles, places, reporting verbs, `không` put in or taken out, words inside
quotation marks, headlines, leads, captions, bylines, notes. Each is made in an article of the corpus, alone or with a
second one elsewhere; right is the change that holds the edit when its first type is the one made.
"""

from __future__ import annotations

import argparse
import difflib
import gzip
import json
import os
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from archive.change import Change
from archive.diff import diff
from archive.sentences import sentences
from archive.values import Article, Block, Kind

Edit = tuple[str, str]
Maker = Callable[[random.Random, str], str | None]
_UPPER = "A-ZĐÁÀẢÃẠÂẤẦẨẪẬĂẮẰẲẴẶÉÈẺẼẸÊẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌÔỐỒỔỖỘƠỚỜỞỠỢÚÙỦŨỤƯỨỪỬỮỰÝỲỶỸỴ"
_NAME = rf"[{_UPPER}]\w+(?: [{_UPPER}]\w+){{0,3}}"
_PERSON = rf"(?:ông|bà|anh|chị|Thủ tướng|Tổng thống|Bộ trưởng|Chủ tịch|Giám đốc|luật sư|bác sĩ|tiến sĩ) ({_NAME})"
_PERSONS = [
    "Lê Văn Tám",
    "Trần Thị Mai",
    "Robert Gates",
    "Nguyễn Hoài Sơn",
    "Dmitry Kozak",
    "Hoàng Tùng",
    "Maria Lopez",
    "Phùng Đức",
]
_PLACES = [
    "Hà Nội",
    "Đà Nẵng",
    "Cần Thơ",
    "Nghệ An",
    "Quảng Ninh",
    "Lâm Đồng",
    "Huế",
    "TP.HCM",
    "Nha Trang",
    "Hải Phòng",
    "Bình Dương",
    "Thanh Hóa",
]
_LANDS = ["Nhật Bản", "Hàn Quốc", "Thái Lan", "Pháp", "Đức", "Trung Quốc", "Singapore", "Australia", "Canada", "Ấn Độ"]
_VERBS = [
    "cho biết",
    "khẳng định",
    "nói",
    "nhấn mạnh",
    "tuyên bố",
    "chia sẻ",
    "thừa nhận",
    "cho rằng",
    "tiết lộ",
    "nhận định",
    "cảnh báo",
]
_WORDS = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"]
_PLAIN = [
    "khu vườn",
    "bất ngờ",
    "thuận lợi",
    "nhanh chóng",
    "kỳ lạ",
    "công việc",
    "chuẩn bị",
    "mùa màng",
    "êm đềm",
    "rộng rãi",
]


def _sub(
    rng: random.Random, text: str, pattern: str, new: Callable[[re.Match[str]], str], group: int = 0
) -> str | None:
    found = [match for match in re.finditer(pattern, text) if new(match) != match[group]]
    if not found:
        return None
    match = rng.choice(found)
    return text[: match.start(group)] + new(match) + text[match.end(group) :]


def _other(rng: random.Random, listed: list[str], was: str) -> str:
    return rng.choice([one for one in listed if one != was])


def number(rng: random.Random, text: str) -> str | None:
    """Exchange a figure, a percentage, a range, a number in words or one with its scale."""
    way = rng.randrange(5)
    if way == 0:
        units = "người|năm|ngày|tháng|triệu|tỷ|%|km|m|kg|lần|tuổi|xe|căn|đồng|USD|học sinh|trường hợp|giờ|phút"
        return _sub(
            rng,
            text,
            rf"(?<![\d.,/:-])(\d{{1,3}}(?:\.\d{{3}})*)(?= ?(?:{units})\b)",
            lambda m: str(rng.randrange(11, 999)),
            1,
        )
    if way == 1:
        return _sub(
            rng, text, r"(?<![\d.,])(\d+(?:,\d+)?)%", lambda m: f"{rng.randrange(2, 97)},{rng.randrange(1, 9)}", 1
        )
    if way == 2:
        return _sub(
            rng,
            text,
            r"(?<![\d.,/-])(\d{1,2}) ?- ?(\d{1,2})(?= [a-zđ]| ?%)(?! tháng)",
            lambda m: str(rng.randrange(40, 90)),
            2,
        )
    if way == 3:
        nouns = (
            "người|đứa|con|căn|chiếc|vụ|lần|bên|nước|nhà|mẹ con|anh em|cháu|ngày|tuần|cô|em|học sinh|nạn nhân|xe|trường"
        )
        return _sub(
            rng,
            text,
            rf"(?<=[a-zđ,] )({'|'.join(_WORDS)})(?= (?:{nouns})\b)",
            lambda m: _other(rng, _WORDS, m[1].lower()),
            1,
        )
    return _sub(
        rng,
        text,
        r"(?<![\d.,])(\d+(?:,\d+)?) (triệu|tỷ|tỉ|nghìn|ngàn)",
        lambda m: f"{rng.randrange(2, 90)} {_other(rng, ['triệu', 'tỷ', 'nghìn'], m[2])}",
    )


def date(rng: random.Random, text: str) -> str | None:
    """Exchange a day in one of five notations, a month, a year, an hour, a day of the week, a part of the day."""
    way = rng.randrange(7)
    if way == 0:
        return _sub(
            rng,
            text,
            r"(?<![\d/])(\d{1,2})/(\d{1,2})((?:/\d{4})?)(?![\d/])",
            lambda m: f"{rng.randrange(1, 29)}/{m[2]}{m[3]}",
        )
    if way == 1:
        return _sub(
            rng, text, r"(?:ngày|sáng|chiều|tối) (\d{1,2})-(\d{1,2})(?![\d-])", lambda m: str(rng.randrange(1, 29)), 1
        )
    if way == 2:
        return _sub(
            rng, text, r"ngày (\d{1,2})/(\d{1,2})/(\d{4})", lambda m: f"ngày {m[1]}/{m[2]}/{rng.randrange(1990, 2019)}"
        )
    if way == 3:
        return _sub(rng, text, r"tháng (\d{1,2})\b", lambda m: str(rng.randrange(1, 13)), 1)
    if way == 4:
        return _sub(rng, text, r"năm ((?:19|20)\d{2})\b", lambda m: str(rng.randrange(1950, 2020)), 1)
    if way == 5:
        return _sub(rng, text, r"\b(\d{1,2})h(\d{2})?\b", lambda m: f"{rng.randrange(1, 24)}h{m[2] or ''}")
    return _sub(
        rng,
        text,
        r"(?:hôm|tuần|tháng|năm) (qua|nay|trước|ngoái|sau|tới)\b",
        lambda m: _other(rng, ["nay", "trước", "sau"], m[1]),
        1,
    )


def long_date(rng: random.Random, text: str) -> str | None:
    """Write a day out and exchange it (`ngày 21 tháng 1 năm 2012`)."""
    return _sub(rng, text, r"ngày (\d{1,2}) tháng (\d{1,2})", lambda m: f"ngày {rng.randrange(1, 29)} tháng {m[2]}")


def name(rng: random.Random, text: str) -> str | None:
    """Exchange a person's name after a title."""
    return _sub(rng, text, _PERSON, lambda m: _other(rng, _PERSONS, m[1]), 1)


def place(rng: random.Random, text: str) -> str | None:
    """Exchange a city, province or country by another."""
    listed = rng.choice([_PLACES, _LANDS])
    alone = (
        rf"(?<![{_UPPER}.] )(?<!Đại học )(?<!ông )(?<!Chủ tịch )\b({'|'.join(map(re.escape, listed))})\b(?! [{_UPPER}])"
    )
    return _sub(
        rng, text, rf"(?<=[a-zđàáạảãèéêìíòóôơùúưýờớợởộồốếềệặắằấầậụ] ){alone}", lambda m: _other(rng, listed, m[1]), 1
    )


def attribution(rng: random.Random, text: str) -> str | None:
    """Exchange a reporting verb after a name, or put in a source."""
    if rng.random() < 0.3:
        return _sub(
            rng,
            text,
            r"\. (?=[A-ZĐ])",
            lambda m: rng.choice([". Theo Reuters, ", ". Theo Bộ Y tế, ", ". Theo lãnh đạo tỉnh, "]),
        )
    return _sub(rng, text, rf"{_PERSON} ({'|'.join(_VERBS)})\b", lambda m: _other(rng, _VERBS, m[2]), 2)


def negation(rng: random.Random, text: str) -> str | None:
    """Put `không` in or take it out, or exchange it."""
    if rng.random() < 0.5:
        return _sub(
            rng,
            text,
            r"(?<= )(không|chưa|chẳng|không hề|không thể) (?=(?:có|được|biết|thể|phải|muốn|cần|bị|còn|đi|làm)\b)",
            lambda m: rng.choice(["", "vẫn "]),
        )
    if rng.random() < 0.4:
        return _sub(rng, text, r"(?<= )(sẽ|đã) (?=[a-zđ]+ )", lambda m: rng.choice(["chưa ", "không ", "chẳng hề "]))
    return _sub(rng, text, r"(?<= )(đã|sẽ|được|bị) (?=[a-zđ]+ )", lambda m: rng.choice(["không ", "chưa "]) + m[0])


def quotation(rng: random.Random, text: str) -> str | None:
    """Exchange a word or two inside quotation marks of any shape."""

    def inside(match: re.Match[str]) -> str:
        said = match[1].split()
        low = [at for at in range(1, len(said) - 1) if said[at].isalpha() and said[at].islower()]
        if not low:
            return match[1]
        at = rng.choice(low)
        return " ".join([*said[:at], rng.choice(_PLAIN), *said[at + 1 :]])

    return _sub(rng, text, r"[“\"«]([^“”\"«»]{40,300})[”\"»]", inside, 1)


def other(rng: random.Random, text: str) -> str | None:
    """Exchange plain words outside quotation marks."""
    if re.search(r"[“”\"«»]", text):
        return None
    return _sub(rng, text, r"(?<=[a-zđ] )([a-zđ]{3,}) (?=[a-zđ]{2,} [a-zđ])", lambda m: f"{rng.choice(_PLAIN)} ", 0)


def spelling(rng: random.Random, text: str) -> str | None:
    """Write a name or figure in another house's style."""
    pairs = [
        "Mỹ|Hoa Kỳ",
        "Ukraine|Ukraina",
        "TP.HCM|TP Hồ Chí Minh",
        "Australia|Úc",
        "Moscow|Mátxcơva",
        "Italia|Ý",
        "kỹ|kĩ",
        "bác sĩ|bác sỹ",
        "tỷ|tỉ",
        "Hàn Quốc|Nam Hàn",
        "London|Luân Đôn",
        "Campuchia|Cam-pu-chia",
    ]
    was, now = rng.choice(pairs).split("|")
    return _sub(rng, text, rf"(?<=[a-zđ] ){re.escape(was)}(?= [a-zđ])", lambda m: now)


def typography(rng: random.Random, text: str) -> str | None:
    """Exchange marks, tone placement or dashes."""
    way = rng.randrange(3)
    if way == 0:
        return _sub(rng, text, r"[“”]", lambda m: '"')
    if way == 1:
        return _sub(
            rng,
            text,
            r"\b(hóa|hòa|tòa|khỏe|thủy|thúy)\b",
            lambda m: {"hóa": "hoá", "hòa": "hoà", "tòa": "toà", "khỏe": "khoẻ", "thủy": "thuỷ", "thúy": "thuý"}[m[1]],
        )
    return _sub(rng, text, r"(?<=[a-zđ]),(?= [a-zđ])", lambda m: " –")


BODY: dict[str, Maker] = {
    **{
        made.__name__: made
        for made in (number, date, name, place, attribution, negation, quotation, other, spelling, typography)
    },
    "date ": long_date,
}


def _article(text: str, rng: random.Random) -> Article | None:
    """Make an article of a text of the corpus: paragraphs of some sentences, a title, a byline, a caption."""
    said = sentences(text)
    if not 8 <= len(said) <= 60:
        return None
    title, lead, rest = " ".join(said[0].split()[:12]), said[1], said[2:]
    blocks, at = [Block(kind=Kind.CAPTION, text="Hiện trường vụ việc nhìn từ trên cao. Ảnh: Reuters")], 0
    while at < len(rest):
        size = rng.randrange(1, 5)
        blocks.append(Block(kind=Kind.PARAGRAPH, text=" ".join(rest[at : at + size])))
        at += size
    return Article(title=title, byline=("Lê Minh Anh",), lead=lead, blocks=tuple(blocks), source_line="Theo Reuters")


def _words(rng: random.Random, text: str) -> str:
    said = text.split()
    at = rng.randrange(1, len(said) - 2)
    return " ".join([*said[:at], *rng.sample(_PLAIN, 2), *said[at + 3 :]])


def _elsewhere(rng: random.Random, kind: str, old: Article) -> tuple[Article, str] | None:
    if kind in ("headline", "lead") and min(old.title.count(" "), old.lead.count(" ")) < 6:
        return None
    if kind == "headline":
        return replace(old, title=_words(rng, old.title)), "title"
    if kind == "lead":
        return replace(old, lead=_words(rng, old.lead)), "lead"
    if kind == "caption":
        now = Block(
            kind=Kind.CAPTION,
            text=rng.choice(
                ["Khói bốc lên từ mái nhà. Ảnh: Reuters", "Hiện trường vụ việc chụp ban đêm. Ảnh: Reuters"]
            ),
        )
        return replace(old, blocks=(now, *old.blocks[1:])), "caption"
    if kind == "byline":
        return replace(old, byline=(rng.choice(["Lê Minh Ánh", "Hoàng Hà", "Thu Trang, Lê Minh Anh"]),)), "byline"
    notes = [
        "Đính chính: bản trước của bài viết ghi sai tên nhân vật.",
        "Bài viết đã được cập nhật lúc 10h30.",
        "(Đã cập nhật)",
        "Cập nhật: cơ quan điều tra đã khởi tố vụ án.",
        "Tòa soạn xin lỗi bạn đọc về sai sót này.",
    ]
    note = Block(kind=Kind.PARAGRAPH, text=rng.choice(notes))
    blocks = (note, *old.blocks) if rng.random() < 0.5 else (*old.blocks, note)
    return replace(old, blocks=blocks), "note"


def _in_body(rng: random.Random, make: Maker, old: Article) -> tuple[Article, int] | None:
    order = list(range(1, len(old.blocks)))
    rng.shuffle(order)
    for at in order:
        text = make(rng, old.blocks[at].text)
        if text is not None and text != old.blocks[at].text:
            return replace(
                old, blocks=(*old.blocks[:at], Block(kind=Kind.PARAGRAPH, text=text), *old.blocks[at + 1 :])
            ), at
    return None


def made(articles: list[str], rng: random.Random, kind: str) -> tuple[Article, Article] | None:
    """Give an article and the same with one edit of this kind."""
    old = _article(rng.choice(articles), rng)
    if old is None:
        return None
    done = _in_body(rng, BODY[kind], old) if kind in BODY else _elsewhere(rng, kind, old)
    return (old, done[0]) if done else None


def is_split(change: Change) -> bool:
    """Tell whether a change begins or ends inside a figure of its sentence."""
    for part, whole in ((change.old, change.old_sentence), (change.new, change.new_sentence)):
        places = [found.start() for found in re.finditer(re.escape(part), whole)] if part else []
        if places and all(_cuts(whole, at, at + len(part)) for at in places):
            return True
    return False


def _cuts(text: str, start: int, end: int) -> bool:
    figure = "[0-9.,/:]"
    begins = (
        start > 0
        and text[start].isdigit()
        and bool(re.match(figure, text[start - 1]))
        and re.search(r"\d[.,/:]?$", text[:start])
    )
    ends = end < len(text) and text[end - 1].isdigit() and re.match(r"[.,/:]?\d", text[end:])
    return bool(begins or ends)


def typed(articles: list[str], rng: random.Random, count: int, *, show: bool) -> None:
    """Make the edits, type them and print how many are right, by kind."""
    kinds = [*BODY, "headline", "lead", "caption", "byline", "correction"]
    right: dict[str, list[bool]] = defaultdict(list)
    wrong: Counter[str] = Counter()
    split = 0
    while sum(map(len, right.values())) < count:
        kind = kinds[sum(map(len, right.values())) % len(kinds)]
        pair = made(articles, rng, kind)
        if pair is None:
            continue
        changes = [change for change in diff(*pair).changes if change.op not in ("split", "joined")]
        is_right = bool(changes) and all(change.type == kind.strip() for change in changes)
        right[kind.strip()].append(is_right)
        split += sum(is_split(change) for change in changes)
        if not is_right:
            wrong[f"{kind.strip()} → {','.join(change.type for change in changes)}"] += 1
            if show:
                print(
                    "  ",
                    kind,
                    [(c.op, c.types, c.old[:80], c.new[:80]) for c in changes],
                    "|",
                    changes[0].old_sentence[:160] if changes else "",
                )
    for kind, rows in right.items():
        print(f"  {kind:12} {sum(rows):4} of {len(rows):4}")
    total = [row for rows in right.values() for row in rows]
    print(f"type right: {sum(total)} of {len(total)} = {sum(total) / len(total):.3f}; numbers split: {split}")
    print("  " + ", ".join(f"{what} {times}" for what, times in wrong.most_common()))


def moved(articles: list[str], rng: random.Random, count: int) -> None:
    """Move a paragraph or a sentence and print how often it is shown as moved, and nothing else changed."""
    found = tried = 0
    while tried < count:
        old = _article(rng.choice(articles), rng)
        if old is None or len(old.blocks) < 5:
            continue
        blocks = list(old.blocks)
        block = blocks.pop(rng.randrange(2, len(blocks)))
        if block.text.count(" ") < 5 or block in blocks:
            continue
        blocks.insert(1, block)
        tried += blocks != list(old.blocks)
        ops = {change.op for change in diff(old, replace(old, blocks=tuple(blocks))).changes}
        found += bool(blocks != list(old.blocks)) and "moved" in ops and not ops & {"added", "removed"}
    print(f"moved found: {found} of {tried}")


def _best(run: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.process_time()
        run()
        taken.append(time.process_time() - began)
    return min(taken) * 1000


def speed(articles: list[str], rng: random.Random) -> None:
    """Print milliseconds (CPU, best of 5) for pairs of 8 KB beside difflib over words, and for hostile texts."""
    long = [text[:8000] for text in articles if len(text.encode()) > 9000][:40]
    one, two = (
        Article(
            title="Tin",
            blocks=tuple(Block(kind=Kind.PARAGRAPH, text=p) for p in re.findall(r".{1,500}(?: |$)", rng.choice(long))),
        )
        for _ in "ab"
    )
    edited = replace(
        one, blocks=tuple(replace(b, text=b.text.replace(" là ", " không phải là ", 1)) for b in one.blocks)
    )
    for label, old, new in (("edited", one, edited), ("unrelated", one, two)):
        ours = _best(lambda old=old, new=new: diff(old, new).changes, 5)  # type: ignore[misc]
        words = [[w for b in a.blocks for w in b.text.split()] for a in (old, new)]
        theirs = _best(
            lambda words=words: difflib.SequenceMatcher(None, words[0], words[1], autojunk=False).get_opcodes(),  # type: ignore[misc]
            3,
        )
        print(f"8 KB {label}: {ours:.1f} ms; difflib over words {theirs:.1f} ms ({theirs / ours:.1f} times as long)")
    for label, a, b in (
        ("one word", "a " * 100_000, "a " * 99_999 + "b"),
        ("short sentences", "A1. " * 50_000, "B1. " * 50_000),
        ("numbers", " ".join(map(str, range(35_000))), " ".join(map(str, range(35_000, 0, -1)))),
        ("number words", "hai mươi " * 22_000, "ba mươi " * 22_000),
        ("capitals", "Ab Cd " * 33_000, "Ab Ce " * 33_000),
        ("negations", "không chưa " * 18_000, "chưa không " * 18_000),
        (
            "alike sentences",
            " ".join(f"Câu {at} nói gì." for at in range(2900)),
            " ".join(f"Câu {at} đáp lại." for at in range(2900)),
        ),
    ):
        pair = [Article(title="Tin", blocks=(Block(kind=Kind.PARAGRAPH, text=text),)) for text in (a, b)]
        print(f"200 KB of {label}: {_best(lambda pair=pair: diff(*pair).changes, 1):.0f} ms")  # type: ignore[misc]


def main() -> None:
    """Read the corpus and print all figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edits", type=int, default=400)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show", action="store_true", help="print what was typed wrongly")
    options = parser.parse_args()
    folder = os.environ.get("ARCHIVE_REAL_CORPUS")
    if not folder:
        raise SystemExit("set ARCHIVE_REAL_CORPUS to the folder with articles.jsonl.gz")
    with gzip.open(Path(folder) / "articles.jsonl.gz", "rt", encoding="utf-8") as file:
        articles = [json.loads(line)["text"] for line, _ in zip(file, range(4000), strict=False)]
    rng = random.Random(options.seed)
    typed(articles, rng, options.edits, show=options.show)
    moved(articles, rng, 60)
    speed(articles, rng)


if __name__ == "__main__":
    main()
