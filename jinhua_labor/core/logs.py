"""Logs: one JSON line an event on stdout, without personal data.

A number that looks like an identity card, and anything named like a secret, is blanked whoever wrote it.
"""

from __future__ import annotations

import logging
import logging.config
import re
from collections.abc import MutableMapping
from typing import Any

import structlog
from django.conf import settings

# 18 digits, or the old 15; neither inside a longer word: a request id is hexadecimal and must stay whole.
ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:\d{6}(?:18|19|20)\d{9}[\dXx]|\d{15})(?![0-9A-Za-z])")
ONE_TIME_LINK = re.compile(r"(?<=/)[A-Za-z0-9_-]{40,}(?=/)")  # a token in a path; a UUID is shorter
SURVEY_CARD = re.compile(r"(?<=/s/)[0-9A-Z]{20,}")  # the code of a 满意度 card stands in its address, for one answer
SECRET_KEYS = re.compile(r"password|passwd|token|secret|cookie|authorization|session", re.IGNORECASE)
BLANK = "***"


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return SURVEY_CARD.sub(BLANK, ONE_TIME_LINK.sub(BLANK, ID_NUMBER.sub(BLANK, value)))
    if isinstance(value, dict):
        return {key: BLANK if SECRET_KEYS.search(str(key)) else _scrubbed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_scrubbed(item) for item in value]
    return value


def scrub(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blanks identity numbers in every value and the values of every key that names a secret."""
    for key, value in event.items():
        if not key.startswith("_"):
            event[key] = BLANK if SECRET_KEYS.search(key) else _scrubbed(value)
    return event


def configure() -> None:
    """Sends structlog and the standard library's logging through the same chain; safe to call again."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        scrub,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": [*shared[:-1], structlog.stdlib.ExtraAdder(["request_id"]), scrub],
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
                    ],
                }
            },
            "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stdout"], "level": settings.LOG_LEVEL},
            "loggers": {
                "django.server": {"level": "WARNING"},  # our own line says it with the route instead of the path
                "django.request": {"level": "ERROR"},  # 4xx are in our own line
                "procrastinate": {"level": "WARNING"},
                "weasyprint": {"level": "ERROR"},
                "fontTools": {"level": "ERROR"},
                "PIL": {"level": "WARNING"},
            },
        }
    )
