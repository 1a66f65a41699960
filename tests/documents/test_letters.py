"""Receipt, notices and refusal say everything they have to."""

from __future__ import annotations

import datetime as dt
import hashlib

from jinhua_labor.documents.letters import (
    Acceptance,
    Defect,
    Receipt,
    ReceiptItem,
    Refusal,
    SupplementNotice,
    acceptance_notice_pdf,
    receipt_pdf,
    refusal_pdf,
    supplement_notice_pdf,
)

from .paper import find, pages, text, words

OPERATOR = "示例人力资源有限公司"
NUMBER = "SL-330703-20260412-001"


def test_the_receipt_names_every_file_with_its_digest():
    items = tuple(
        ReceiptItem(
            f"材料{n}", f"扫描件{n}（盖章）.pdf", 1024 * n, hashlib.sha256(str(n).encode()).hexdigest(), "复印件2份"
        )
        for n in range(1, 31)
    )
    moment = dt.datetime(2026, 4, 12, 6, 32, 5, tzinfo=dt.UTC)
    pdf = receipt_pdf(Receipt(NUMBER, OPERATOR, "设立申请", moment, items, workers=62, contact="测试室 0579-00000000"))
    written = text(pdf)
    assert NUMBER in written
    assert "2026年4月12日14:32:05" in written, "北京时间"
    assert "62人" in written
    assert "受理日期待定" in written
    for item in items:
        assert item.sha256 in written
        assert item.file_name in written
    assert max(w.right for w in words(pdf)) < 192.5
    assert pages(pdf) > 1
    assert find(pdf, "文件名", page=2)


def test_the_receipt_carries_the_day_of_acceptance_when_known():
    moment = dt.datetime(2026, 4, 12, 6, 32, 5, tzinfo=dt.UTC)
    pdf = receipt_pdf(Receipt(NUMBER, OPERATOR, "设立申请", moment, (), accepted_on=dt.date(2026, 4, 13)))
    assert "受理日期2026年4月13日" in text(pdf)
    assert "未收到文件" in text(pdf)


def notice(*, again: bool = False) -> str:
    defects = (
        Defect("材料（一）营业执照复印件", "未加盖公章", "请加盖公章后重新上传"),
        Defect("名册第7行", "身份证号校验码不符"),
    )
    return text(
        supplement_notice_pdf(
            SupplementNotice(
                "BZ-001",
                OPERATOR,
                NUMBER,
                dt.date(2026, 4, 12),
                defects,
                dt.date(2026, 5, 8),
                15,
                "区就业服务中心，0579-00000000",
                dt.date(2026, 4, 15),
                again=again,
            )
        )
    )


def test_the_supplement_notice_lists_all_at_once_with_the_last_day():
    written = notice()
    assert "1.材料（一）营业执照复印件：未加盖公章；请加盖公章后重新上传。" in written
    assert "2.名册第7行：身份证号校验码不符。" in written
    assert "一次性告知" in written
    assert "请于2026年5月8日前（15个工作日内，含当日）" in written
    assert "视为撤回本次申请" in written
    assert "咨询：区就业服务中心，0579-00000000。" in written
    assert written.count("2026年4月15日") == 1


def test_a_later_notice_says_that_it_names_only_what_is_new():
    assert "一次性告知" not in notice(again=True)
    assert "仅列明补交材料中新出现的问题" in notice(again=True)


def test_the_refusal_carries_reason_clause_and_remedy():
    written = text(
        refusal_pdf(
            Refusal(
                "BS-001",
                OPERATOR,
                NUMBER,
                dt.date(2026, 4, 12),
                "符合口径的为42人。",
                "第三条第（四）项",
                "可以依法申请行政复议。",
                None,
            )
        )
    )
    for part in (
        "不予设立决定书",
        "符合口径的为42人。",
        "第三条第（四）项的规定，决定不予设立",
        "可以依法申请行政复议。",
    ):
        assert part in written


def test_the_acceptance_promises_days():
    written = text(
        acceptance_notice_pdf(
            Acceptance("SL-1", OPERATOR, NUMBER, dt.date(2026, 4, 12), 20, "测试室", dt.date(2026, 4, 13))
        )
    )
    assert "已于2026年4月12日受理" in written
    assert "20个工作日" in written
