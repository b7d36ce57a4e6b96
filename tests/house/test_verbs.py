"""Every verb names its actor (style 16): what is atomic and public in an app takes `by`, by keyword."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import source

APPS = ("accounts", "fund", "projects", "committee", "loans", "reports")
# Housekeeping of the machine, done by nobody: chaining the trail, sending what was written, numbering.
NOBODY = {
    "accounts/audit.py:seal",
    "accounts/outbox.py:claim",
    "accounts/outbox.py:stamp",
    "accounts/outbox.py:put_back",
    "accounts/outbox.py:bundle",
}
OUTSIDE = {"models", "management", "templatetags", "views", "migrations"}


def is_atomic(node: ast.FunctionDef) -> bool:
    return any(ast.unparse(decorator).startswith("transaction.atomic") for decorator in node.decorator_list)


def verbs() -> Iterator[tuple[Path, ast.FunctionDef]]:
    for path in source.python_files(*APPS):
        if OUTSIDE & set(path.parts) or path.name.startswith(("views", "reference", "tasks")):
            continue
        for node in source.tree(path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and is_atomic(node):
                yield path, node


def label(pair: tuple[Path, ast.FunctionDef]) -> str:
    return f"{source.name(pair[0])}:{pair[1].name}"


@pytest.mark.parametrize("verb", list(verbs()), ids=label)
def test_every_verb_names_its_actor_by_keyword(verb: tuple[Path, ast.FunctionDef]):
    if label(verb) in NOBODY:
        return
    names = [argument.arg for argument in verb[1].args.kwonlyargs]
    assert "by" in names, f"{label(verb)} does not say who acts"


def test_there_are_verbs_in_every_app():
    assert {source.name(path).split("/")[0] for path, _node in verbs()} >= {"accounts", "fund", "projects"}
