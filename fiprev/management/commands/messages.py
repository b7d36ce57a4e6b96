"""manage.py messages extract | compile | check: the catalogues, without any tool of the system."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from fiprev import catalogues

SHOWN = 40


class Command(BaseCommand):
    help = "Brings the catalogues up to date (extract), compiles them (compile), or says what is missing (check)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("step", choices=["extract", "compile", "check"])

    def handle(self, *args: Any, **options: Any) -> None:
        {"extract": self.extract, "compile": self.compile, "check": self.compare}[options["step"]]()

    def extract(self) -> None:
        for language in catalogues.LANGUAGES:
            left = catalogues.write(language)
            self.stdout.write(f"{language}: {left} strings want a translation")

    def compile(self) -> None:
        for language in catalogues.compile_all():
            self.stdout.write(f"{language}: compiled")

    def compare(self) -> None:
        found = list(catalogues.flaws())
        for flaw in found[:SHOWN]:
            self.stdout.write(str(flaw))
        if len(found) > SHOWN:
            self.stdout.write(f"... and {len(found) - SHOWN} more")
        if found:
            self.stderr.write(f"{len(found)} strings are not ready")
            sys.exit(1)
        self.stdout.write(f"The catalogues are complete: {', '.join(catalogues.LANGUAGES)}")
