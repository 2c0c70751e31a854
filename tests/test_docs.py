"""The documentation keeps up: every command, option, exit code and outlet is described, and the README is run."""

from __future__ import annotations

import dataclasses
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

import archive.cli
import archive.errors
import crawler.cli
from pipeline.outlet import Feed, Outlet, Template, load_outlets

ROOT = Path(__file__).parent.parent
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
GROUPS = {"archive": archive.cli, "crawl": crawler.cli}
ALL = [(group, name) for group, module in GROUPS.items() for name in module.LINES]


def command_of(group: str, name: str) -> click.Command:
    package = "archive" if group == "archive" else "crawler"
    found: click.Command = import_module(f"{package}.commands.{name.replace('-', '_')}").command
    return found


def section(group: str, name: str) -> str:
    found = re.search(rf"^### `{group} {name}[^\n]*\n(.*?)(?=^##|\Z)", COMMANDS, re.MULTILINE | re.DOTALL)
    assert found, f"docs/commands.md has no section for `{group} {name}`"
    return found[0]


@pytest.mark.parametrize(("group", "name"), ALL)
def test_every_command_and_option_is_documented(group: str, name: str) -> None:
    text = section(group, name)
    for param in command_of(group, name).params:
        words = [word for word in param.opts if word.startswith("--")] if isinstance(param, click.Option) else []
        for word in words:
            assert f"`{word}" in text, f"{group} {name} {word}"


@pytest.mark.parametrize(("group", "name"), ALL)
def test_every_help_has_an_example(group: str, name: str) -> None:
    assert f"Example: {group} {name}" in (command_of(group, name).help or "")


def test_every_documented_option_exists() -> None:
    for group, name in ALL:
        known = {word for param in command_of(group, name).params for word in [*param.opts, *param.secondary_opts]}
        written = set(re.findall(r"^\| `(--[a-z-]+)", section(group, name), re.MULTILINE))
        assert written <= known, (group, name)


def tree(error: type[BaseException]) -> Iterator[type[BaseException]]:
    yield error
    for child in error.__subclasses__():
        yield from tree(child)


def test_every_exit_code_of_our_errors_is_documented() -> None:
    codes = {error.exit_code for error in tree(archive.errors.ArchiveError)}  # type: ignore[attr-defined]
    assert codes <= {int(code) for code in re.findall(r"^\| (\d+)", COMMANDS, re.MULTILINE)}


def test_every_outlet_is_in_the_readme() -> None:
    files = {path.stem for path in (ROOT / "pipeline" / "outlets").glob("*.toml")}
    assert files == set(re.findall(r"^\| `([a-z]+)` \|", README, re.MULTILINE))


def test_every_module_is_in_the_architecture() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    modules = {path.name for package in ("archive", "pipeline", "crawler") for path in (ROOT / package).glob("*.py")}
    missing = {name for name in modules if not name.startswith("__") and f"`{name}`" not in text}
    assert missing == set()


def test_every_link_between_documents_leads_somewhere() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_the_outlet_file_that_contributors_begin_with_is_valid(tmp_path: Path) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    example = re.search(r"^   ```toml\n(.*?)^   ```", text, re.MULTILINE | re.DOTALL)
    assert example
    (tmp_path / "songhuong.toml").write_text(re.sub(r"^   ", "", example[1], flags=re.MULTILINE), "utf-8")
    outlet = load_outlets(tmp_path)["songhuong"]
    assert outlet.article_id("https://songhuong.example.vn/tin/cau-ngoi-a20931.html") == "20931"
    assert [template.name for template in outlet.templates] == ["songhuong/2026"]


def readme_commands() -> list[str]:
    blocks = re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def test_the_readme_has_commands_to_run() -> None:
    assert len(readme_commands()) >= 8


@pytest.mark.parametrize("line", readme_commands())
def test_a_command_of_the_readme_runs(line: str, demo_folder: Path) -> None:
    program, *words = shlex.split(line)
    module = {"archive": "archive", "crawl": "crawler"}[program]
    words = [word.replace("var/demo", str(demo_folder)) for word in words]
    done = subprocess.run([sys.executable, "-m", module, *words], capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert done.stdout.strip() or done.stderr.strip()


def test_every_key_of_an_outlet_file_is_documented() -> None:
    text = (ROOT / "docs" / "outlet-files.md").read_text(encoding="utf-8")
    hidden = {"generic", "outlet", "feeds", "templates", "strip_also"}
    keys = {field.name for kind in (Outlet, Feed, Template) for field in dataclasses.fields(kind)} - hidden
    assert {key for key in keys if f"`{key}`" not in text} == set()
