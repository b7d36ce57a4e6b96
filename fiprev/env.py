"""Typed readers for the environment: a setting is there and right, or the program does not start."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    """The variable as text; NAME_FILE may name a file that holds it (for secrets)."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set; see .env.example")
    return value


def flag(name: str, default: bool) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} must be yes or no")


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r} must be a whole number") from None


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def cache_location(url: str) -> str:
    """The cache beside the queue on the same server: in database 1, so that emptying it leaves the queue alone."""
    parts = urlsplit(url)
    if parts.scheme == "redis+socket":
        return f"unix://{parts.path}?db=1"
    return urlunsplit(parts._replace(path="/1"))


def database(name: str, default: str | None) -> dict[str, object]:
    """A PostgreSQL URL as Django's DATABASES entry; `?host=/dir` names a unix socket's folder.

    The server plans a statement that comes again once for each connection; `?prepare=no` is for a pooler that hands
    every transaction to another connection and does not know prepared statements (PgBouncer before 1.21).
    """
    url = urlsplit(text(name, default))
    if url.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must be a postgresql:// address: Fiprev runs on PostgreSQL only")
    options: dict[str, object] = dict(parse_qsl(url.query))
    planned = options.pop("prepare", "yes")
    if planned not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} has prepare={planned!r}: it must be yes or no")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.lstrip("/"),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", url.hostname or ""),
        "PORT": options.pop("port", str(url.port or "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 2 if planned in TRUE else None}
        | options,
    }
