"""The settings of the tests: the real ones, with what would be slow, random or outside replaced."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("STAFF_SECOND_FACTOR", "no")

from fiprev.settings import *  # noqa: F403
from fiprev.settings import DATABASES, STORAGES

if os.environ.get("FIPREV_TEST_TEMPLATE"):  # ./test has made it (tests/template.py)
    DATABASES["default"]["TEST"] = {"TEMPLATE": f"test_{DATABASES['default']['NAME']}"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
ALLOWED_HOSTS = ["*"]
_media = tempfile.TemporaryDirectory(prefix="fiprev-test-media-")  # goes with the process
MEDIA_ROOT = Path(_media.name)
# Tests assert the sentences of the source; whoever wants the catalogues asks for the fixture of that name.
LOCALE_PATHS: list[str] = []
