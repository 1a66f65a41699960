"""The child process that reads a workbook: limits itself first, then parses, then answers over its pipes.

Run as a script with `-I -S` (8 ms to start); imports nothing of the portal, so a file that breaks the parser breaks
only this process. Messages are marshal values behind a four-byte length: first the sheets, then, for each sheet
number read from standard input, its rows in chunks and an empty end mark.
"""

import datetime as dt
import marshal
import os
import resource
import sys
from typing import Any

CHUNK_ROWS = 2000
HEAD = 60
MERGED = 5000


def limit(cpu: int, memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def send(out: Any, value: Any) -> None:
    body = marshal.dumps(value)
    out.write(len(body).to_bytes(4, "big"))
    out.write(body)
    out.flush()


def plain(row: list[Any], left: int) -> list[Any]:
    """The row with dates as (year, month, day) and nothing marshal does not know."""
    for index, value in enumerate(row):
        kind = value.__class__
        if kind is str or kind is float:
            continue
        if kind is dt.date or kind is dt.datetime:
            row[index] = (value.year, value.month, value.day)
        elif kind is not bool and kind is not int:
            row[index] = str(value)
    return [""] * left + row if left else row


def merged_down(sheet: Any) -> list[tuple[int, int, int]]:
    """(first row, last row, column) of cells merged over several rows; rows from 1, columns from 0."""
    ranges = sheet.merged_cell_ranges or ()
    return [(top + 1, bottom + 1, left) for (top, left), (bottom, _) in ranges if bottom > top][:MERGED]


def main(fd: int, cpu: int, memory: int, sheets: int, path: str) -> None:
    sys.path.append(path)
    limit(cpu, memory)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a parser that prints must not disturb the messages
    try:
        from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

        try:
            with os.fdopen(fd, "rb") as file:
                book = CalamineWorkbook.from_filelike(file)
            metadata = book.sheets_metadata
            if len(metadata) > sheets:
                send(out, ("error", "sheets"))
                return
            found = [
                book.get_sheet_by_index(number) if meta.typ == SheetTypeEnum.WorkSheet else None
                for number, meta in enumerate(metadata)
            ]
        except PasswordError:
            send(out, ("error", "encrypted"))
            return
    except MemoryError:
        send(out, ("error", "memory"))
        return
    except Exception as error:
        send(out, ("error", "unreadable", f"{error.__class__.__name__}: {error}"[:300]))
        return
    infos: list[Any] = []
    for number, (meta, sheet) in enumerate(zip(metadata, found, strict=True)):
        if sheet is None or sheet.start is None:
            infos.append((number, meta.name, meta.visible == SheetVisibleEnum.Visible, 0, 0, [], []))
            continue
        left, head = sheet.start[1], []
        for row in sheet.iter_rows():
            head.append(plain(row, left))
            if len(head) == HEAD:
                break
        visible = meta.visible == SheetVisibleEnum.Visible
        width = left + sheet.width
        infos.append((number, meta.name, visible, sheet.total_height, width, head, merged_down(sheet)))
    send(out, ("sheets", infos))
    for line in sys.stdin:
        sheet = found[int(line)]
        chunk: list[Any] = []
        if sheet is not None and sheet.start is not None:
            left = sheet.start[1]
            for row in sheet.iter_rows():
                chunk.append(plain(row, left))
                if len(chunk) == CHUNK_ROWS:
                    send(out, chunk)
                    chunk = []
        if chunk:
            send(out, chunk)
        send(out, [])


if __name__ == "__main__":
    words = sys.argv
    main(int(words[1]), int(words[2]), int(words[3]), int(words[4]), words[5])
