"""Gives pytest its PostgreSQL. Named in addopts: pytest-django reads the settings before any conftest runs."""

import os
from pathlib import Path

import pytest

from fiprev.local import servers
from fiprev.local.places import VAR

TEST_VAR = VAR / "test"


def serve() -> None:
    """The embedded server without fsync, unless DATABASE_URL names another; workers of xdist inherit it."""
    if os.environ.get("DATABASE_URL"):
        return
    (hold,) = servers.use(["postgres"], var=Path(TEST_VAR), fast=True)
    os.environ["DATABASE_URL"] = hold.server.url
    servers.keep(hold)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was skipped, by name: a green run must not hide it."""
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple | list) else str(report.longrepr)
        terminalreporter.write_line(f"skipped: {report.nodeid} ({reason.removeprefix('Skipped: ')})")


serve()
