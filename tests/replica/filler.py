"""The weight of real pages: style sheets, scripts, menus and invented headlines, the same for the same seed."""

from __future__ import annotations

from functools import cache
from random import Random
from zlib import crc32

WHO = (
    "Hội người chơi lan, Câu lạc bộ xe cổ, Nhóm bạn học cũ, Tổ đan len xóm Chợ, Đội thuyền nan, Phường múa rối, "
    "Xưởng gốm nhỏ, Hàng phở góc phố, Lớp vẽ cuối tuần, Quán trà đầu ngõ, Vườn hồng ngoại ô, Thư viện lưu động"
)
DID = (
    "mở cửa sớm hơn mọi năm, đổi lịch gặp mặt, tìm thêm người giúp việc, khoe mẻ hàng mới, bàn chuyện mùa lạnh, "
    "giữ nguyên giá vé, dọn về chỗ rộng hơn, nhận đơn đặt trước Tết, kể chuyện hai mươi năm, thử cách làm khác"
)
WHERE = (
    "bên hồ, trong phố cũ, ở làng nghề, ngoài bãi sông, giữa chợ phiên, dưới chân đèo, sau sân đình, gần bến đò, "
    "trên gác hai, cạnh ga xép"
)
_PARTS = tuple(part.split(", ") for part in (WHO, DID, WHERE))
_WORD_LIST = (
    "track slot banner lazy widget comment social player module event queue price frame scroll index bundle state "
    "node client render config token stream layout cache"
)
_WORDS = tuple(_WORD_LIST.split())
_RULES = ("margin", "padding", "line-height", "font-size", "border-radius", "letter-spacing", "min-width", "gap")


def rng(*parts: object) -> Random:
    """Give a generator seeded by these parts, the same in every process.

    >>> rng("a", 1).random() == rng("a", 1).random()
    True
    """
    return Random(crc32("\x1f".join(map(str, parts)).encode()))


def headline(random: Random) -> str:
    """Invent a headline, for boxes and menus that lead nowhere."""
    return " ".join(random.choice(part) for part in _PARTS)


@cache
def _styles(name: str) -> str:
    random = rng(name, "css")
    return "".join(_rule(random) for _ in range(2600))


def _rule(random: Random) -> str:
    selector = f".z{random.getrandbits(24):06x}-{random.choice(_WORDS)}"
    body = ";".join(f"{rule}:{random.randint(0, 48)}px" for rule in random.sample(_RULES, 3))
    return f"{selector}{{{body};color:#{random.getrandbits(24):06x}}}\n"


@cache
def _scripts(name: str) -> str:
    random = rng(name, "js")
    return "".join(_function(random) for _ in range(1500))


def _function(random: Random) -> str:
    a, b, c = random.sample(_WORDS, 3)
    key = f"{random.getrandbits(40):010x}"
    return (
        f"window.{a}{key[:5]}=function({b},n){{if(!{b}||n>{random.randint(2, 99)})return null;"
        f"var {c}={b}.{a}||'{key}';return {c}+':'+n*{random.randint(2, 999)};}};\n"
    )


def style(name: str, size: int, seed: str) -> str:
    """Give a style element of about `size` bytes."""
    return f"<style>{_cut(_styles(name), size, seed)}</style>"


def script(name: str, size: int, seed: str) -> str:
    """Give an inline script element of about `size` bytes."""
    return f"<script>{_cut(_scripts(name), size, seed)}</script>"


def _cut(pool: str, size: int, seed: str) -> str:
    """Cut about `size` bytes of whole lines out of a pool, from a place that the seed chooses; short pools repeat."""
    wanted = max(size, 0)
    ring = pool * (2 + wanted // len(pool))
    begin = ring.index("\n", rng(seed).randrange(len(pool))) + 1
    return ring[begin : begin + wanted].rpartition("\n")[0]


def target(url: str, low: int = 130_000, high: int = 420_000) -> int:
    """Give the weight in bytes that the page of an address has."""
    return rng(url, "weight").randint(low, high)


def padded(head: str, body: str, *, name: str, url: str, weight: int) -> tuple[str, str]:
    """Give head and body with style sheets and scripts added until the page weighs about `weight` bytes."""
    missing = weight - len(head.encode()) - len(body.encode()) - 2_000
    head += style(name, missing * 4 // 10, url) + script(name, missing * 3 // 10, url + "#head")
    return head, body + script(name, missing * 3 // 10, url + "#foot")
