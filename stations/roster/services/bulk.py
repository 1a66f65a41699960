"""COPY, the quickest way in for rows by the hundred thousand: in PostgreSQL's text format, or in its binary one where
parsing the text would be a third of the server's work."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Final

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
    """COPYs lines in the text format (fields joined by tabs, no line end); how many. No other query may run before the
    last line is handed over."""
    names, number, remaining = ", ".join(f'"{name}"' for name in columns), 0, iter(lines)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        while chunk := list(islice(remaining, _CHUNK)):
            number += len(chunk)
            copy.write("\n".join(chunk) + "\n")
    return number


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """The same for rows of values."""
    return copy_lines(table, columns, ("\t".join(map(field, row)) for row in rows))


# --- The binary format: a field is its length in four bytes and its bytes, a row starts with the number of its fields

_HEAD: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_END: Final = b"\xff\xff"
_DAY_ZERO: Final = dt.date(2000, 1, 1).toordinal()
NOTHING: Final = b"\xff\xff\xff\xff"
SIZE: Final = [number.to_bytes(4, "big") for number in range(256)]
"""The lengths of short fields, for loops that cannot afford a call of `packed` for each."""


def packed(value: bytes | str | int | dt.date | uuid.UUID | None) -> bytes:
    """A value as a field of binary COPY; whole numbers as `integer`."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        raw = value.encode()
    elif isinstance(value, bytes):
        raw = value
    elif isinstance(value, uuid.UUID):
        raw = value.bytes
    elif isinstance(value, dt.date):
        raw = (value.toordinal() - _DAY_ZERO).to_bytes(4, "big", signed=True)
    else:
        raw = value.to_bytes(4, "big", signed=True)
    return len(raw).to_bytes(4, "big") + raw


def packed_json(value: Any) -> bytes:
    """A JSON document as a `jsonb` field of binary COPY: version 1 and its text."""
    return packed(b"\x01" + json.dumps(value, ensure_ascii=False, default=str).encode())


def copy_binary(table: str, columns: Sequence[str], chunks: Iterable[bytes]) -> None:
    """COPYs pieces of whole rows in the binary format. No other query may run before the last piece is handed over."""
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN (FORMAT BINARY)') as copy:
        copy.write(_HEAD)
        for chunk in chunks:
            copy.write(chunk)
        copy.write(_END)


# ----------------------------------------------------------------------------------------------------------------------


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
