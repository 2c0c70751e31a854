"""Nothing private is reached, nothing listens, nothing of Scrapy's own manners is left on."""

from __future__ import annotations

import socket
import subprocess
import sys
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.settings import Settings

from crawler.fetch import fetch_once
from crawler.resolver import is_public, literal
from tests.crawler.test_crawl import asked, start, until
from tests.replica.server import Replica

PRIVATE = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_off_the_public_internet_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "118.69.120.10", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_a_public_address_is_not(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["127.1", "127.0.1", "0177.0.0.1", "0x7f000001", "2130706433", "017700000001", "0x7f.0.0.1", "127.0.0.1."]
)
def test_every_way_to_write_loopback_is_read_as_loopback(host: str) -> None:
    assert literal(host) == "127.0.0.1"


@given(st.text(max_size=40))
def test_any_host_is_an_address_or_none(host: str) -> None:
    found = literal(host)
    assert found is None or ip_address(found)


def test_a_name_that_leads_home_is_refused_before_a_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.1)
        port = canary.getsockname()[1]
        capture = fetch_once(f"http://localhost:{port}/secret")
        with pytest.raises(TimeoutError):
            canary.accept()
    assert (str(capture.outcome), capture.status) == ("refused_address", None)
    assert "127.0.0.1" in capture.reason or "::1" in capture.reason


def test_scrapys_own_manners_and_doors_are_off() -> None:
    settings = Settings()
    settings.setmodule("crawler.settings")
    off = [
        "TELNETCONSOLE",
        "REMOTE_CONTROL",
        "COOKIES",
        "HTTPPROXY",
        "HTTPCACHE",
        "REDIRECT",
        "METAREFRESH",
        "RETRY",
        "COMPRESSION",
    ]
    assert [name for name in off if settings.getbool(f"{name}_ENABLED")] == []
    handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, path in handlers.items() if path} == {"http", "https"}
    assert settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")


def test_scrapy_lists_a_spider_for_each_outlet() -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"], capture_output=True, text=True, check=True, timeout=60
    )
    files = Path("pipeline/outlets").glob("*.toml")
    assert sorted(listed.stdout.split()) == sorted(path.stem for path in files)


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads /proc")
def test_a_crawl_listens_on_no_port(tmp_path: Path) -> None:
    with Replica() as replica:
        replica.fault(host="nhandan.vn", path="/rss", slow=2, count=2)
        running = start("run", "nhandan", "--via", replica.url, "--delay", "0", archive=tmp_path / "archive")
        until(lambda: any(path.startswith("/rss") for path in asked(replica, "nhandan.vn")))
        tree = _tree(running.pid)
        listening = [inode for pid in tree for inode in _sockets(pid) if inode in _listeners()]
        running.communicate(timeout=60)
    assert len(tree) >= 2
    assert listening == []


def _tree(root: int) -> list[int]:
    """Give a process and all below it."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _sockets(pid: int) -> list[str]:
    try:
        names = [str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir()]
    except OSError:
        return []
    return [name[8:-1] for name in names if name.startswith("socket:[")]


def _listeners() -> set[str]:
    lines = [
        line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    return {fields[9] for fields in lines if fields[3] == "0A"}
