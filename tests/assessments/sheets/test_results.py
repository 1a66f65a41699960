"""公示, objections upheld, the final result and its correction (R-31, R-34), through the services."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, Sheet
from assessments.sheets.enums import Cause, Outcome, Stage
from assessments.sheets.queries import listing
from assessments.sheets.services import results as services
from jinhua_labor.accounts.models import User
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.figures import plain
from jinhua_labor.mailbox.models import Message
from jinhua_labor.notices import services as notices
from jinhua_labor.notices.models import Notice, NoticeKind
from stations.oversight.enums import RevocationStage
from stations.oversight.models import Revocation
from stations.registry.models import Station
from tests.meta import rows, rows_oversight
from tests.meta import rows_assessment as made
from tests.queries import queries
from tests.stations.oversight.build import running

pytestmark = pytest.mark.django_db
POSTED = dt.datetime(2021, 9, 30, 2, tzinfo=dt.UTC)  # 10 o'clock of the office
LAST, AFTER = dt.date(2021, 10, 13), dt.date(2021, 10, 14)


@pytest.fixture(autouse=True)
def _posted() -> Iterator[None]:
    with time_machine.travel(POSTED, tick=False):
        yield


@pytest.fixture
def station(operator_user: User) -> Station:
    return running(operator_user)


@pytest.fixture
def year(station: Station) -> Assessment:
    return result(station).assessment


def result(station: Station, number: int = 1, **fields: Any) -> Sheet:
    """A confirmed sheet of the station's year, with one given line that has evidence."""
    start = dt.date(2019 + number, 4, 1)
    year = made.assessment(
        station=station,
        period_no=number,
        starts_on=start,
        ends_on=dt.date(2020 + number, 3, 31),
        stage=Stage.CONFIRMED,
    )
    sheet = made.sheet(assessment=year)
    row = made.given(sheet=sheet, reason="与公示材料一致")
    made.line_evidence(line=row)
    confirmed = made.confirmed(assessment=made.assessment(station=rows.station()), **fields)
    kept = {field.name: getattr(confirmed, field.name) for field in Sheet._meta.fields}
    for name in ("id", "assessment", "round", "cause", "opened_by", "opened_at"):
        kept.pop(name)
    kept["review"] = rows.review(kind="ASSESSMENT", state="APPROVED", created_by=rows.clerk())
    Sheet.objects.filter(pk=sheet.pk).update(**kept)
    return Sheet.objects.select_related("assessment").get(pk=sheet.pk)


def prepared(year: Assessment, by: User) -> Notice:
    return services.prepare_notice(assessment_ids=[year.pk], by=by)


def out(year: Assessment, by: User, official: User) -> Notice:
    return notices.release(notice_id=prepared(year, by).pk, by=official)


def settled(year: Assessment, day: dt.date) -> Assessment:
    services.settle_due(day=day, by=User.objects.system())
    year.refresh_from_db()
    return year


def latest(year: Assessment) -> Sheet:
    sheet = year.sheets.order_by("-round").first()
    assert sheet is not None
    return sheet


# --- 公示 ---------------------------------------------------------------------------------------------------------


def test_拟公示稿_由局发布_期满确定(year: Assessment, centre_clerk: User, bureau_official: User):
    notice = prepared(year, centre_clerk)
    assert (notice.kind, notice.workdays, notice.state) == (NoticeKind.ASSESSMENT, 5, "READY")
    assert Message.objects.filter(user=bureau_official, subject__startswith="待发布").exists()
    notice = notices.release(notice_id=notice.pk, by=bureau_official)
    assert notice.ends_on == LAST
    assert settled(year, LAST).stage == Stage.CONFIRMED  # 公示最后一天还不能确定
    year = settled(year, AFTER)
    assert (year.stage, year.final_on, latest(year).final_on) == (Stage.FINAL, AFTER, AFTER)
    assert Message.objects.filter(user__organisation=year.operator, subject__endswith="结果已确定：合格").exists()


def test_重复办理只确定一次(year: Assessment, centre_clerk: User, bureau_official: User):
    out(year, centre_clerk, bureau_official)
    system = User.objects.system()
    assert [services.settle_due(day=AFTER, by=system) for _ in range(2)] == [1, 0]
    assert Message.objects.filter(subject__contains="结果已确定").count() == 1


def test_几个站按同一次序上锁(station: Station, stranger_operator: User, centre_clerk: User):
    other = running(stranger_operator)
    years = [result(place, number).assessment for place in (station, other) for number in (1, 2)]
    sent = queries(
        lambda: services.prepare_notice(assessment_ids=[year.pk for year in reversed(years)], by=centre_clerk)
    )
    locks = f'FROM "{Station._meta.db_table}"', "FOR NO KEY UPDATE"
    held = [sql for sql in sent if all(part in sql for part in locks)]
    order = [place.pk.hex for sql in held for place in (station, other) if place.pk.hex in sql]
    assert order == sorted(order)
    assert set(order) == {station.pk.hex, other.pk.hex}


def test_没有局确认不能公示(year: Assessment, centre_clerk: User):
    Assessment.objects.filter(pk=year.pk).update(stage=Stage.CONFIRMING)
    with pytest.raises(Conflict, match="待确认，现在不能公示"):
        prepared(year, centre_clerk)
    assert not Notice.objects.exists()


def test_已有公示稿不再拟_撤回以后可以(year: Assessment, centre_clerk: User, bureau_official: User):
    first = out(year, centre_clerk, bureau_official)
    with pytest.raises(Conflict, match="已有公示稿"):
        prepared(year, centre_clerk)
    notices.withdraw(notice_id=first.pk, reason="标题有误", by=bureau_official)
    assert prepared(year, centre_clerk).pk != first.pk


def test_几个站一份公示_有一个不能公示就都不公示(station: Station, centre_clerk: User):
    one, two = result(station, 1).assessment, result(station, 2).assessment
    Assessment.objects.filter(pk=two.pk).update(stage=Stage.FEEDBACK)
    with pytest.raises(Conflict):
        services.prepare_notice(assessment_ids=[one.pk, two.pk], by=centre_clerk)
    assert not Notice.objects.exists()
    Assessment.objects.filter(pk=two.pk).update(stage=Stage.CONFIRMED)
    notice = services.prepare_notice(assessment_ids=[one.pk, two.pk], by=centre_clerk)
    assert {latest(one).notice_id, latest(two).notice_id} == {notice.pk}


def test_公示稿里的结果不能改(station: Station, centre_clerk: User):
    year = result(station, 1).assessment
    notice = prepared(year, centre_clerk)
    score = f"{plain(latest(year).total)}分"
    assert score in notice.fixed
    words = {"title": notice.title, "office": notice.office, "phone": "", "workdays": notice.workdays}
    with pytest.raises(Refused, match=rf"须原样保留：1．.*{re.escape(score)}"):
        notices.amend(notice_id=notice.pk, body=notice.body.replace(score, "99.5分"), by=centre_clerk, **words)
    assert notices.amend(notice_id=notice.pk, body=f"{notice.body}\n\n特此公示。", by=centre_clerk, **words)


@pytest.mark.parametrize("who", ["bureau_official", "operator_user", "auditor", "association"])
def test_只有中心拟公示稿(who: str, year: Assessment, request: pytest.FixtureRequest):
    with pytest.raises(PermissionDenied):
        prepared(year, request.getfixturevalue(who))


def test_一个也不选(centre_clerk: User):
    with pytest.raises(Refused, match="请选择"):
        services.prepare_notice(assessment_ids=[], by=centre_clerk)


def test_列表写明结果_重新评分时不写(
    year: Assessment, centre_clerk: User, bureau_official: User, client_for: Callable[[User], Client]
):
    def listed() -> str:
        return client_for(centre_clerk).get(reverse("assessments:list")).content.decode()

    assert "90分，合格" in listed()
    final(year, centre_clerk, bureau_official)
    assert "90分，合格" in listed()
    services.correct(assessment_id=year.pk, reason="名册有人冒名", by=bureau_official)
    assert "90分，合格" not in listed()


# --- 异议 ---------------------------------------------------------------------------------------------------------


def objected(notice: Notice) -> uuid.UUID:
    return notices.object_to(
        notice_id=notice.pk, name="测试异议人", contact="测试联系方式", content="有一场活动不是该站举办的。"
    ).pk


def test_异议未答复不能确定_答复后结果不变的照常(year: Assessment, centre_clerk: User, bureau_official: User):
    objection = objected(out(year, centre_clerk, bureau_official))
    assert settled(year, AFTER).stage == Stage.CONFIRMED
    notices.answer(objection_id=objection, text="经核实，活动由该站主办。", by=centre_clerk)
    assert settled(year, AFTER).stage == Stage.FINAL


def test_异议成立_重新评分_再公示五个工作日(year: Assessment, centre_clerk: User, bureau_official: User):
    old = latest(year)
    objection = objected(out(year, centre_clerk, bureau_official))
    new = services.reopen_for_objection(
        assessment_id=year.pk, objection_id=objection, reason="其中一场由他站举办", by=centre_clerk
    )
    year.refresh_from_db()
    assert (year.stage, new.round, new.cause) == (Stage.SCORING, 2, Cause.OBJECTION)
    line = new.lines.get(code=old.lines.get().code)
    assert (line.given, line.reason, line.evidence.count()) == (Decimal(5), "与公示材料一致", 1)
    assert old.lines.get().pk != line.pk
    notices.answer(objection_id=objection, text="异议成立，重新评分。", by=centre_clerk)
    assert settled(year, AFTER).stage == Stage.SCORING  # 原公示期满也不确定原来的结果
    old.refresh_from_db()
    assert old.final_on is None


def test_已答复或已不在公示的异议不能重新评分(year: Assessment, centre_clerk: User, bureau_official: User):
    objection = objected(out(year, centre_clerk, bureau_official))
    other = rows.objection()
    with pytest.raises(Conflict, match="已不在公示中"):
        services.reopen_for_objection(assessment_id=year.pk, objection_id=other.pk, reason="理由", by=centre_clerk)
    notices.answer(objection_id=objection, text="经核实，不成立。", by=centre_clerk)
    with pytest.raises(Conflict, match="已经答复"):
        services.reopen_for_objection(assessment_id=year.pk, objection_id=objection, reason="理由", by=centre_clerk)


def test_撤回的公示还有异议没有答复_不能再公示(year: Assessment, centre_clerk: User, bureau_official: User):
    notice = out(year, centre_clerk, bureau_official)
    objection = objected(notice)
    notices.withdraw(notice_id=notice.pk, reason="文字有误", by=bureau_official)
    with pytest.raises(Refused, match="还有异议没有答复"):
        prepared(year, centre_clerk)
    notices.answer(objection_id=objection, text="经核实，不成立。", by=centre_clerk)
    assert prepared(year, centre_clerk).pk != notice.pk


# --- 更正 ---------------------------------------------------------------------------------------------------------


def final(year: Assessment, by: User, official: User) -> Assessment:
    out(year, by, official)
    return settled(year, AFTER)


def test_局更正已确定的结果_原表原样保留(year: Assessment, centre_clerk: User, bureau_official: User):
    final(year, centre_clerk, bureau_official)
    old = latest(year)
    new = services.correct(assessment_id=year.pk, reason="名册有人冒名", by=bureau_official)
    year.refresh_from_db()
    assert (year.stage, year.final_on, new.round, new.cause) == (Stage.SCORING, None, 2, Cause.CORRECTION)
    old.refresh_from_db()
    assert (old.final_on, old.total) == (AFTER, Decimal(90))
    assert Message.objects.filter(user=centre_clerk, subject__startswith="请重新评分").exists()


def test_重新评分的年度在中心待办里_前一次的反馈不再算(
    year: Assessment, centre_clerk: User, operator_user: User, bureau_official: User
):
    Sheet.objects.filter(assessment=year).update(agreed_at=POSTED, agreed_by=operator_user)
    final(year, centre_clerk, bureau_official)
    new = services.correct(assessment_id=year.pk, reason="名册有人冒名", by=bureau_official)
    assert list(listing.waiting(centre_clerk, day=AFTER)) == [year]
    Assessment.objects.filter(pk=year.pk).update(stage=Stage.FEEDBACK)
    Sheet.objects.filter(pk=new.pk).update(
        review=rows.review(kind="ASSESSMENT", state="SUBMITTED", created_by=rows.clerk()),
        checked_by=centre_clerk,
        checked_at=POSTED,
        feedback_until=AFTER,
    )
    assert list(listing.waiting(operator_user, day=AFTER)) == [year]
    assert not listing.waiting(centre_clerk, day=AFTER).exists()  # 新的草稿站点还没有答复
    assert list(listing.waiting(centre_clerk, day=AFTER + dt.timedelta(days=1))) == [year]


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        pytest.param({"grounds": ["G3"], "fail_years": [1, 2], "stage": RevocationStage.DRAFT}, True, id="系统拟稿"),
        pytest.param({"grounds": ["G3"], "fail_years": [1, 2]}, True, id="已提出"),
        pytest.param({"grounds": ["G3"]}, True, id="没有写明年度"),
        pytest.param({"grounds": ["G3"], "fail_years": [2, 3]}, False, id="别的年度"),
        pytest.param({"grounds": ["G2"]}, False, id="别的情形"),
    ],
)
def test_取消资格以这个结果为依据的_先停办再更正(
    fields: dict[str, Any], refused: bool, year: Assessment, centre_clerk: User, bureau_official: User
):
    final(year, centre_clerk, bureau_official)
    rows_oversight.revocation(station=year.station, **fields)
    if not refused:
        services.correct(assessment_id=year.pk, reason="名册有人冒名", by=bureau_official)
        return
    with pytest.raises(Refused, match="以这个年度的结果为依据"):
        services.correct(assessment_id=year.pk, reason="名册有人冒名", by=bureau_official)
    year.refresh_from_db()
    assert year.stage == Stage.FINAL


@pytest.mark.parametrize("reason", ["", "   "])
def test_更正须写理由(reason: str, year: Assessment, centre_clerk: User, bureau_official: User):
    final(year, centre_clerk, bureau_official)
    with pytest.raises(Refused, match="请写明重新评分的理由"):
        services.correct(assessment_id=year.pk, reason=reason, by=bureau_official)


def test_没有确定的结果谈不上更正_中心也不能更正(year: Assessment, centre_clerk: User, bureau_official: User):
    with pytest.raises(Conflict, match="只有已确定的结果才能更正"):
        services.correct(assessment_id=year.pk, reason="理由", by=bureau_official)
    with pytest.raises(PermissionDenied):
        services.correct(assessment_id=year.pk, reason="理由", by=centre_clerk)


@pytest.mark.parametrize("change", [{"total": Decimal(95)}, {"outcome": Outcome.FAILED}, {"snapshot": {"n": 1}}])
def test_局确认的表数据库也不让改(change: dict[str, Any], year: Assessment):
    with pytest.raises(DatabaseError), transaction.atomic():
        Sheet.objects.filter(pk=latest(year).pk).update(**change)


def test_局确认的表的各行数据库也不让改(year: Assessment):
    with pytest.raises(DatabaseError), transaction.atomic():
        latest(year).lines.update(given=Decimal(4))
    with pytest.raises(DatabaseError), transaction.atomic():
        latest(year).delete()


# --- R-34 -------------------------------------------------------------------------------------------------------------

FAILED = {"total": Decimal(59), "outcome": Outcome.FAILED}
PASSED = {"total": Decimal(60), "outcome": Outcome.PASSED}
VETOED = {"total": Decimal(95), "outcome": Outcome.FAILED, "vetoed": True, "veto_reason": "安全责任事故1起"}


@pytest.mark.parametrize(
    ("years", "proposed"),
    [
        pytest.param([FAILED, FAILED], [1, 2], id="连续两年不合格"),
        pytest.param([VETOED, FAILED], [1, 2], id="一票否决也算"),
        pytest.param([FAILED, PASSED, FAILED], None, id="中间合格"),
        pytest.param([FAILED, None, FAILED], None, id="中间一年没有结果"),
        pytest.param([FAILED], None, id="只有一年"),
    ],
)
def test_连续两年不合格_系统拟稿取消资格(
    years: list[dict[str, Any] | None],
    proposed: list[int] | None,
    station: Station,
    centre_clerk: User,
    bureau_official: User,
):
    for number, fields in enumerate(years, 1):
        if fields is not None:
            final(result(station, number, **fields).assessment, centre_clerk, bureau_official)
    draft = Revocation.objects.filter(station=station).first()
    assert (draft and (draft.stage, draft.fail_years)) == (proposed and (RevocationStage.DRAFT, proposed))
