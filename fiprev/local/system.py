"""What Fiprev needs of the system itself: Pango for PDFs, Chromium for the browser tests."""

import ctypes
import shutil
import sys

# soname -> Debian package
PANGO = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
APT_LINE = f"apt-get install --no-install-recommends {' '.join(PANGO.values())}"
# Without windows of its own the same Chromium is a third quicker.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def missing_libraries() -> list[str]:
    """The Debian packages whose libraries cannot be loaded; empty where PDFs work (Linux only)."""
    return (
        [package for soname, package in PANGO.items() if not _loads(soname)]
        if sys.platform == "linux"
        else []
    )


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def browser() -> str | None:
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


if __name__ == "__main__":
    # For ./run and ./test: exit 0 if nothing is missing of what was asked for.
    lacking = {"pango": bool(missing_libraries()), "browser": browser() is None}
    sys.exit(any(lacking[word] for word in sys.argv[1:]))
