"""What a machine without servers or secrets of its own uses: everything lives under var/."""

import secrets
from pathlib import Path

VAR = Path(__file__).resolve().parent.parent.parent / "var"


def secret_key() -> str:
    """A key made once for this checkout; production sets SECRET_KEY itself."""
    path = VAR / "secret-key"
    if not path.exists():
        VAR.mkdir(exist_ok=True)
        path.write_text(secrets.token_urlsafe(50), encoding="utf-8")
        path.chmod(0o600)
    return path.read_text(encoding="utf-8")


def database_url() -> str:
    return f"postgresql://postgres@/fiprev?host={VAR / 'run'}"


def redis_url() -> str:
    return f"redis+socket://{VAR / 'run' / 'valkey.sock'}"
