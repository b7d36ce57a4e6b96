"""The committed source, as the tests of the house read it."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fiprev.local.places import ROOT

APPS = ("accounts", "fund", "projects", "committee", "loans", "reports", "fiprev")


@cache
def committed() -> tuple[Path, ...]:
    """Every file that git knows or would take; without git, every file that is not made by a run."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = listed.stdout.splitlines() if listed.returncode == 0 else list(without_git())
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())


def without_git() -> Iterator[str]:
    made = {".git", ".venv", ".tools", "var", "staticfiles", "__pycache__"}
    for path in ROOT.rglob("*"):
        if path.is_file() and not made & set(path.relative_to(ROOT).parts):
            yield str(path.relative_to(ROOT))


def python_files(*folders: str) -> Iterator[Path]:
    for path in committed():
        top = path.relative_to(ROOT).parts[0]
        if path.suffix == ".py" and top in (folders or APPS) and "migrations" not in path.parts:
            yield path


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
