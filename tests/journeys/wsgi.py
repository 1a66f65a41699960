"""The portal as gunicorn serves it in the journeys; static files come straight from the tree, nothing is collected."""

from __future__ import annotations

from django.contrib.staticfiles.handlers import StaticFilesHandler

from jinhua_labor.wsgi import application as portal

application = StaticFilesHandler(portal)
