"""Who prepares, who releases, until when objections are open."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.notices import services
from jinhua_labor.notices.models import Notice, NoticeKind, NoticeState
from tests.review.conftest import people  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(people):  # noqa: F811
    return services.prepare(
        kind=NoticeKind.ASSESSMENT,
        title="年度评估结果公示",
        body="示例工作站 90 分 合格",
        by=people["screener"],
        workdays=5,
    )


@pytest.mark.parametrize(
    ("posted", "ends"),
    [
        pytest.param("2021-09-30", "2021-10-13", id="跨国庆"),
        pytest.param("2022-01-28", "2022-02-09", id="跨春节"),
        pytest.param("2023-04-28", "2023-05-09", id="跨五一"),
        pytest.param("2024-02-09", "2024-02-22", id="除夕发布"),
        pytest.param("2025-09-30", "2025-10-14", id="国庆中秋八天"),
    ],
)
def test_公示截止日(notice, people, posted, ends):  # noqa: F811
    with time_machine.travel(f"{posted} 09:00 +08:00", tick=False):
        released = services.release(notice_id=notice.pk, by=people["approver"])
    assert released.ends_on == dt.date.fromisoformat(ends)


def test_异议在最后一天可以提_次日不行(notice, people):  # noqa: F811
    with time_machine.travel("2021-09-30 09:00 +08:00", tick=False):
        services.release(notice_id=notice.pk, by=people["approver"])
    words = {"notice_id": notice.pk, "name": "测试甲", "contact": "0579-00000000", "content": "输送人数有误"}
    with time_machine.travel("2021-10-13 23:59:59 +08:00", tick=False):
        services.object_to(**words)
    with (
        time_machine.travel("2021-10-14 00:00 +08:00", tick=False),
        pytest.raises(Refused, match="公示已于10月13日结束"),
    ):
        services.object_to(**words)
    assert notice.objections.count() == 1


def test_中心不能发布(notice, people):  # noqa: F811
    with pytest.raises(PermissionDenied):
        services.release(notice_id=notice.pk, by=people["colleague"])


def test_起草人不能自己发布(people):  # noqa: F811
    draft = services.prepare(kind=NoticeKind.OTHER, title="通知", body="正文", by=people["approver"])
    with pytest.raises(Refused, match="起草人不能自己发布"):
        services.release(notice_id=draft.pk, by=people["approver"])
    services.release(notice_id=draft.pk, by=people["second"])


def test_含个人信息不能发布_误判要写理由(people):  # noqa: F811
    draft = services.prepare(kind=NoticeKind.OTHER, title="通知", body="电话13800000000", by=people["screener"])
    with pytest.raises(Refused, match="疑似手机号"):
        services.release(notice_id=draft.pk, by=people["approver"])
    assert (
        services.release(notice_id=draft.pk, by=people["approver"], cleared_reason="单位公开电话").state == "PUBLISHED"
    )


def test_发布后不能再改(notice, people):  # noqa: F811
    services.release(notice_id=notice.pk, by=people["approver"])
    with pytest.raises(Conflict):
        services.amend(
            notice_id=notice.pk, title="改", body="改", office="", phone="", workdays=0, by=people["screener"]
        )


@pytest.mark.parametrize("workdays", [0, 1, 4])
def test_评估公示不能缩短(notice, people, workdays):  # noqa: F811
    words = {"notice_id": notice.pk, "title": "改", "body": "改", "office": "", "phone": "", "by": people["screener"]}
    with pytest.raises(Refused, match="至少5个工作日，可以延长，不能缩短"):
        services.amend(**words, workdays=workdays)
    notice.refresh_from_db()
    assert (notice.workdays, notice.title) == (5, "年度评估结果公示")
    assert services.amend(**words, workdays=7).workdays == 7


def test_照记录生成的各行不能改_别处可以改(people):  # noqa: F811
    rows = ("1．示例工作站：59分，不合格。", "2．示例二站：90分，合格。")
    made = services.prepare(
        kind=NoticeKind.ASSESSMENT,
        title="公示",
        body="\n\n".join(["说明。", *rows]),
        fixed=rows,
        workdays=5,
        by=people["screener"],
    )
    words = {"notice_id": made.pk, "title": "公示", "office": "", "phone": "", "workdays": 5, "by": people["screener"]}
    for body in (f"说明。\n\n1．示例工作站：95分，合格。\n\n{rows[1]}", f"说明。\n\n{rows[1]}", ""):
        with pytest.raises(Refused, match="须原样保留：1．示例工作站：59分，不合格。"):
            services.amend(**words, body=body)
    assert services.amend(**words, body="另一段说明。\r\n\r\n" + "\r\n\r\n".join(rows)).body.startswith("另一段")


def test_没有结果等待的公示_公示期可以改(people):  # noqa: F811
    for kind in (NoticeKind.OTHER, NoticeKind.EXCELLENT):
        made = services.prepare(kind=kind, title="公告", body="公告", by=people["screener"], workdays=0)
        words = {"notice_id": made.pk, "title": "改", "body": "改", "office": "", "phone": "", "by": people["screener"]}
        assert services.amend(**words, workdays=0).workdays == 0


def test_撤回须写原因并从公开页面消失(notice, people):  # noqa: F811
    services.release(notice_id=notice.pk, by=people["approver"])
    with pytest.raises(Refused, match="撤回原因"):
        services.withdraw(notice_id=notice.pk, reason=" ", by=people["approver"])
    services.withdraw(notice_id=notice.pk, reason="内容有误", by=people["approver"])
    assert not Notice.objects.public().filter(pk=notice.pk).exists()


def test_数据库也拒绝起草人自己发布(notice, people):  # noqa: F811
    services.release(notice_id=notice.pk, by=people["approver"])
    with pytest.raises(IntegrityError, match="notice_two_persons"), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(prepared_by=people["approver"])
    assert Notice.objects.get(pk=notice.pk).state == NoticeState.PUBLISHED


def test_异议十个工作日内答复_跨国庆按工作日(notice, people):  # noqa: F811
    with time_machine.travel("2021-09-29 09:00 +08:00", tick=False):
        services.release(notice_id=notice.pk, by=people["approver"])
    with time_machine.travel("2021-09-30 23:30 +08:00", tick=False):
        objection = services.object_to(notice_id=notice.pk, name="测试乙", contact="测试邮箱", content="有误")
    assert objection.answer_due == dt.date(2021, 10, 20)


def test_异议只能由中心答复一次(notice, people):  # noqa: F811
    services.release(notice_id=notice.pk, by=people["approver"])
    objection = services.object_to(notice_id=notice.pk, name="测试乙", contact="邮箱", content="有误")
    with pytest.raises(PermissionDenied):
        services.answer(objection_id=objection.pk, text="核实", by=people["approver"])
    services.answer(objection_id=objection.pk, text="经核实无误", by=people["screener"])
    with pytest.raises(Conflict):
        services.answer(objection_id=objection.pk, text="再答", by=people["screener"])
