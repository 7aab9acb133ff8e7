"""The README's commands are those that CI runs, and name what exists."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from tests.process import run_tojax

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_exactly_two_commands_set_everything_up() -> None:
    commands = re.findall(r"^ {4}(python3 -m venv .*)$", README, re.MULTILINE)
    assert len(commands) == 2
    assert commands[0].endswith("&& tojax migrate fixtures/workspaces/vision --out migrated")
    assert commands[1].endswith("&& pytest")
    for command in commands:
        match = re.search(r"pip install -c constraints\.txt -e '\.\[(\w+)\]'", command)
        assert match is not None
        assert match.group(1) in PROJECT["optional-dependencies"]


def test_the_commands_that_it_shows_exist() -> None:
    commands = set(re.findall(r"^ {4}tojax (\w+)", README, re.MULTILINE))
    assert {"check", "translate", "verify", "migrate", "explain"} <= commands
    for command in sorted(commands):
        assert run_tojax(command, "--help").returncode == 0


def test_the_files_that_it_links_exist() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert "docs/example.svg" in links
    assert not [link for link in links if not (ROOT / link).is_file()]


def test_ci_pins_what_it_tests_with() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "\ntorch==2.13.0\n" in pins
    pinned = set(re.findall(r"^([\w.-]+)==", pins, re.MULTILINE))
    extras = PROJECT["optional-dependencies"]
    wanted = PROJECT["dependencies"] + extras["verify"] + extras["test"]
    names = {re.split(r"[\[<>=]", requirement)[0].lower() for requirement in wanted} - {"tojax"}
    assert names <= pinned
