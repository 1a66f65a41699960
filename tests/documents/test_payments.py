"""补贴拨付审批表 as it leaves the printer: what is signed for stays together, whatever the number of grants."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from jinhua_labor.documents.payments import ApprovalLine, ApprovalSheet, DecisionStep, approval_sheet_pdf

from . import paper

STEPS = tuple(
    DecisionStep(label, person, dt.date(2026, 5, 3))
    for label, person in (("初审", "测试甲"), ("审核", "测试乙"), ("局领导审批", "测试丙"), ("财务审批", "测试丁"))
)
SIGNATURES = ("经办人", "审核人", "财务负责人", "单位负责人")


def sheet(lines: int) -> ApprovalSheet:
    return ApprovalSheet(
        number="BF-2026-001",
        made_on=dt.date(2026, 5, 9),
        office="测试区人力资源和社会保障局",
        regulation="《测试办法》（测人社〔2021〕14号）",
        lines=[
            ApprovalLine(
                seq=seq,
                payee="测试示例人力资源服务有限公司",
                station="测试省测试自治州示例县劳务协作工作站",
                item="第1年度绩效奖励",
                basis="第十二条（二）。第1年度评估得分85分，80分以上（含）90分以下，奖励 60,000 元",
                amount=Decimal(60000),
                steps=STEPS,
            )
            for seq in range(1, lines + 1)
        ],
        signatures=SIGNATURES,
        maker="测试戊",
    )


@pytest.mark.parametrize("lines", [1, 3, 4, 5, 6, 12])
def test_合计_依据_签字在同一页_且至少随着一笔补贴(lines: int) -> None:
    printed = approval_sheet_pdf(sheet(lines))
    pages = [paper.text(printed, page=page) for page in range(1, paper.pages(printed) + 1)]
    last = pages[-1]
    assert f"合计（{lines}笔）" in last
    assert "提请拨付给承建单位" in last
    assert all(f"{name}：" in last for name in SIGNATURES)
    assert "第1年度绩效奖励" in last
    assert not any("合计" in page for page in pages[:-1])
    assert "".join(pages).count("第1年度绩效奖励") == lines
