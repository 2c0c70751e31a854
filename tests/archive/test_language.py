import doctest
from pathlib import Path

import pytest

from archive.diff import diff
from archive.facts import facts
from archive.values import Article, Block, Kind

PAGE = Path(__file__).parents[2] / "docs" / "language.md"


def test_every_example_of_the_page_on_language_is_true() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert (failed, tried > 20) == (0, True)


def typed(old: str, new: str) -> list[tuple[str, str, str]]:
    """Give the changes between two paragraphs of a body: first type, what was, what is."""
    sides = (Article(title="Tin", blocks=(Block(kind=Kind.PARAGRAPH, text=text),)) for text in (old, new))
    return [(change.type, change.old, change.new) for change in diff(*sides).changes]


@pytest.mark.parametrize(
    ("text", "was", "now", "kind"),
    [
        ("Có hai mươi lăm học sinh bị ngộ độc ở đó.", "hai mươi lăm", "hai mươi sáu", "number"),
        ("Giá vé tăng gấp đôi trong dịp này.", "đôi", "ba", "number"),
        ("Khoảng 10-12 độ C vào ban đêm.", "10-12", "10-15", "number"),
        ("Dân số là 1 500 000 người theo điều tra.", "1 500 000", "1 600 000", "number"),
        ("Khoảng 5 phần trăm số hộ mất điện.", "5 phần trăm", "7 phần trăm", "number"),
        ("Đây là lần thứ hai ông tới đây.", "hai", "ba", "number"),
        ("Cuộc họp ngày 21.1 bị hoãn lại.", "21.1", "22.1", "date"),
        ("Cuộc họp ngày 21-1-2022 bị hoãn lại.", "21-1-2022", "22-1-2022", "date"),
        ("Cuộc họp ngày 5 tháng 12 năm 2021 bị hoãn.", "5 tháng 12 năm 2021", "6 tháng 12 năm 2021", "date"),
        ("Xe lật sáng hôm qua trên quốc lộ.", "sáng", "tối", "date"),
        ("Tính đến ngày 12/3 số ca mắc còn ít.", "12/3", "13/3", "date"),
        ("Hội chợ kéo dài từ 17-22/4 tại công viên.", "17-22/4", "18-23/4", "date"),
        ("Vào thế kỷ 19, cảng này sầm uất.", "19", "18", "date"),
        ("Tỷ lệ này là 3/4 số hộ.", "3/4", "2/3", "number"),
        ("Biden nói chuyện qua điện thoại.", "Biden", "Trump", "name"),
        ("Có 5 người tới.", "5", "năm", "spelling"),
        ("Ông nói: «Tôi không phải là người đó».", "không phải là", "vẫn là", "negation"),
        ("Sáng thứ Hai, tàu rời ga như thường lệ.", "Hai", "Ba", "date"),
        ("Trong quý II, doanh thu giảm mạnh.", "II", "III", "date"),
        ("Tàu rời ga lúc 8 giờ 30 như thường lệ.", "8 giờ 30", "9 giờ 30", "date"),
        ("Đại tá Trần Bình trình bày kế hoạch.", "Trần Bình", "Lê Hùng", "name"),
        ("Tổng thống Vladimir Putin tới dự lễ.", "Vladimir Putin", "Donald Trump", "name"),
        ("Xe lật tại tỉnh Hà Giang hôm ấy.", "Hà Giang", "Lào Cai", "place"),
        ("Xe lật tại huyện Mường Tè hôm ấy.", "Mường Tè", "Nậm Pồ", "place"),
        ("Quan chức Nga tới dự lễ ở đó.", "Nga", "Pháp", "place"),
        ("Ông Bình thừa nhận sai sót này.", "thừa nhận", "phủ nhận", "attribution"),
        ("Theo Reuters, đàm phán đã kết thúc.", "Reuters", "AFP", "attribution"),
        ("Hai bên chưa đạt thỏa thuận nào.", "chưa", "đã", "negation"),
        ("Đội không hề biết chuyện này.", "không hề", "đã", "negation"),
        ("Xe không thể qua cầu lúc ấy.", "không thể", "có thể", "negation"),
        ("Hàng không Việt tăng chuyến dịp lễ.", "Hàng không", "Đường sắt", "other"),
        ("Tàu tới Liên Hợp Quốc để vận động.", "Liên Hợp Quốc", "Liên Hiệp Quốc", "spelling"),
        ("Ông tới TP.HCM dự lễ khai trương.", "TP.HCM", "Thành phố Hồ Chí Minh", "spelling"),
        ("Bác sĩ nói có hai mươi lăm ca bệnh.", "hai mươi lăm", "25", "spelling"),
        ("Cô tới cửa hoà nhạc rất sớm.", "hoà", "hòa", "typography"),
    ],
)
def test_a_made_change_is_typed_and_nothing_is_cut(text: str, was: str, now: str, kind: str) -> None:
    assert typed(text, text.replace(was, now, 1)) == [(kind, was, now)]


@pytest.mark.parametrize(
    "note",
    [
        "Đính chính: bản trước ghi sai tên nhân vật.",
        "(Đã cập nhật)",
        "Bài viết đã được cập nhật lúc 10h30.",
        "Tòa soạn xin lỗi bạn đọc về sai sót này.",
    ],
)
def test_an_added_note_of_the_editors_is_a_correction(note: str) -> None:
    assert [row[0] for row in typed("Xe lật.", f"Xe lật. {note}")] == ["correction"]


def test_a_story_about_an_update_is_no_correction() -> None:
    added = "Bộ Y tế cập nhật số ca mắc mỗi ngày trên cổng thông tin của mình."
    assert [row[0] for row in typed("Xe lật.", f"Xe lật. {added}")] == ["other"]


def test_words_that_begin_a_sentence_and_titles_are_no_names() -> None:
    text = "Tổng thống Biden gặp Tổng Thư ký Guterres. Tây phương lo ngại. Ở phía Tây, Phó Thủ tướng đã tới."
    assert [fact.text for fact in facts(text) if fact.kind == "name"] == ["Biden", "Guterres"]


def test_one_name_in_two_spellings_is_one_fact() -> None:
    assert len(facts("Quân đội Ukraine rút. Quân đội Ukraina tiến.")) == 1


def test_a_name_takes_its_noun_along_and_an_ordinary_word_is_none() -> None:
    text = "a) Theo đó, lực lượng Công an Đồng Nai và Bộ này; Các bên đồng ý."
    assert [fact.text for fact in facts(text) if fact.kind == "name"] == ["Công an Đồng Nai", "Bộ"]
