"""The office: what follows a submission, for the firm and for the staff. Pages are read on the day of the stories."""

import pytest

from tests.projects.conftest import as_  # noqa: F401 - a fixture
from tests.world import DAY

PAGES = ("file", "messages", "checks", "mine", "board", "times", "whole_file", "privacy")


@pytest.fixture(autouse=True)
def _the_fund_is_in_march(monkeypatch):
    for module in PAGES:
        monkeypatch.setattr(f"projects.views.{module}.today", lambda: DAY)
