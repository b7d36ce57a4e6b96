"""What a machine without servers or secrets of its own uses: everything lives under var/.

Only the standard library is imported in this package: it runs before Django, and as the guard of each server.
"""

import secrets

from fiprev.local.places import VAR, Place, make_var


def secret_key() -> str:
    """A key made once for this checkout; production sets SECRET_KEY itself."""
    path = VAR / "secret-key"
    if not path.exists():
        make_var(VAR)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    return path.read_text(encoding="utf-8")


def database_url() -> str:
    """The embedded PostgreSQL of this checkout; whether it is up is the business of `servers.use`."""
    return Place(VAR).database_url()


def redis_url() -> str:
    """The embedded Valkey of this checkout."""
    return Place(VAR).redis_url()
