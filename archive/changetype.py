"""What kind of change a change is: its types, the most telling first (docs/language.md has the rules with examples).

`typography` is a change of marks, case, quotes' shape or tone placement, `spelling` one of house style (`Ukraina` for
`Ukraine`, `1500` for `1.500`): neither is an edit. `number`, `date`, `name`, `place`, `negation` and `attribution` say
that such words differ. `quotation`: words inside quotation marks differ. `correction`: a note of the editors.
`headline`, `lead`, `caption` and `byline` say where; they come second when all that differs there is a fact.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from archive.align import LONG
from archive.atoms import Atom, plain
from archive.figures import ONES
from archive.saying import AGENCIES, is_note
from archive.sentences import words
from archive.side import Side
from archive.text import place_tone
from archive.wordkinds import NUMBER_WORDS, TIMES_OF_DAY, is_date, is_title
from archive.wordlists import wordlist

#: Every type, the facts first.
TYPES = (
    *("date", "number", "name", "place", "negation", "attribution", "quotation", "correction"),
    *("headline", "lead", "caption", "byline", "spelling", "typography", "other"),
)
_FACTS = ("negation", "date", "number", "attribution", "name", "place")
# Other words from which a change says more than the figure or name in it.
_REWORDED = 6
_OF_PLACE = {
    "title": "headline",
    "lead": "lead",
    "caption": "caption",
    "byline": "byline",
    "source_line": "attribution",
}
# Words that go with a figure or name and say nothing else.
_BESIDE = wordlist("beside")
_BESIDE_NOT, _BESIDE_SAID = wordlist("beside_negation"), wordlist("beside_attribution")
_NUMBER_LIKE = NUMBER_WORDS | {"vài", "mấy", "dăm", "hàng", "gấp", "phần", "cả"}


def _words(side: Side) -> Iterator[str]:
    for atom in side.said:
        for word in side.line[atom.start : atom.end]:
            if word.text[0].isalnum():
                yield place_tone(word.text).lower()


def is_typography(old: Side, new: Side) -> bool:
    """Tell whether two sides say the same words, marks, case and tone placement aside."""
    signed = [[atom.key for atom in side.said if atom.kind == "number" and atom.key[0] == "-"] for side in (old, new)]
    return signed[0] == signed[1] and list(_words(old)) == list(_words(new))


def _differing(old: Side, new: Side, kinds: tuple[list[str], list[str]]) -> list[str]:
    """Give which kinds of facts differ between the sides, most telling first."""
    sets = []
    for side, kind_of in zip((old, new), kinds, strict=True):
        said: dict[str, set[str]] = {}
        for atom, kind in zip(side.said, kind_of, strict=True):
            if kind and kind != "mark":
                said.setdefault(kind, set()).add(atom.key)
        sets.append(said)
    return [kind for kind in _FACTS if sets[0].get(kind) != sets[1].get(kind)]


def _spoken(old: Side, new: Side, kinds: tuple[list[str], list[str]]) -> str:
    """Give "number" where number words became others (`hai` → `ba`), "date" where such count months or days."""
    said = [atom.key for atom in [*old.said, *new.said]]
    if old.said and new.said and all(key in TIMES_OF_DAY for key in said):
        return "date"
    if not (old.said and new.said and _are_pure(old, new, kinds)):
        return ""
    if not any(key in _NUMBER_LIKE for key in said):
        return ""
    return "date" if "date" in [*kinds[0], *kinds[1]] else "number"


@lru_cache(maxsize=4)
def _beside(is_denied: bool, is_said: bool) -> frozenset[str]:
    found = _BESIDE | _NUMBER_LIKE
    return found | (_BESIDE_NOT if is_denied else found) | (_BESIDE_SAID if is_said else found)


def _are_pure(old: Side, new: Side, kinds: tuple[list[str], list[str]]) -> bool:
    """Tell whether nothing changed but facts and the words that go with them."""
    beside = _beside("negation" in kinds[0] + kinds[1], "attribution" in kinds[0] + kinds[1])
    return all(
        kind or atom.key in beside or is_title(side.line, atom.start)
        for side, row in zip((old, new), kinds, strict=True)
        for atom, kind in zip(side.said, row, strict=True)
    )


def change_types(where: str, old: Side, new: Side) -> tuple[str, ...]:
    """Give the types of a change at this place (title, byline, lead, caption, body, source_line)."""
    if is_typography(old, new):
        return ("typography",)
    if _keys(old) == _keys(new) or _joined(old) == _joined(new):
        return ("spelling",)
    if is_note(old.text()) != is_note(new.text()):
        return ("correction", *([_OF_PLACE[where]] if where in _OF_PLACE else []))
    kinds = old.kinds(), new.kinds()
    differing = _facts_of(old, new, kinds)
    is_quote = (old.is_quoted() or not old.said) and (new.is_quoted() or not new.said)
    place = [_OF_PLACE[where]] if where in _OF_PLACE else []
    quote = ["quotation"] if is_quote else []
    if where not in ("byline", "source_line") and differing and _is_fact(old, new, kinds, differing):
        return tuple(dict.fromkeys((*differing, *quote, *place)))
    first = [*place, *quote]
    if not first and not _is_about(differing, kinds):
        first = ["other"]
    return tuple(dict.fromkeys((*first, *differing))) or ("other",)


@lru_cache(maxsize=4096)
def whole_types(where: str, text: str, is_quoted: bool) -> tuple[str, ...]:
    """Give the types of a sentence or part that came or went as a whole: what it is first, then the facts in it.

    >>> whole_types("body", "Đính chính: có 12 người.", False)
    ('correction', 'number')
    """
    line = words(text[:LONG])
    if not any(word.text[0].isalnum() for word in line):
        return ("typography",)
    first = ["correction"] if is_note(text) else []
    first += [_OF_PLACE[where]] if where in _OF_PLACE else []
    first += ["quotation"] if is_quoted else []
    said: set[str] = set()
    side = Side(line=line, atoms=(), start=0, end=0)
    for at, word in enumerate(line):
        letter = word.text[0]
        if letter.isdigit():
            said.add("date" if is_date(line, at) else "number")
        elif letter.isupper() and not said >= {"name", "place"}:
            said.add(side.kind(Atom("", "", at, at + 1)))
    return (*(first or ["other"]), *(kind for kind in ("date", "number", "name", "place") if kind in said))


def _keys(side: Side) -> list[str]:
    said = (atom.key for atom in side.said if atom.kind == "number" or side.line[atom.start].text[0].isalnum())
    return [str(ONES[key]) if key in ONES else key for key in said]


def _joined(side: Side) -> str:
    """Give a foreign name's letters without hyphens and spaces; a Vietnamese word has its spaces to tell it by."""
    words = [plain(word.text) for atom in side.said for word in side.line[atom.start : atom.end]]
    text = "".join(word for word in words if word[0].isalnum())
    return text if 4 < len(text) < 30 and side.line[side.said[0].start].text[0].isupper() else str(id(side))


def _facts_of(old: Side, new: Side, kinds: tuple[list[str], list[str]]) -> list[str]:
    differing = _differing(old, new, kinds)
    if not differing and (kind := _spoken(old, new, kinds)):
        return [kind]
    names = [name for side, row in zip((old, new), kinds, strict=True) for name in _named(side, row)]
    if (
        "attribution" not in differing
        and names
        and all(name in AGENCIES for name in names)
        and old.said
        and new.said
        and old.follows_source()
    ):
        return ["attribution", *differing]
    return _one_name(differing, kinds)


def _named(side: Side, kinds: list[str]) -> Iterator[str]:
    rows = (atom for atom, kind in zip(side.said, kinds, strict=True) if kind == "name")
    yield from (side.line[at].text.lower() for atom in rows for at in range(atom.start, atom.end))


def _one_name(differing: list[str], kinds: tuple[list[str], list[str]]) -> list[str]:
    """Call a change from a person to a place one of names, and a name put before or after its kind of place a place."""
    if "name" in differing and "place" in differing and all(set(row) & {"name", "place"} for row in kinds):
        return [kind for kind in differing if kind != "place"]
    return differing


def _is_fact(old: Side, new: Side, kinds: tuple[list[str], list[str]], differing: list[str]) -> bool:
    """Tell whether a change is one of facts: nothing else differs, or but a word or two beside a negation."""
    if _are_pure(old, new, kinds):
        return True
    plain_words = max(row.count("") for row in kinds)
    return "negation" in differing and plain_words <= 2


def _is_about(differing: list[str], kinds: tuple[list[str], list[str]]) -> bool:
    """Tell whether a change is about its facts: it is short, or both sides have one."""
    said = [row for row in kinds if row]
    return max(row.count("") for row in said) < _REWORDED or any(
        kind in kinds[0] and kind in kinds[1] for kind in differing
    )
