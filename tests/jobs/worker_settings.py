"""The portal's settings for a worker process that works on the test database."""

import os

from jinhua_labor.settings import *  # noqa: F403  the same settings but for two
from jinhua_labor.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["WORKER_DATABASE"]
PROCRASTINATE_IMPORT_PATHS = ["tests.jobs.tasks_for_tests"]
