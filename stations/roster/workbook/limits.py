"""How large a workbook may be, told before the upload and enforced by preflight and reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MIB: Final = 1024 * 1024
HEAD_ROWS: Final = 100  # titles, head lines and notes come on top of the persons


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one kind of file. `rows` counts persons (or insured months), not sheet rows."""

    label: str
    file_bytes: int
    rows: int
    unpacked_bytes: int
    columns: int = 64
    sheets: int = 64
    cpu_seconds: int = 60
    wall_seconds: int = 60
    memory_bytes: int = 512 * MIB

    @property
    def last_row(self) -> int:
        """The last sheet row that may hold a value."""
        return self.rows + HEAD_ROWS

    def told(self) -> str:
        """The sentence beside the upload field."""
        return f"支持 .xlsx、.xls、.ods，不超过 {self.file_bytes // MIB} MB、{self.rows:,} 行、{self.columns} 列。"


def roster_limits(rows: int = 20_000) -> Limits:
    """Bounds of a roster (附件2): 5 MB and 64 MiB unpacked for 20 000 persons; more in proportion."""
    scale = max(1, -(-rows // 20_000))
    return Limits("名册", 5 * MIB * scale, rows, 64 * MIB * scale)


INSURANCE: Final = Limits("社保参保明细", 30 * MIB, 300_000, 256 * MIB)
