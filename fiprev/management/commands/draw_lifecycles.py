"""Write docs/lifecycles.md from the tables of moves, or with --check say whether it is as they are."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from fiprev.lifecycles import draw


class Command(BaseCommand):
    help = "Draw the tables of moves into docs/lifecycles.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the page differs")

    def handle(self, *args: Any, **options: Any) -> None:
        page = settings.BASE_DIR / "docs" / "lifecycles.md"
        if not options["check"]:
            page.write_text(draw(), encoding="utf-8")
        elif not page.exists() or page.read_text(encoding="utf-8") != draw():
            self.stderr.write("docs/lifecycles.md differs from the tables: run manage.py draw_lifecycles")
            sys.exit(1)
