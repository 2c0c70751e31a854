"""Syllables that are written with i or with y and are the same word (`kĩ thuật`, `kỹ thuật`), as a table.

Both ways are taught and printed; no two different words of the table differ in nothing else. For matching only.
"""

from __future__ import annotations

# Left out: syllables of which the other spelling is another word or none (bi, chi, thi, vi, lì, sỉ; hai, hay).
_PAIRS = """
hi hy   hí hý   hỉ hỷ
ki ky   kì kỳ   kí ký   kỉ kỷ   kĩ kỹ   kị kỵ
li ly   lí lý   lị lỵ
mi my   mì mỳ   mĩ mỹ   mị mỵ
si sy   sĩ sỹ
ti ty   tì tỳ   tí tý   tỉ tỷ   tị tỵ
qui quy   quì quỳ   quí quý   quỉ quỷ   quĩ quỹ   quị quỵ   quít quýt   quit quyt   quính quýnh   quinh quynh
"""
_WITH_Y = dict(zip(_PAIRS.split()[::2], _PAIRS.split()[1::2], strict=True))


def one_vowel(syllable: str) -> str:
    """Give the syllable with y where the table has it so; any other as it is. Lower case, NFC.

    >>> one_vowel("kĩ"), one_vowel("kỹ"), one_vowel("lí"), one_vowel("thi")
    ('kỹ', 'kỹ', 'lý', 'thi')
    """
    return _WITH_Y.get(syllable, syllable)
