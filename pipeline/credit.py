"""Whom a caption names as its picture's source: `(Ảnh: Reuters)`, `Ảnh tư liệu: AFP/TTXVN`, `(Nguồn: Vietnam+)`."""

from __future__ import annotations

import re

_LABEL = (
    r"(?:nguồn(?: ảnh| hình| video)?|hình ảnh|hình|video|clip|đồ h(?:ọa|oạ)|infographics?|tranh|bản đồ|photo|source"
    r"|ảnh(?: (?:tư liệu|minh h(?:ọa|oạ)|chụp|chụp màn hình|cắt từ (?:clip|video)|cắt clip"
    r"|chụp từ (?:clip|video|màn hình)|internet|vệ tinh))?"
    r"|chùm ảnh|tư liệu)"
)
_BRACKETED = re.compile(rf"[(\[]\s*{_LABEL}\s*:\s*(?P<credit>[^()\[\]]{{1,100}}?)[\s.]*[)\]]", re.IGNORECASE)
# A name right after the label, without a colon: `(Ảnh Reuters)`, but not `(Ảnh minh họa)`.
_UNPARTED = re.compile(rf"[(\[]\s*(?i:{_LABEL})\s+(?P<credit>[A-ZĐ][^()\[\]:]{{1,60}}?)[\s.]*[)\]]")
_INITIALS = re.compile(r"(?:[A-ZĐ]\.)+[A-ZĐ]")
# Without brackets only a label with a capital, as "trong ảnh: ông Nam" tells who is seen.
_AT_END = re.compile(
    rf"(?:^|[\s.,;:\-–—|/\"”’)])(?=[A-ZĐẢ])(?i:{_LABEL})\s*:\s*(?P<credit>[^()\[\]:.!?]{{1,60}}(?:\.[^\s()\[\]:!?]{{1,12}})?)[\s.]*$"
)
# Nor is a colon needed by a name that ends the caption: `Cầu mới. Ảnh NVCC`.
_NAMED_AT_END = re.compile(r"[.!?)”\"]\s*Ảnh\s+(?P<credit>[A-ZĐ][\w/+-]*(?:\s+[A-ZĐ][\w/+-]*){0,3})\s*\.?\s*$")


def credit_of(caption: str) -> str:
    """Give the credit that a caption prints, or an empty string.

    >>> credit_of("Xe tăng T-90 (Ảnh: Sputnik)."), credit_of("Một phiên họp ở Kiev. Ảnh tư liệu: AFP/TTXVN")
    ('Sputnik', 'AFP/TTXVN')
    >>> credit_of("Ảnh minh họa. (Nguồn: Vietnam+)"), credit_of("Y bác sĩ nội soi. Ảnh: Bệnh viện cung cấp")
    ('Vietnam+', 'Bệnh viện cung cấp')
    >>> credit_of("Cầu mới (Ảnh Reuters)"), credit_of("Cầu mới (Ảnh: N.V.A.)."), credit_of("Cầu mới (Ảnh minh họa)")
    ('Reuters', 'N.V.A.', '')
    >>> credit_of("Cầu mới. Ảnh NVCC"), credit_of("Cầu mới. Ảnh chụp từ video: VTV"), credit_of("Ảnh Bác trên tường")
    ('NVCC', 'VTV', '')
    >>> credit_of("Trong ảnh: ông Nam bắt tay bà Lan."), credit_of("Một cây cầu mới.")
    ('', '')
    """
    found = list(_BRACKETED.finditer(caption)) or list(_UNPARTED.finditer(caption))
    last = found[-1] if found else _AT_END.search(caption) or _NAMED_AT_END.search(caption)
    told = last["credit"].strip(" .,;") if last else ""
    # The dot behind initials is theirs.
    return f"{told}." if _INITIALS.fullmatch(told.rsplit(" ", 1)[-1]) and f"{told}." in caption else told
