"""The portal's settings for measuring: the same but for where files go and how many rows a roster may have."""

import tempfile
from pathlib import Path

from jinhua_labor.settings import *  # noqa: F403
from jinhua_labor.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "import_export", "tests.benchmarks"]
ROSTER_MAX_ROWS = 120_000
MEDIA_ROOT = Path(tempfile.gettempdir()) / "portal-bench-media"
LOG_LEVEL = "ERROR"
