"""Put the rows in place that the apps cannot work without."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

HOUSE = ("accounts", "fund", "projects", "committee", "loans", "reports")


class Command(BaseCommand):
    help = "Loads each app's reference data, from the bottom of the house to the top. May run again."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            for app in HOUSE:
                if find_spec(f"{app}.reference"):
                    import_module(f"{app}.reference").load()
        if options["verbosity"]:
            self.stdout.write("Reference data loaded.")
