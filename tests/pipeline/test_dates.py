from datetime import datetime

import pytest

from pipeline.dates import read_time

SAME = [
    "2025-02-03T08:15:00+07:00",
    "2025-02-03T08:15:00+0700",
    "2025-02-03T01:15:00Z",
    "2025-02-03T01:15:00.000Z",
    "2025-02-03 08:15",
    "2025-02-03 08:15:00",
    "03/02/2025 08:15",
    "3/2/2025 8:15",
    "03-02-2025 08:15",
    "03.02.2025 08:15",
    "Thứ Hai, 03/02/2025 - 08:15",
    "Thứ hai, 03/02/2025 08:15",
    "Thứ Hai, ngày 03/02/2025 - 08:15",
    "Thứ hai, 3/2/2025, 08:15 (GMT+7)",
    "03/02/2025 08:15 GMT+7",
    "03/02/2025 | 08:15",
    "03/02/2025, 08:15",
    "08:15 03/02/2025",
    "08:15 | 03/02/2025",
    "08:15, 03/02/2025",
    "08h15 ngày 03/02/2025",
    "8 giờ 15 phút ngày 3/2/2025",
    "08:15 ngày 03 tháng 02 năm 2025",
    "Ngày 3 tháng 2 năm 2025, 08:15",
    "03/02/2025 08:15 SA",
    "03/02/2025 01:15 GMT",
    "03/02/2025 01:15 UTC",
    "Cập nhật: 03/02/2025 08:15:00",
    "Khánh Minh LDO | 03/02/2025 08:15",
]


@pytest.mark.parametrize("text", SAME)
def test_a_time_is_read_days_before_months_and_in_vietnams_zone(text: str) -> None:
    assert read_time(text) == datetime.fromisoformat("2025-02-03T08:15:00+07:00")


@pytest.mark.parametrize(
    "text", ["", "vừa xong", "5 phút trước", "31/02/2025 08:15", "2025-13-01", "99/99/9999", "12.1"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_time(text) is None


def test_an_afternoon_is_an_afternoon() -> None:
    assert read_time("03/02/2025 08:15 CH") == datetime.fromisoformat("2025-02-03T20:15:00+07:00")
    assert read_time("03/02/2025 12:15 SA") == datetime.fromisoformat("2025-02-03T00:15:00+07:00")
