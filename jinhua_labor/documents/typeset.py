"""Breaking Chinese text into lines, by the widths of the real fonts.

WeasyPrint justifies at spaces only, and Chinese has none: what it breaks stays ragged. Official print is flush on both
sides (GB/T 9704-2012: 28 characters a line), so the lines are made here and only set by WeasyPrint.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from jinhua_labor.core.provinces import PROVINCES

from .fonts import advance

_NOT_AT_START = frozenset("，。、；：！？）》〉」』】〕’”·…—％%")
_NOT_AT_END = frozenset("（《〈「『【〔‘“")
_PIECES = re.compile(r"[0-9A-Za-z.,:/%\-]{2,24}|.", re.DOTALL)
# Words of this field that a title should not be divided within (词意完整).
_WORDS = "金东区|省外|劳务|协作|工作站|设立|管理|办法|试行|申请|评估|优秀|补贴|公司|通知|批复|决定|名单|关于|同意"
# Names of places: a province, and whatever follows another place up to its own 州, 市, 县 ….
_PLACES = f"{'|'.join(PROVINCES.values())}|(?<=[省区市州县盟])[一-龥]{{1,10}}?(?:自治[州县]|[州市县盟旗])"
_TITLE_PIECES = re.compile(f"{_WORDS}|{_PLACES}|{_PIECES.pattern}", re.DOTALL)

CELLS = 28  # characters a line
EM = 16 * 25.4 / 72  # mm: 3号
CELL = 156 / CELLS  # mm


@dataclass(frozen=True, slots=True)
class Line:
    """A finished line and the space between its characters in mm (negative: set a little closer)."""

    text: str
    spacing: float

    @property
    def tracking(self) -> str:
        return f"{self.spacing:.4f}mm"


def width(text: str) -> float:
    """The width of `text` in em."""
    return sum(map(advance, text))


def wrap(text: str, room: float, *, indent: float = 0.0, pieces: re.Pattern[str] = _PIECES) -> tuple[str, ...]:
    """`text` in lines of at most `room` em, the first `indent` em shorter; never an empty tuple.

    No closing mark starts a line, no opening one ends it; what `pieces` finds together stays whole where it fits.
    """
    text = " ".join(text.split())
    if indent + width(text) <= room:
        return (text,)
    lines: list[str] = []
    line: list[str] = []
    used = indent
    for piece in pieces.findall(text):
        for part in (piece,) if width(piece) <= room else piece:
            size = width(part)
            if used + size > room and line:
                carried = _carried(line, part)
                lines.append("".join(line).strip())
                line, used = carried, width("".join(carried))
            if line or part != " ":
                line.append(part)
                used += size
    lines.append("".join(line).strip())
    return tuple(lines)


def _carried(line: list[str], following: str) -> list[str]:
    """Takes from the end of `line` what has to go down to the next, because of what would start or end a line."""
    carried: list[str] = []
    while len(line) > 1 and (following in _NOT_AT_START or line[-1] in _NOT_AT_END):
        following = line.pop()
        carried.insert(0, following)
    return carried


def paragraph(text: str, *, indent: int = 2, cells: float = CELLS) -> tuple[Line, ...]:
    """A paragraph in 3号, its first line `indent` characters in; all lines but the last fill the measure exactly."""
    tight = CELL - EM  # 28 characters of 16 pt are two millimetres too wide: every cell is that much narrower
    texts = wrap(text, cells + 0.001, indent=indent)
    lines = []
    for number, line in enumerate(texts):
        gaps = len(line) - 1
        measure = (cells - (0 if number else indent)) * CELL
        fill = (measure - width(line) * EM) / gaps if gaps else 0.0
        lines.append(Line(line, tight if number == len(texts) - 1 else fill))
    return tuple(lines)


def balanced(text: str, room: float) -> tuple[str, ...]:
    """A title in as few lines as it needs, about equally long; a line break in `text` is kept (词意完整)."""
    if "\n" in text:
        return tuple(part for line in text.splitlines() if line.strip() for part in balanced(line.strip(), room))
    count = math.ceil(width(text) / room)
    if count <= 1:
        return (text,)
    return wrap(text, min(room, width(text) / count + 1.5), pieces=_TITLE_PIECES)
