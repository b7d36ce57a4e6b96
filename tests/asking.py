"""How often a verb reads: the count that the tests of statements hold."""

from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext


@contextmanager
def asked(times):
    """The block reads so often; what it writes, and what the person may do, is not counted."""
    with CaptureQueriesContext(connection) as found:
        yield
    said = [row["sql"].strip() for row in found]
    reads = [sql for sql in said if sql.startswith("SELECT") and "accounts_grant" not in sql]
    assert len(reads) == times, "\n".join(reads)
