"""What no reviewer should have to look for."""

import ast
import re
from pathlib import Path

import pytest

from fiprev.catalogues import KEYWORDS
from fiprev.local.places import ROOT
from tests.house import source

# A scheme with a host that is neither an example, our own machine, a namespace nor a source that a text cites.
HOST = re.compile(r"(?:https?|git|ssh|ftp)://([A-Za-z0-9.-]+)")
FINE_HOSTS = re.compile(
    r"^(localhost|127\.0\.0\.1|testserver|web|www\.w3\.org"
    r"|[a-z0-9.-]+\.(example|invalid|test)|[a-z.-]*example\.(org|com|net))$"
)
CODE = {".py", ".html", ".txt", ".css", ".js", ".toml", ".yml", ".yaml", ".sh", ".in", ".cfg", ".ini", ""}
TEMPLATES = [path for path in source.committed() if path.is_relative_to(ROOT / "templates")]


def test_no_committed_file_names_a_package_registry_or_a_path_of_this_machine():
    words = re.compile(
        r"--(extra-)?index-url|--find-links|--trusted-host|/home/[a-z]+/|/work/[a-z]+/[a-z]+\.|\.\./shared"
    )
    for path in source.committed():
        if path.suffix in CODE and path != Path(__file__) and path.name != "test_requirements.py":
            found = words.search(path.read_text(encoding="utf-8", errors="replace"))
            assert not found, f"{source.name(path)} names {found and found[0]}"


def test_no_code_names_a_host():
    for path in source.committed():
        if path.suffix not in CODE or source.name(path).startswith("tests/"):
            continue
        for host in HOST.findall(path.read_text(encoding="utf-8", errors="replace")):
            assert FINE_HOSTS.match(host), f"{source.name(path)} names the host {host}"


@pytest.mark.parametrize("path", TEMPLATES, ids=source.name)
def test_templates_have_no_inline_style_or_script(path: Path):
    """The content security policy would refuse them; only mails carry their own style sheet."""
    text = path.read_text(encoding="utf-8")
    if path.name == "base.html" and path.parent.name == "emails":
        text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    if path.is_relative_to(ROOT / "templates" / "documents"):  # printed, not served as a page
        text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    for what in (
        r"<style",
        r"\sstyle=",
        r"\son[a-z]+=\"",
        r"javascript:",
        r"<script(?![^>]*\s(src=|type=\"application/json))",
        r"hx-on",
    ):
        assert not re.search(what, text), f"{source.name(path)} has {what}"


def test_nothing_is_left_open():
    for path in source.python_files(*source.APPS, "tests"):
        if path == Path(__file__):
            continue
        found = re.search(r"\b(TODO|FIXME|HACK)\b|# *XXX", path.read_text(encoding="utf-8"))
        assert not found, f"{source.name(path)} left {found and found[0]}"


def test_the_replica_role_stays_in_the_tests():
    """It rests the triggers that keep books and trail: only the flush of the tests may."""
    for path in source.python_files():
        assert "session_replication_role" not in path.read_text(encoding="utf-8"), source.name(path)


def test_only_the_clock_asks_the_clock():
    """G-3: verbs take their date. Stamps (auto_now_add, timezone.now for a moment) are not dates of the fund."""
    asks = {("date", "today"), ("datetime", "today"), ("datetime", "now"), ("timezone", "localdate")}
    for path in source.python_files():
        if source.name(path) in {"accounts/clock.py"} or source.name(path).startswith("fiprev/local/"):
            continue
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert (node.value.id, node.attr) not in asks, (
                    f"{source.name(path)}:{node.lineno} asks the clock"
                )


def test_no_file_is_named_for_nothing():
    """Modules are nouns of the fund (style 3)."""
    for path in source.python_files():
        assert path.name not in {
            "services.py",
            "utils.py",
            "helpers.py",
            "signals.py",
            "admin.py",
            "common.py",
        }


@pytest.mark.parametrize("path", sorted(source.python_files()), ids=source.name)
def test_texts_are_marked_by_a_name_that_the_catalogues_know(path: Path):
    """Under another name a text would be left out of the catalogues and nobody would notice."""
    for node in ast.walk(source.tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names = [(name.name, name.asname or name.name) for name in node.names]
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
            names = [(node.value.id, target.id) for target in node.targets if isinstance(target, ast.Name)]
        else:
            continue
        for name, called in names:
            assert name not in KEYWORDS or called in KEYWORDS, f"{source.name(path)} calls {name} {called}"
