"""The play is some fifty thousand statements in one transaction; what makes that quick."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection


@contextmanager
def hurry() -> Iterator[None]:
    """No savepoints, since the play succeeds or fails as a whole; no wait for the disk; the garbage collector looks
    less often."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    savepoints, thresholds = connection.features.uses_savepoints, gc.get_threshold()
    connection.features.uses_savepoints = False
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        connection.features.uses_savepoints = savepoints
        gc.set_threshold(*thresholds)


def count_rows() -> None:
    """Let the database know how full its tables are. It counts by itself only what is committed: what this
    transaction filled it holds for empty, and reads from end to end what it would else look up."""
    name = connection.ops.quote_name
    tables = ", ".join(name(model._meta.db_table) for model in apps.get_models() if model._meta.managed)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")
