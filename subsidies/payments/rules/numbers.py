"""Numbers of batches: `BF-330703-2026-003`, without gaps within a year. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

PREFIX = "BF"
_NUMBER = re.compile(rf"{PREFIX}-(\d{{6}})-((?:19|20)\d{{2}})-(\d{{3,6}})", re.ASCII)
_DASHES = dict.fromkeys(map(ord, "－—–‐‑−"), "-")


def batch_number(district: str, year: int, serial: int) -> str:
    """The number of the `serial`-th batch of a year. Raises ValueError below 1."""
    if serial < 1:
        raise ValueError("批次从 1 开始编号")
    return f"{PREFIX}-{district}-{year}-{serial:03d}"


def next_serial(taken: Collection[int]) -> int:
    """The serial after the last one given; a cancelled batch keeps its own, so that none is ever given twice."""
    return max(taken, default=0) + 1


def find_numbers(text: str) -> list[str]:
    """The batch numbers a line of text holds, in whatever dashes and case they were typed."""
    compact = "".join(text.translate(_DASHES).split()).upper()
    return [found[0] for found in _NUMBER.finditer(compact)]
