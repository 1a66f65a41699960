"""The portal's settings for measuring: the same but for where files go and how many rows a roster may have."""

import os
import tempfile
from pathlib import Path

from jinhua_labor.settings import *  # noqa: F403
from jinhua_labor.settings import INSTALLED_APPS, STATIC_ROOT, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "import_export", "tests.benchmarks"]
ROSTER_MAX_ROWS = 120_000
MEDIA_ROOT = Path(tempfile.gettempdir()) / "portal-bench-media"
LOG_LEVEL = "ERROR"
ROOT_URLCONF = "tests.benchmarks.urls"
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
STATIC_ROOT = Path(os.environ.get("BENCH_STATIC", str(STATIC_ROOT)))
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}
