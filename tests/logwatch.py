"""Reads along in the log of the whole suite: what must never stand in it fails the test that wrote it (V16.2.5)."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from tests.factories import PASSWORD

SECRETS = {
    "身份证号": re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])"),
    "会话": re.compile(r"(?:sessionid|__Host-sid|csrftoken)=[0-9A-Za-z]{8,}"),
    "授权头": re.compile(r"Authorization['\"]?:\s*['\"]?(?!\*)\S"),
    "口令": re.compile(re.escape(PASSWORD)),
    "满意度卡": re.compile(r"/s/[0-9A-HJKMNP-TV-Z]{20,}"),
    "一次性链接": re.compile(r"/account/(?:join|reset)/(?!<)[A-Za-z0-9_-]{20,}"),
}


def secrets_in(line: str) -> list[str]:
    """Which kinds of secret a line of the log gives away."""
    return [kind for kind, pattern in SECRETS.items() if pattern.search(line)]


class _Reader(logging.Handler):
    """Formats each record as the portal's own handler would, and keeps the lines that say too much."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        writers = [handler for handler in logging.getLogger().handlers if _is_the_portals(handler)]
        for writer in writers:
            line = writer.format(record)
            if kinds := secrets_in(line):
                self.found.append(f"{'、'.join(kinds)}：{record.name} {line[:60]}…")


def _is_the_portals(handler: logging.Handler) -> bool:
    return type(handler.formatter).__module__.startswith("structlog")


@contextmanager
def reading_along() -> Iterator[list[str]]:
    reader = _Reader()
    logging.getLogger().addHandler(reader)
    try:
        yield reader.found
    finally:
        logging.getLogger().removeHandler(reader)
