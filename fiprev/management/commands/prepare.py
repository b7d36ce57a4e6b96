"""Bring an installation up to date: catalogues, static files, database, reference rows, and the demonstration once."""

import hashlib
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.models import User
from fiprev import catalogues

# What django_htmx brings beside the one file that templates/base.html asks for: most of the bytes to compress.
NOT_SERVED = ["django_htmx/ext/*", "django_htmx/htm*x-4*", "django_htmx/htmx-2.js"]


class Command(BaseCommand):
    help = (
        "Compiles catalogues, collects static files, migrates, loads reference rows; may run at every start."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", choices=["no", "if-empty", "yes"], default="no")
        parser.add_argument(
            "--only",
            choices=["files", "database"],
            help="files while an image is built, database where it runs",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["only"] != "database":
            catalogues.compile_all()
            self.collect_static()
        if options["only"] != "files":
            self.fill_database(options["demo"])

    def fill_database(self, demo: str) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_reference", verbosity=0)
        if demo == "yes" or (demo == "if-empty" and nobody_here()):
            self.play_demo()

    def collect_static(self) -> None:
        """Only when a source has changed: compressing all of them takes seconds."""
        mark = Path(settings.STATIC_ROOT) / ".sources"
        now = fingerprint()
        if mark.exists() and mark.read_text(encoding="utf-8") == now:
            return
        self.stdout.write("Collecting static files ...")
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=NOT_SERVED)
        mark.write_text(now, encoding="utf-8")

    def play_demo(self) -> None:
        """The story as a whole or not at all: a start that was broken off begins it anew."""
        if "seed_demo" not in get_commands():
            return
        self.stdout.write("Playing the demonstration (once) ...")
        with transaction.atomic():
            call_command("seed_demo", stdout=StringIO(), stderr=self.stderr)


def nobody_here() -> bool:
    return not User.objects.exclude(pk=User.objects.system().pk).exists()


def fingerprint() -> str:
    """Name, size and time of every static file of ours and of the libraries."""
    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            found.update(f"{name}:{stat.st_size}:{stat.st_mtime_ns}\n".encode())
    return found.hexdigest()
