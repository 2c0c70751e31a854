"""Credits: whom an article names as its source, and which outlets of the archive would have that source's text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.values import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source as it is called, how it is written, and the outlets that publish its text."""

    name: str
    written: re.Pattern[str]
    outlets: frozenset[str] = frozenset()


def _source(name: str, written: str, *outlets: str) -> Source:
    return Source(name=name, written=re.compile(rf"(?i)(?<!\w)(?:{written})(?!\w)"), outlets=frozenset(outlets))


#: Sources that Vietnamese papers credit most, and the outlets of one house as one source.
SOURCES = (
    _source(
        "TTXVN",
        r"TTXVN|Thông tấn xã Việt Nam|Vietnam\s?\+|VietnamPlus|Vietnam\+|VNA|Báo Tin tức|baotintuc(?:\.vn)?|BNEWS",
        *("vietnamplus", "baotintuc", "bnews", "thethaovanhoa"),
    ),
    _source("Dân trí", r"Dân trí|Dantri(?:\.com\.vn)?", "dantri"),
    _source("Lao Động", r"Lao động|laodong(?:\.vn)?", "laodong"),
    _source("Nhân Dân", r"Nhân dân|nhandan(?:\.vn)?", "nhandan"),
    _source("VnExpress", r"VnExpress(?:\.net)?", "vnexpress"),
    _source("Tuổi Trẻ", r"Tuổi trẻ|tuoitre(?:\.vn)?", "tuoitre"),
    _source("Thanh Niên", r"Thanh niên|thanhnien(?:\.vn)?", "thanhnien"),
    _source("Tiền Phong", r"Tiền phong|tienphong(?:\.vn)?", "tienphong"),
    _source("VietNamNet", r"VietNamNet", "vietnamnet"),
    _source("VOV", r"VOV(?:\.vn)?", "vov"),
    _source("Soha", r"Soha(?:\.vn)?", "soha"),
    _source("Tân Hoa xã", r"Tân Hoa xã|THX|Xinhua"),
    *(_source(name, name) for name in ("RT", "Reuters", "AFP", "AP", "Sputnik", "TASS", "CNN", "BBC", "Bloomberg")),
    *(_source(name, name) for name in ("Kyodo", "Yonhap", "RIA Novosti", "Guardian", "CNBC", "Anadolu", "DW")),
)
_AROUND = re.compile(r"(?i)^[\s(\[]*(?:theo|nguồn|source)?[\s:]*|[\s)\].]*$")


def credit_line(article: Article) -> str:
    """Give the words by which an article names its source: its source line, else an agency, in byline or beside it.

    >>> credit_line(Article(title="Tin", source_line="Theo RT")), credit_line(Article(title="Tin", byline=("An",)))
    ('Theo RT', '')
    """
    if article.source_line:
        return article.source_line
    agencies = [name for name in article.byline if SOURCES[0].written.search(name)]
    return agencies[0] if agencies else article.agency


def credited(line: str) -> tuple[str, ...]:
    """Give the sources that a credit line names, in the order of the table; what is unknown as it is written.

    >>> credited("(TTXVN/Vietnam+)"), credited("Theo RT, Reuters"), credited("Nguồn: Báo Làng"), credited("")
    (('TTXVN',), ('RT', 'Reuters'), ('Báo Làng',), ())
    """
    known = tuple(source.name for source in SOURCES if source.written.search(line))
    bare = _AROUND.sub("", line)
    return known or ((bare,) if bare else ())


def outlets_of(names: tuple[str, ...]) -> frozenset[str]:
    """Give the outlets that publish the text of these sources.

    >>> sorted(outlets_of(("Dân trí", "Lao Động")))
    ['dantri', 'laodong']
    """
    return frozenset(outlet for source in SOURCES if source.name in names for outlet in source.outlets)
