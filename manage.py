#!/usr/bin/env python
"""Django's command line for Fiprev."""

import os
import sys

WITHOUT_SERVERS = {"messages", "collectstatic", "help", "version", "--help", "-h", "--version"}
FILES_ONLY = ["prepare", "--only", "files"]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fiprev.settings")
    serve(sys.argv[1:])
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def serve(words: list[str]) -> None:
    """Without DATABASE_URL a command uses the server under var/, started for the call if it is down."""
    from fiprev import env
    from fiprev.local import servers
    from fiprev.local.places import LocalError

    if not words or words[0] in WITHOUT_SERVERS or words == FILES_ONLY or env.flag("PRODUCTION", False):
        return
    try:
        servers.serve_environment()
    except LocalError as error:
        sys.exit(f"Fiprev: {error}")


if __name__ == "__main__":
    main()
