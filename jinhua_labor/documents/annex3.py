"""附件3 《金东区劳务协作工作站评估表》 as the notice prints it, filled (R-70)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from jinhua_labor.core.figures import plain

from .render import render


@dataclass(frozen=True, slots=True)
class Annex3Line:
    """One indicator in the words of the version used; `points` None leaves 实际得分 to the pen."""

    category: str  # 类别 with its points, for example 站点管理（20分）
    name: str  # 指标
    criterion: str  # 评分标准
    weight: int  # 参考权重
    points: Decimal | None = None  # 实际得分


@dataclass(frozen=True, slots=True)
class Signature:
    """A line under the table: the capacity, and who acted in it when; without a name the paper waits for a pen."""

    capacity: str
    person: str = ""
    on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Annex3:
    """The filled form: what stands above the table, its lines in the notice's order, the total and the signatures."""

    title: str  # as the version used prints it
    station: str
    operator: str  # 承建单位
    year: str  # 评估年度
    lines: Sequence[Annex3Line]
    total: Decimal | None = None
    result: str = ""  # 合格、不合格, with 一票否决 where it was
    signatures: Sequence[Signature] = ()
    version: str = ""  # the policy version, printed small
    draft: str = ""  # why this print is no result yet; empty for a confirmed one


def annex3_pdf(form: Annex3) -> bytes:
    """附件3 as a PDF: the table verbatim with 实际得分, one line above it, the signatures below.

    One A4 page for the notice as issued; a version with longer texts runs on with its head repeated. No seal is drawn.
    """
    groups = [(category, list(lines)) for category, lines in groupby(form.lines, key=lambda line: line.category)]
    rows = [
        {
            "category": category if position == 0 else "",
            "span": len(lines),
            "line": line,
            "points": "" if line.points is None else plain(line.points),
        }
        for category, lines in groups
        for position, line in enumerate(lines)
    ]
    context = {
        "form": form,
        "rows": rows,
        "weight": sum(line.weight for line in form.lines),
        "total": "" if form.total is None else plain(form.total),
    }
    return render("annex3.html", context, style="annex3")[0]
