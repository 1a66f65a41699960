"""The portal as gunicorn serves it in the journeys; static files come straight from the tree, nothing is collected."""

from __future__ import annotations

import os
from pathlib import Path

from django.contrib.staticfiles.handlers import StaticFilesHandler

from jinhua_labor.wsgi import application as portal

application = StaticFilesHandler(portal)
if "JOURNEY_CLOCK" in os.environ:
    from .clock import follow

    application = follow(application, Path(os.environ["JOURNEY_CLOCK"]))
