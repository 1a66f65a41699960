"""留用名册 on paper: in the manner of 附件2, heads on every page, one number after the other."""

from __future__ import annotations

import datetime as dt

from jinhua_labor.documents.annex2 import Annex2Head
from jinhua_labor.documents.retention import RETENTION, RetentionRow, retention_pdf

from .paper import pages, text


def people(count: int) -> list[RetentionRow]:
    day = dt.date(2021, 3, 10)
    return [
        RetentionRow("测试甲", "529999199001010019", "贵州省", "示例厂", day, dt.date(2021, 9, 10), "留用")
        for _ in range(count)
    ]


def test_六十人两页以上_每页有表头() -> None:
    pdf = retention_pdf(Annex2Head("示例人力资源有限公司", dt.date(2021, 9, 30)), people(60))
    words = "".join(text(pdf).split())
    assert "省外务工人员留用名册" in words
    assert words.count("身份证号") == pages(pdf) > 1
    assert words.count("529999199001010019") == 60
    assert words.count("2021-09-10") == 60


def test_栏宽合计等于版心() -> None:
    assert sum(RETENTION.columns) == 182
    assert len(RETENTION.columns) == len(RETENTION.heads)
