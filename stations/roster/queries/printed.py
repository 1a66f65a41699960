"""附件2 as it is printed: the rows in order, with full numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from stations.roster.models import Delivery

if TYPE_CHECKING:
    from stations.roster.models import RosterList


class PrintedRow(NamedTuple):
    """One row of 附件2: 序号, 姓名, 身份证号, 户籍, 入职企业, 入职时间."""

    seq: int
    name: str
    id_number: str
    hukou: str
    employer: str
    entry_on: dt.date


def printed_rows(roster_list: RosterList) -> Iterator[PrintedRow]:
    """The rows of a list numbered 1, 2, 3… in order, read in pieces. The caller records the read of the numbers."""
    rows = (
        Delivery.objects.filter(roster_list=roster_list)
        .order_by("seq", "id")
        .values_list("name", "person__id_number", "hukou_text", "employer__name", "entry_on")
    )
    for seq, row in enumerate(rows.iterator(chunk_size=2000), start=1):
        yield PrintedRow(seq, *row)
