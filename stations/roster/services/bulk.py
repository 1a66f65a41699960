"""COPY in PostgreSQL's text format: the quickest way in for rows by the hundred thousand."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
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


def copy_text(table: str, columns: Sequence[str], chunks: Iterable[str]) -> None:
    """COPYs pieces of whole lines in the text format. No other query may run before the last piece is handed over."""
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for chunk in chunks:
            copy.write(chunk)


def copy_lines(table: str, columns: Sequence[str], lines: Iterable[str]) -> int:
    """COPYs lines in the text format (fields joined by tabs, no line end); how many."""
    number = 0

    def chunks() -> Iterator[str]:
        nonlocal number
        remaining = iter(lines)
        while chunk := list(islice(remaining, _CHUNK)):
            number += len(chunk)
            yield "\n".join(chunk) + "\n"

    copy_text(table, columns, chunks())
    return number


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """The same for rows of values."""
    return copy_lines(table, columns, ("\t".join(map(field, row)) for row in rows))


def patient() -> None:
    """Lifts the statement timeout of pages until the transaction ends: whole lists take longer than a page may.

    Statistics taken while an import is under way call a full table empty; without Material no plan made of them walks
    that table for each row.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '64MB'; SET LOCAL jit = off;"
            " SET LOCAL enable_material = off"
        )


def analyse() -> None:
    """Brings the planner's statistics up to date where a table has grown by half since they were taken, or was called
    empty by one who could not see its rows yet.

    Without them a recount just after a large import is planned for empty tables, and takes minutes instead of seconds.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relnamespace = 'public'::regnamespace"
            " AND pg_relation_size(oid) > 500000"
            " AND (relpages * 1.5 < pg_relation_size(oid) / 8192 OR reltuples < relpages)",
            [list(TABLES)],
        )
        grown = [name for (name,) in cursor.fetchall()]
        if grown:
            cursor.execute(f"ANALYZE {', '.join(grown)}")
