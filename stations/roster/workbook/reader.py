"""Reads a workbook in a limited child process and streams its rows with their sheet row numbers."""

from __future__ import annotations

import importlib.util
import marshal
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final

from stations.roster.workbook.limits import Limits
from stations.roster.workbook.preflight import SAVE_AS, Checked, WorkbookRefused, preflight

Cell = str | float | int | bool | tuple[int, int, int]  # a date cell is (year, month, day), an empty one ''
Row = list[Cell]

_CHILD: Final = Path(__file__).with_name("child.py")
_MAX_MESSAGE: Final = 256 * 1024 * 1024
_ERRORS: Final = {
    "encrypted": "工作簿设了打开密码。请在 Excel 或 WPS 中取消密码后重新上传。",
    "sheets": "工作表过多。请只保留名册所在的工作表后上传。",
    "memory": f"文件过大或格式异常，无法读取。请只保留名册一张表，{SAVE_AS}",
    "unreadable": f"文件无法读取，可能已损坏。{SAVE_AS}",
    "time": f"读取超时，文件过大或格式异常。请只保留名册一张表，{SAVE_AS}",
    "died": f"文件过大或格式异常，无法读取。请只保留名册一张表，{SAVE_AS}",
}


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """A sheet as first seen: its number, name, whether it is visible, used height and width, its first 60 rows, and
    the cells merged downwards (first row, last row, column)."""

    number: int
    name: str
    visible: bool
    height: int
    width: int
    head: list[Row]
    merged: list[tuple[int, int, int]] = field(default_factory=list)


def _site_packages() -> str:
    spec = importlib.util.find_spec("python_calamine")
    if spec is None or spec.origin is None:
        raise RuntimeError("python-calamine is not installed")
    return str(Path(spec.origin).parent.parent)


class Workbook:
    """An open workbook: `sheets`, then `rows(number)` as often as wanted. Use it as a context manager.

    Takes the bytes of a file that came in, or its path. Preflight runs first unless its result is given. Raises
    WorkbookRefused with a sentence in Chinese for whatever goes wrong: a child that crashes, eats memory or hangs ends
    as 「文件过大或格式异常」, never as a failure of this process.
    """

    def __init__(self, source: bytes | Path, limits: Limits, checked: Checked | None = None) -> None:
        self.limits = limits
        data = source.read_bytes() if isinstance(source, Path) and checked is None else source
        self.checked = checked or preflight(data, limits) if isinstance(data, bytes) else checked
        self._deadline = time.monotonic() + limits.wall_seconds
        self._child: subprocess.Popen[bytes] | None = None
        with _opened(source) as file:
            self._child = self._start(file)
        try:
            self.sheets = [SheetInfo(*info) for info in self._first()]
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Workbook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the child; it holds nothing that would have to be kept."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        child.wait()

    def rows(self, number: int) -> Iterator[tuple[int, Row]]:
        """The rows of one sheet with their sheet row numbers (1 is the sheet's first row)."""
        return enumerate(chain.from_iterable(self.chunks(number)), start=1)

    def chunks(self, number: int) -> Iterator[list[Row]]:
        """The rows of one sheet from its first row on, up to 2 000 at a time."""
        child = self._running()
        if child.stdin is None:
            raise RuntimeError("the child has no standard input")
        try:
            child.stdin.write(b"%d\n" % number)
            child.stdin.flush()
        except OSError:
            raise self._failed("died") from None
        while chunk := self._receive():
            yield chunk

    def _start(self, file: IO[bytes]) -> subprocess.Popen[bytes]:
        limits = self.limits
        words = [str(file.fileno()), str(limits.cpu_seconds), str(limits.memory_bytes), str(limits.sheets)]
        return subprocess.Popen(
            [sys.executable, "-I", "-S", str(_CHILD), *words, _site_packages()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(file.fileno(),),
            env={"LC_ALL": "C.UTF-8"},
            cwd="/",
        )

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            raise ValueError("the workbook is closed")
        return self._child

    def _first(self) -> list[Any]:
        answer = self._receive()
        if answer[0] == "error":
            raise self._failed(answer[1])
        return list(answer[1])

    def _receive(self) -> Any:
        size = int.from_bytes(self._read(4), "big")
        if size > _MAX_MESSAGE:
            raise self._failed("died")
        # Our own child wrote this a moment ago; marshal is four times as fast as JSON here.
        return marshal.loads(self._read(size))  # noqa: S302

    def _read(self, size: int) -> bytes:
        child, parts = self._running(), []
        if child.stdout is None:
            raise RuntimeError("the child has no standard output")
        out = child.stdout.fileno()
        while size:
            left = self._deadline - time.monotonic()
            if left <= 0 or not select.select([out], [], [], left)[0]:
                raise self._failed("time")
            part = os.read(out, min(size, 1 << 20))
            if not part:
                raise self._failed("time" if child.wait() == -24 else "died")  # 24: SIGXCPU
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _failed(self, code: str) -> WorkbookRefused:
        self.close()
        return WorkbookRefused(code, _ERRORS[code])


def filled_down(
    rows: Iterable[tuple[int, Row]], sheet: SheetInfo, *, columns: Collection[int], where: Collection[int]
) -> Iterator[tuple[int, Row]]:
    """The rows with what a cell merged over several of them shows: in the file only the topmost holds it.

    Fills `columns` alone, and only rows with something in one of the columns `where`: people merge 入职企业 down to the
    last bordered row, and an empty row is nobody.
    """
    spans = sorted(span for span in sheet.merged if span[2] in columns)
    return _filled(rows, spans, where) if spans else iter(rows)


def _filled(
    rows: Iterable[tuple[int, Row]], spans: list[tuple[int, int, int]], where: Collection[int]
) -> Iterator[tuple[int, Row]]:
    waiting, shown = iter(spans), dict[int, tuple[int, Cell]]()
    following = next(waiting, None)
    for row_no, row in rows:
        while following is not None and following[0] <= row_no:
            top, bottom, at = following
            if top == row_no and at < len(row):
                shown[at] = (bottom, row[at])
            following = next(waiting, None)
        for at, (bottom, value) in shown.items():
            if (
                row_no <= bottom
                and at < len(row)
                and row[at] == ""
                and any(row[one] for one in where if one < len(row))
            ):
                row[at] = value
        yield row_no, row


def _opened(source: bytes | Path) -> IO[bytes]:
    if isinstance(source, Path):
        return source.open("rb")
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the caller closes it)
    file.write(source)
    file.flush()
    file.seek(0)
    return file
