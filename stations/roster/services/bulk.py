"""COPY in PostgreSQL's text format: the quickest way in for rows by the hundred thousand."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_CHUNK = 2000
NULL = "\\N"
TABLES = ("stations_person", "stations_delivery", "stations_insuredmonth")


def escape(text: str) -> str:
    """The text as a field of COPY. Most texts need nothing and come back as they are."""
    return text.translate(_ESCAPES) if "\\" in text or not text.isprintable() else text


def field(value: Any) -> str:
    """Any value as a field of COPY: None, text, numbers, dates, bytes, lists of plain words, JSON as `Json`."""
    if value is None:
        return NULL
    if value.__class__ is str:
        return escape(value)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    if isinstance(value, dt.date):
        return value.isoformat()
    return escape(str(value))


def as_json(value: Any) -> str:
    """A JSON document as a field of COPY."""
    return escape(json.dumps(value, ensure_ascii=False, default=str))


def copy_lines(table: str, columns: Sequence[str], lines: Iterable[str]) -> int:
    """COPYs lines that are already in the text format (fields joined by tabs, no line end); the number of lines."""
    names = ", ".join(f'"{name}"' for name in columns)
    number = 0
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        waiting: list[str] = []
        for line in lines:
            waiting.append(line)
            if len(waiting) == _CHUNK:
                number += _CHUNK
                copy.write("\n".join(waiting) + "\n")
                waiting.clear()
        if waiting:
            number += len(waiting)
            copy.write("\n".join(waiting) + "\n")
    return number


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """The same for rows of values."""
    return copy_lines(table, columns, ("\t".join(map(field, row)) for row in rows))


def patient() -> None:
    """Lifts the statement timeout of pages until the transaction ends: whole lists take longer than a page may."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL work_mem = '64MB'")


def analyse(*tables: str) -> None:
    """Brings the planner's statistics of the roster's tables up to date."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables or TABLES)}")
