from pathlib import Path

import pytest

from pipeline.outlet import BUILT_IN, generic_outlet, load_outlets, outlet_for
from pipeline.outletfile import OutletProblem, read_folder, read_outlet

GOOD = """
name = "thu"
display = "Báo Thử"
hosts = ["thu.example"]
article = '-(?P<id>\\d+)\\.html$'

[[feeds]]
url = "https://thu.example/rss/home.rss"
purpose = "feed"

[[templates]]
era = "2024"
match = "article"
title = "h1"
body = "div.body"
promised = ["title", "body"]
"""


def test_the_built_in_files_pass_every_check() -> None:
    assert load_outlets().keys() == read_folder(BUILT_IN, check=True).keys()


def test_the_eras_are_those_the_archive_names() -> None:
    eras = {template.name for outlet in load_outlets().values() for template in outlet.templates}
    assert eras == {
        *("dantri/2014", "dantri/2020", "dantri/2021", "dantri/emagazine", "dantri/2026"),
        *("laodong/2019", "laodong/2021", "laodong/2022", "baotintuc/2020"),
        *("vietnamplus/2014", "vietnamplus/2017", "vietnamplus/2021", "vietnamplus/2023"),
        *("nhandan/2020", "nhandan/2023", "vnexpress/2020", "vietgiaitri/2021", "tienphong/2021", "tuoitre/2022"),
        *("thanhnien/2020", "thanhnien/2022", "vietnamnet/2020", "vietnamnet/2022", "vov/2020", "soha/2021"),
        *("thethaovanhoa/2021", "bnews/2020", "tienphong/2017", "tuoitre/2017", "vov/2017"),
    }
    unverified = {outlet.name for outlet in load_outlets().values() if outlet.unverified}
    seen = {"dantri", "laodong", "vietnamplus", "baotintuc", "nhandan", "vnexpress"}
    assert unverified == load_outlets().keys() - seen


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://dantri.com.vn/the-gioi/tin-20221223144734383.htm?utm_source=zalo", "dantri:20221223144734383"),
        ("https://dantri.com.vn/xa-hoi/tin-1394960894.htm", "dantri:1394960894"),
        ("https://dantri.com.vn/the-gioi.htm", None),
        ("https://www.vietnamplus.vn/tin/762281.vnp", "vietnamplus:762281"),
        ("https://vietnamplus.vn/tin-post762281.vnp", "vietnamplus:762281"),
        ("https://www.vietnamplus.vn/region/ninh-binh/112.vnp", None),
        ("https://www.vietnamplus.vn/tag/benh-vien-tag5687.vnp", None),
        ("https://baotintuc.vn/the-gioi/tin-20260716171712046.htm", "baotintuc:20260716171712046"),
        ("https://baotintuc.vn/tin-n20260716171712046.htm", "baotintuc:20260716171712046"),
        ("https://laodong.vn/the-gioi/tin-994312.ldo", "laodong:994312"),
        ("https://vietgiaitri.com/tin-20220121i6282017", "vietgiaitri:i6282017"),
        ("https://vnexpress.net/tin-4954454.html", "vnexpress:4954454"),
        ("https://nhandan.vn/tin-post976641.html", "nhandan:976641"),
        ("https://nhandan.vn/tu-khoa/x-tag17202.html", None),
        ("https://nhandan.com.vn/thegioi/item/43926002-tin.html", "nhandan:43926002"),
        ("https://nhandan.com.vn/tin-tuc-the-gioi/tin-629384/", "nhandan:629384"),
        ("https://www.vietnamplus.vn/print-478059.html", "vietnamplus:478059"),
        ("https://baotintuc.vn/video/tin-v20210802215016110.htm", "baotintuc:20210802215016110"),
        ("https://tienphong.vn/tin-post1612345.tpo", "tienphong:1612345"),
        ("https://tuoitre.vn/tin-20260716171712046.htm", "tuoitre:20260716171712046"),
        ("https://thanhnien.vn/tin-post1419371.html", "thanhnien:1419371"),
        ("https://thanhnien.vn/tin-185260716171712046.htm", "thanhnien:185260716171712046"),
        ("http://vietnamnet.vn/vn/the-gioi/quan-su/tin-810885.html", "vietnamnet:810885"),
        ("https://vov.vn/the-gioi/tin-post1212345.vov", "vov:1212345"),
        ("https://vov.vn/the-gioi/tin-898989.vov", "vov:898989"),
        ("https://soha.vn/tin-198260716225912345.htm", "soha:198260716225912345"),
        ("https://soha.vn/tin-20210716225912345.htm", "soha:20210716225912345"),
        ("https://thethaovanhoa.vn/the-thao/tin-n20210802204900628.htm", "thethaovanhoa:20210802204900628"),
        ("https://thethaovanhoa.vn/the-thao-158ct0.htm", None),
        ("https://bnews.vn/tin/438954.html", "bnews:438954"),
    ],
)
def test_an_address_names_its_document(url: str, name: str | None) -> None:
    outlet = outlet_for(url, load_outlets())
    assert outlet is not None
    assert name == outlet.document_name(url)


def test_an_unknown_host_names_documents_by_their_address() -> None:
    outlet = generic_outlet("www.example.vn")
    first = outlet.document_name("http://example.vn/bai?b=2&a=1#x")
    assert first == outlet.document_name("https://example.vn/bai?a=1&b=2&fbclid=abc")
    assert first != outlet.document_name("https://example.vn/bai?a=1&b=3")
    assert outlet.document_name("https://other.vn/bai") is None
    assert outlet_for("https://example.vn/", load_outlets()) is None


def test_a_users_file_replaces_the_built_in_one_of_the_same_name(tmp_path: Path) -> None:
    mine = GOOD.replace('"thu"', '"dantri"').replace("thu.example", "mine.example")
    (tmp_path / "dantri.toml").write_text(mine, "utf-8")
    (tmp_path / "thu.toml").write_text(GOOD.replace('name = "thu"\n', ""), "utf-8")
    found = load_outlets(tmp_path)
    assert (found["dantri"].display, found["thu"].display) == ("Báo Thử", "Báo Thử")
    assert load_outlets()["dantri"].display == "Dân trí"


def test_a_file_that_names_another_outlet_or_takes_its_host_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(GOOD, "utf-8")
    with pytest.raises(OutletProblem, match="is not the file's name"):
        load_outlets(tmp_path)
    (tmp_path / "mine.toml").write_text(
        GOOD.replace('"thu"', '"mine"').replace("thu.example", "dantri.com.vn"), "utf-8"
    )
    with pytest.raises(OutletProblem, match="is a host of dantri already"):
        load_outlets(tmp_path)


BROKEN = [
    ("name", 'name = "thu"', 'name = "Thử !"'),
    ("hosts: missing", 'hosts = ["thu.example"]', ""),
    ("colour: unknown key", 'display = "Báo Thử"', 'display = "Báo Thử"\ncolour = "red"'),
    ("did you mean display", "display =", "displey ="),
    ("templates[1].titel: unknown key (did you mean title?)", 'title = "h1"', 'titel = "h1"'),
    ("templates[1].body: bad selector", '"div.body"', '"div..body["'),
    ("article: bad pattern", "'-(?P<id>\\d+)\\.html$'", "'-(?P<id>\\d+'"),
    ("article: the pattern needs a group", "(?P<id>\\d+)", "\\d+"),
    ("templates[1].body: missing", 'body = "div.body"', ""),
    ("templates[1].lead: promised", 'promised = ["title", "body"]', 'promised = ["title", "lead"]'),
    ("templates[1].promised: 'titles' is none of", 'promised = ["title", "body"]', 'promised = ["titles"]'),
    ("hosts: must be text or a list of texts", 'hosts = ["thu.example"]', "hosts = [3]"),
    ("display: must be text", 'display = "Báo Thử"', "display = 3"),
    ("feeds[1].purpose: 'rss' is none of", 'purpose = "feed"', 'purpose = "rss"'),
    ("feeds[1].url", "https://thu.example/rss/home.rss", "ftp://thu.example/x"),
    ("templates: missing", GOOD[GOOD.index("[[templates]]") :], ""),
    ("file:", 'name = "thu"', "name = = ="),
]


@pytest.mark.parametrize(("told", "old", "new"), BROKEN, ids=[told for told, _, _ in BROKEN])
def test_a_bad_file_is_one_line_naming_file_key_and_reason(tmp_path: Path, told: str, old: str, new: str) -> None:
    assert old in GOOD
    path = tmp_path / "thu.toml"
    path.write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(OutletProblem) as problem:
        read_outlet(path)
    message = str(problem.value)
    assert message.startswith(f"{path}: ")
    assert told in message
    assert "\n" not in message


def test_a_missing_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutletProblem, match="no such folder"):
        load_outlets(tmp_path / "nowhere")
