"""Files stay near 400 lines and functions near 50; beyond 600 and 80 the gate says no (style 3)."""

import warnings
from collections.abc import Iterator

from tests.house import source

FILE, FILE_LIMIT = 400, 600
FUNCTION, FUNCTION_LIMIT = 50, 80


def files() -> Iterator[tuple[str, int]]:
    for path in source.python_files(*source.APPS, "tests"):
        yield source.name(path), len(path.read_text(encoding="utf-8").splitlines())


def functions() -> Iterator[tuple[str, int]]:
    for path in source.python_files():
        for node in source.functions(path):
            yield f"{source.name(path)}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def held(sizes: Iterator[tuple[str, int]], wanted: int, limit: int) -> None:
    long = {name: size for name, size in sizes if size > wanted}
    for name, size in sorted(long.items(), key=lambda pair: -pair[1]):
        if size <= limit:
            warnings.warn(f"{name} has {size} lines, {wanted} are wanted", stacklevel=2)
    over = {name: size for name, size in long.items() if size > limit}
    assert not over, f"too long (limit {limit}): {over}"


def test_files_stay_readable():
    held(files(), FILE, FILE_LIMIT)


def test_functions_stay_readable():
    held(functions(), FUNCTION, FUNCTION_LIMIT)
