"""第四章 through its services: a round, its candidates, the document, 复核 and what ends a title."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from assessments.excellent.enums import CandidateStage, Channel, TitleState, Verdict
from assessments.excellent.models import Reverification, Round, Title
from assessments.excellent.queries import from_json, matrix_of, may_stand, public_titles
from assessments.excellent.services import candidates, rounds, titles
from assessments.sheets.enums import Cause, Stage
from assessments.sheets.models import Assessment
from jinhua_labor.accounts.models import User
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.models import Message
from jinhua_labor.notices import services as notices
from jinhua_labor.notices.models import Notice, NoticeState
from jinhua_labor.review.states import Recommendation, State
from jinhua_labor.rulebook.book import forget_book
from stations.ledger.enums import Item
from stations.registry.enums import StationState
from stations.registry.models import Station
from tests.assessments.excellent.build import (
    AFTER,
    CLOSED,
    CUTOFF,
    GOOD,
    approved,
    document,
    ended,
    final_year,
    opened,
    published,
    published_with,
    recognised,
    screened,
    screened_as_if_raced,
    seen,
    standing,
)
from tests.meta import rows as meta_rows
from tests.meta import rows_assessment as made
from tests.meta import rows_rulebook
from tests.stations.oversight.build import running

pytestmark = pytest.mark.django_db
AGREE, DISAGREE = Recommendation.AGREE, Recommendation.DISAGREE


# --- rounds (R-41) ----------------------------------------------------------------------------------------------------


def test_每两年一轮_由局启动(round_: Round, bureau_official: User, centre_clerk: User):
    with pytest.raises(Refused, match="2025年才能再次启动"):
        opened(bureau_official, 2024)
    with time_machine.travel("2025-03-01 09:00 +08:00", tick=False):
        with pytest.raises(PermissionDenied):
            opened(centre_clerk, 2025)
        assert opened(bureau_official, 2025).year == 2025


@pytest.mark.parametrize("year", [2021, 2025, 2032])
def test_评选年份写错_不能启动(year: int, bureau_official: User):
    with pytest.raises(Refused, match="评选年份应为今年"):
        opened(bureau_official, year)
    assert not Round.objects.exists()


def test_申报截止不早于数据截止(bureau_official: User):
    with pytest.raises(Refused, match="申报截止日不能早于数据截止日"):
        opened(bureau_official, apply_until=CUTOFF - dt.timedelta(days=1))


# --- candidates -------------------------------------------------------------------------------------------------------


def test_单位申报_中心推荐(
    round_: Round, station: Station, operator_user: User, stranger_operator: User, centre_clerk: User
):
    assert list(may_stand(round_, operator_user)) == [station]
    assert standing(round_, station, operator_user).channel == Channel.APPLIED
    other = running(stranger_operator)
    assert standing(round_, other, centre_clerk).channel == Channel.NOMINATED
    assert not may_stand(round_, operator_user).exists()


def test_同一表单只算一次_同一站只有一件(round_: Round, station: Station, operator_user: User, centre_clerk: User):
    key = uuid.uuid4()
    said = {"round_id": round_.pk, "station_id": station.pk, "statement": "事迹", "by": operator_user, "key": key}
    assert candidates.stand(**said).pk == candidates.stand(**said).pk
    with pytest.raises(Refused, match=r"已列为这一轮的候选|已有一件相同事项"):
        standing(round_, station, centre_clerk)


def test_别人用过的表单编号_不出错也不算数(
    round_: Round, station: Station, operator_user: User, stranger_operator: User
):
    used = standing(round_, station, operator_user)
    other = running(stranger_operator)
    with pytest.raises(Conflict, match="已经用过"):
        candidates.stand(round_id=round_.pk, station_id=other.pk, statement="事迹", by=stranger_operator, key=used.pk)
    assert round_.candidates.count() == 1


def test_不能替别的单位申报_协会不能推荐(round_: Round, station: Station, stranger_operator: User, association: User):
    for who in (stranger_operator, association):
        with pytest.raises(PermissionDenied):
            standing(round_, station, who)


def test_过了申报截止日(round_: Round, station: Station, operator_user: User):
    with time_machine.travel("2023-11-16 00:00 +08:00", tick=False), pytest.raises(Refused, match="11月15日截止"):
        standing(round_, station, operator_user)


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        pytest.param({"counted": 299, "skilled": 60}, "输送少于300人", id="少一人"),
        pytest.param({"retained": 59}, "低于60%", id="留用差一人"),
        pytest.param({"total": "79.50"}, "79.5分，低于80分", id="79.5分"),
    ],
)
def test_有一年不符合就不能同意_写明哪一年差在哪里(
    figures: dict[str, Any], words: str, round_: Round, operator_user: User, centre_clerk: User
):
    place = running(operator_user, established_on=dt.date(2021, 6, 1), term_to=dt.date(2028, 5, 31))
    for number, given in ((1, {}), (2, figures)):
        seen(final_year(place, number, **given), centre_clerk)
    row = standing(round_, place, operator_user)
    with pytest.raises(Refused) as refused:
        candidates.screen(candidate_id=row.pk, recommendation=AGREE, opinion="同意", by=centre_clerk)
    assert any("第2年度" in text and words in text for text, _ in refused.value.problems)
    candidates.screen(candidate_id=row.pk, recommendation=DISAGREE, opinion="不符合（二）", by=centre_clerk)
    row.refresh_from_db()
    assert from_json(row.figures).failures


def test_台账没有实地核对不能同意(round_: Round, operator_user: User, centre_clerk: User):
    place = running(operator_user, established_on=dt.date(2021, 6, 1), term_to=dt.date(2028, 5, 31))
    years = [final_year(place, number) for number in (1, 2)]
    row = standing(round_, place, operator_user)
    with pytest.raises(Refused, match="不能同意"):
        candidates.screen(candidate_id=row.pk, recommendation=AGREE, opinion="同意", by=centre_clerk)
    for year in years:
        candidates.see_ledger(assessment_id=year.pk, seen_on=CUTOFF, gaps=[], note="", by=centre_clerk)
    candidates.screen(candidate_id=row.pk, recommendation=AGREE, opinion="同意", by=centre_clerk)


def test_后一次实地核对为准(station: Station, centre_clerk: User):
    year = station.assessments.order_by("period_no").first()
    assert year is not None
    candidates.see_ledger(
        assessment_id=year.pk, seen_on=CUTOFF, gaps=[Item.L3], note="一家企业没有安全生产制度", by=centre_clerk
    )
    assert matrix_of(station, cutoff=CUTOFF).met is False
    with pytest.raises(Refused, match="请写明缺什么"):
        candidates.see_ledger(assessment_id=year.pk, seen_on=CUTOFF, gaps=[Item.L3], note=" ", by=centre_clerk)


def test_第八目其他资料不在核对之列(station: Station, centre_clerk: User):
    year = station.assessments.order_by("period_no").first()
    assert year is not None
    seen(year, centre_clerk, Item.L8)
    assert matrix_of(station, cutoff=CUTOFF).met is True


def test_推荐人不能初审_初审人不能审核(round_: Round, station: Station, centre_clerk: User, centre_second: User):
    row = standing(round_, station, centre_clerk)
    with pytest.raises(Refused, match="初审须由同事办理"):
        candidates.screen(candidate_id=row.pk, recommendation=AGREE, opinion="同意", by=centre_clerk)
    candidates.screen(candidate_id=row.pk, recommendation=AGREE, opinion="同意", by=centre_second)
    with pytest.raises(PermissionDenied):
        candidates.approve(candidate_id=row.pk, opinion="同意", by=centre_second)


def test_中心没有初审局不能通过(round_: Round, station: Station, operator_user: User, bureau_official: User):
    row = standing(round_, station, operator_user)
    with pytest.raises(Conflict):
        candidates.approve(candidate_id=row.pk, opinion="同意", by=bureau_official)


def test_名额已满(round_: Round, station: Station, stranger_operator: User, operator_user: User, centre_clerk: User,
                bureau_official: User):  # fmt: skip
    Round.objects.filter(pk=round_.pk).update(quota=1)
    approved(round_, station, operator_user, centre_clerk, bureau_official)
    other = running(stranger_operator, established_on=dt.date(2021, 6, 1), term_to=dt.date(2028, 5, 31))
    for number in (1, 2):
        seen(final_year(other, number), centre_clerk)
    row = screened(round_, other, stranger_operator, centre_clerk)
    with pytest.raises(Refused, match="名额1个已满"):
        candidates.approve(candidate_id=row.pk, opinion="同意", by=bureau_official)
    candidates.reject(candidate_id=row.pk, reason="名额已满，局集体研究决定。", by=bureau_official)
    row.refresh_from_db()
    assert (row.stage, row.review.state) == (CandidateStage.REJECTED, State.REJECTED)


def test_初审之后又出了情况_不能通过(round_: Round, station: Station, operator_user: User, centre_clerk: User,
                                  bureau_official: User):  # fmt: skip
    row = screened(round_, station, operator_user, centre_clerk)
    year = station.assessments.order_by("period_no").first()
    assert year is not None
    seen(year, centre_clerk, Item.L3)
    with pytest.raises(Refused, match="情况有变"):
        candidates.approve(candidate_id=row.pk, opinion="同意", by=bureau_official)
    candidates.send_back(candidate_id=row.pk, opinion="台账有缺", by=bureau_official)
    row.refresh_from_db()
    assert (row.stage, row.figures) == (CandidateStage.SUBMITTED, None)


# --- the document -----------------------------------------------------------------------------------------------------


def test_公示期满登记文件_称号自成文之日起(round_: Round, station: Station, operator_user: User, centre_clerk: User,
                                        bureau_official: User):  # fmt: skip
    row = approved(round_, station, operator_user, centre_clerk, bureau_official)
    [title] = recognised(round_, centre_clerk, bureau_official)
    row.refresh_from_db()
    assert (title.recognised_on, title.state, row.stage) == (dt.date(2023, 12, 20), "HELD", CandidateStage.RECOGNISED)
    assert list(public_titles()) == [title]
    with pytest.raises(Conflict, match="已经登记"):
        rounds.recognise(
            round_id=round_.pk, doc_no="金东人社〔2023〕89号", issued_on=CUTOFF, upload=document(), by=bureau_official
        )


def test_公示期内不能认定_中心不能认定(round_: Round, station: Station, operator_user: User, centre_clerk: User,
                                    bureau_official: User):  # fmt: skip
    approved(round_, station, operator_user, centre_clerk, bureau_official)
    said = {"round_id": round_.pk, "doc_no": "金东人社〔2023〕88号", "issued_on": CUTOFF, "upload": document()}
    with pytest.raises(Refused, match="还没有公示"):
        rounds.recognise(**said, by=bureau_official)
    published(round_, centre_clerk, bureau_official)
    with pytest.raises(Refused, match="期满之后才能认定"):
        rounds.recognise(**said, by=bureau_official)
    with pytest.raises(PermissionDenied):
        rounds.recognise(**said, by=centre_clerk)
    assert not Title.objects.exists()


def test_认定文件不早于公示期满(round_: Round, station: Station, operator_user: User, centre_clerk: User,
                            bureau_official: User):  # fmt: skip
    approved(round_, station, operator_user, centre_clerk, bureau_official)
    notice = published(round_, centre_clerk, bureau_official)
    assert notice.ends_on is not None
    with time_machine.travel(AFTER, tick=False), pytest.raises(Refused) as refused:
        rounds.recognise(
            round_id=round_.pk,
            doc_no="金东人社〔2023〕88号",
            issued_on=notice.ends_on,
            upload=document(),
            by=bureau_official,
        )
    assert ("公示到2023年11月23日截止，成文日期应在其后。", "#id_issued_on") in refused.value.problems


# --- a result corrected meanwhile -------------------------------------------------------------------------------------


def corrected(year: Assessment, total: Decimal | None) -> None:
    """The bureau has the final result scored anew: still open (None), or final on 2023-12-10 with this total."""
    Assessment.objects.filter(pk=year.pk).update(stage=Stage.SCORING, final_on=None)
    if total is None:
        return
    anew = dt.date(2023, 12, 10)
    Assessment.objects.filter(pk=year.pk).update(stage=Stage.FINAL, final_on=anew)
    made.confirmed(
        **{**GOOD, "assessment": year, "round": 2, "cause": Cause.CORRECTION, "reason": "名册有人冒名", "total": total},
        notice=meta_rows.published(),
        final_on=anew,
    )


def test_截止日之后更正的_以更正的结果为准(station: Station):
    corrected(station.assessments.get(period_no=1), Decimal(79))
    found = matrix_of(station, cutoff=CUTOFF)
    assert (found.years, found.met) == ((1, 2), False)
    assert found.failures == ("（一）第1年度：79分，低于80分",)


def test_正在更正的结果不算符合也不算不符合(station: Station, round_: Round, operator_user: User, centre_clerk: User):
    corrected(station.assessments.get(period_no=1), None)
    found = matrix_of(station, cutoff=CUTOFF)
    assert (found.years, found.met, found.failures) == ((1, 2), None, ())
    assert found.waiting == tuple(f"（{n}）第1年度：结果正在更正" for n in "一二三")
    row = standing(round_, station, operator_user)
    with pytest.raises(Refused, match="不能同意") as refused:
        candidates.screen(candidate_id=row.pk, recommendation=AGREE, opinion="同意", by=centre_clerk)
    assert len(refused.value.problems) == 3


@pytest.mark.parametrize(
    ("total", "words"),
    [
        pytest.param(None, "第1年度：结果正在更正", id="正在更正"),
        pytest.param(Decimal("79.5"), r"79\.5分，低于80分", id="更正后不足80分"),
    ],
)
def test_公示之后结果更正_不能认定(total: Decimal | None, words: str, round_: Round, station: Station,
                              operator_user: User, centre_clerk: User, bureau_official: User):  # fmt: skip
    approved(round_, station, operator_user, centre_clerk, bureau_official)
    corrected(station.assessments.get(period_no=1), total)
    with pytest.raises(Conflict, match=f"{words}.*先撤回公示"):
        recognised(round_, centre_clerk, bureau_official)
    assert not Title.objects.exists()


def test_结果正在更正_复核不能决定(title: Title, centre_clerk: User, centre_second: User, bureau_official: User):
    with time_machine.travel("2025-12-20 09:00 +08:00", tick=False):
        row = reverified(title, centre_clerk, centre_second)
        corrected(title.station.assessments.get(period_no=2), None)
        with pytest.raises(Refused, match="现在还不能决定"):
            titles.keep(reverification_id=row.pk, opinion="通过。", by=bureau_official)
        with pytest.raises(Refused, match="现在还不能决定"):
            titles.withdraw(
                reverification_id=row.pk,
                opinion="不通过。",
                doc_no="金东人社〔2025〕90号",
                issued_on=dt.date(2025, 12, 20),
                upload=document(),
                by=bureau_official,
            )
    title.refresh_from_db()
    assert title.state == TitleState.HELD


def test_撤回的公示还有异议没有答复_不能再公示(round_: Round, station: Station, operator_user: User,
                                       centre_clerk: User, bureau_official: User):  # fmt: skip
    approved(round_, station, operator_user, centre_clerk, bureau_official)
    notice = published(round_, centre_clerk, bureau_official)
    with time_machine.travel(CLOSED, tick=False):
        objection = notices.object_to(
            notice_id=notice.pk, name="测试异议人", contact="测试联系方式", content="台账不全。"
        )
        assert station.name in notice.fixed
        notices.withdraw(notice_id=notice.pk, reason="文字有误。", by=bureau_official)
        with pytest.raises(Refused, match="还有异议没有答复"):
            rounds.prepare_notice(round_id=round_.pk, by=centre_clerk)
        notices.answer(objection_id=objection.pk, text="经核实台账齐全。", by=centre_clerk)
        assert rounds.prepare_notice(round_id=round_.pk, by=centre_clerk).pk != notice.pk


def test_还有候选没有办结不能公示(round_: Round, station: Station, operator_user: User, centre_clerk: User):
    standing(round_, station, operator_user)
    with pytest.raises(Refused, match="11月15日截止，截止之后才能公示"):
        rounds.prepare_notice(round_id=round_.pk, by=centre_clerk)
    with time_machine.travel(CLOSED, tick=False), pytest.raises(Refused, match="还有候选站点没有办结"):
        rounds.prepare_notice(round_id=round_.pk, by=centre_clerk)


def test_公示之后不再申报_不再审核通过(round_: Round, station: Station, operator_user: User, stranger_operator: User,
                                centre_clerk: User, bureau_official: User):  # fmt: skip
    approved(round_, station, operator_user, centre_clerk, bureau_official)
    late = screened_as_if_raced(round_, running(stranger_operator), stranger_operator, centre_clerk)
    published_with(round_)
    with pytest.raises(Conflict, match="名单已经公示"):
        candidates.approve(candidate_id=late.pk, opinion="同意", by=bureau_official)
    with pytest.raises(Refused, match="已经公示，不能再申报"):
        standing(round_, running(stranger_operator), stranger_operator)


def test_从名单中除去_先撤回公示_写明理由(round_: Round, station: Station, operator_user: User, centre_clerk: User,
                                  bureau_official: User, bureau_second: User):  # fmt: skip
    row = approved(round_, station, operator_user, centre_clerk, bureau_official)
    notice = published(round_, centre_clerk, bureau_official)
    said: dict[str, Any] = {"candidate_id": row.pk, "by": bureau_second}
    with pytest.raises(Refused, match="请先撤回公示"):
        candidates.strike_out(**said, reason="异议成立。")
    notices.withdraw(notice_id=notice.pk, reason="异议成立，名单有变。", by=bureau_official)
    with pytest.raises(Refused, match="请写明理由"):
        candidates.strike_out(**said, reason=" ")
    with pytest.raises(PermissionDenied):
        candidates.strike_out(candidate_id=row.pk, reason="异议成立。", by=centre_clerk)
    assert candidates.strike_out(**said, reason="异议成立。").pk == row.pk
    row.refresh_from_db()
    assert (row.stage, row.closing_reason) == (CandidateStage.REJECTED, "异议成立。")
    with time_machine.travel(CLOSED, tick=False), pytest.raises(Refused, match="没有审核通过的候选站点"):
        rounds.prepare_notice(round_id=round_.pk, by=centre_clerk)


def test_已认定的不重复评选(round_: Round, station: Station, operator_user: User, centre_clerk: User,
                         bureau_official: User):  # fmt: skip
    approved(round_, station, operator_user, centre_clerk, bureau_official)
    recognised(round_, centre_clerk, bureau_official)
    with time_machine.travel("2025-11-01 09:00 +08:00", tick=False):
        later = opened(bureau_official, 2025, cutoff=dt.date(2025, 10, 31), apply_until=dt.date(2025, 11, 15))
        with pytest.raises(Refused, match="不重复评选"):
            standing(later, station, operator_user)


# --- 复核 (R-42) ------------------------------------------------------------------------------------------------------


def reverified(title: Title, by: User, second: User) -> Reverification:
    titles.open_due(day=dt.date(2025, 12, 20), by=User.objects.system())
    row = title.reverifications.get()
    titles.submit(reverification_id=row.pk, by=by)
    titles.screen(reverification_id=row.pk, opinion="已核对两年台账。", by=second)
    return row


def test_复核按日自己开始_只开始一次(title: Title):
    system = User.objects.system()
    assert titles.open_due(day=dt.date(2025, 10, 20), by=system) == 0
    assert [titles.open_due(day=dt.date(2025, 10, 21), by=system) for _ in range(2)] == [1, 0]
    assert title.reverifications.get().due_on == dt.date(2025, 12, 20)


def test_复核通过_称号保留(title: Title, centre_clerk: User, centre_second: User, bureau_official: User):
    with time_machine.travel("2025-12-20 09:00 +08:00", tick=False):
        row = reverified(title, centre_clerk, centre_second)
        titles.keep(reverification_id=row.pk, opinion="通过。", by=bureau_official)
    title.refresh_from_db()
    row.refresh_from_db()
    assert (title.state, row.verdict) == (TitleState.HELD, Verdict.PASSED)
    assert Message.objects.filter(subject__contains="复核通过", body__contains="不另发奖励").exists()


def test_复核只看最近两个年度_不通过的以文件撤销称号_工作站照常(
    title: Title, station: Station, centre_clerk: User, centre_second: User, bureau_official: User
):
    with time_machine.travel("2025-12-20 09:00 +08:00", tick=False):
        for number, figures in ((3, {}), (4, {"retained": 59})):
            seen(final_year(station, number, **figures), centre_clerk)
        row = reverified(title, centre_clerk, centre_second)
        with pytest.raises(Refused, match="不符合标准，不能通过"):
            titles.keep(reverification_id=row.pk, opinion="通过。", by=bureau_official)
        titles.withdraw(
            reverification_id=row.pk,
            opinion="留用率不达标。",
            doc_no="金东人社〔2025〕90号",
            issued_on=dt.date(2025, 12, 20),
            upload=document(),
            by=bureau_official,
        )
    title.refresh_from_db()
    station.refresh_from_db()
    assert (title.state, title.ended_on, station.state) == (
        TitleState.WITHDRAWN, dt.date(2025, 12, 20), StationState.ACTIVE,
    )  # fmt: skip
    assert not public_titles().exists()
    announced = Notice.objects.get(object_id=title.pk)
    assert (announced.state, announced.workdays) == (NoticeState.READY, 0)
    assert "金东人社〔2025〕90号" in announced.body
    with pytest.raises(Refused):  # who prepared it does not release it
        notices.release(notice_id=announced.pk, by=bureau_official)


def test_期满停办的读法不再启动评选_不再开始复核(title: Title, bureau_official: User):
    """BLOCK of R-48: what was opened before may finish, nothing new begins after the end of 试行期."""
    words = {"value": "BLOCK", "reading": "试行期满而无后续文件的，停止受理。"}
    rows_rulebook.confirmed(valid_from=dt.date(2024, 1, 2), changes={"pv": {"policy_expiry": words}})
    forget_book()
    try:
        assert titles.open_due(day=dt.date(2025, 12, 20), by=User.objects.system()) == 0
        with time_machine.travel("2025-11-01 09:00 +08:00", tick=False), pytest.raises(Refused, match="暂停受理"):
            opened(bureau_official, 2025, cutoff=dt.date(2025, 10, 31), apply_until=dt.date(2025, 11, 15))
    finally:
        forget_book()


def test_已失去称号的不再复核(title: Title, station: Station):
    Station.objects.filter(pk=station.pk).update(state=StationState.REVOKED)
    assert titles.open_due(day=dt.date(2025, 12, 20), by=User.objects.system()) == 0


def test_再次入选另得称号_以前的留在记录里(
    title: Title, station: Station, operator_user: User, centre_clerk: User, bureau_official: User
):
    ended(title)
    with time_machine.travel("2025-11-01 09:00 +08:00", tick=False):
        later = opened(bureau_official, 2025, cutoff=dt.date(2025, 10, 31), apply_until=dt.date(2025, 11, 15))
        assert list(may_stand(later, operator_user)) == [station]
        again = approved(later, station, operator_user, centre_clerk, bureau_official)
    assert again.stage == CandidateStage.APPROVED
    assert station.titles.count() == 1


def test_符合标准的不能撤销称号(title: Title, centre_clerk: User, centre_second: User, bureau_official: User):
    with time_machine.travel("2025-12-20 09:00 +08:00", tick=False):
        row = reverified(title, centre_clerk, centre_second)
        with pytest.raises(Refused, match="符合标准，不能撤销称号"):
            titles.withdraw(
                reverification_id=row.pk,
                opinion="撤销。",
                doc_no="金东人社〔2025〕90号",
                issued_on=dt.date(2025, 12, 20),
                upload=document(),
                by=bureau_official,
            )
    title.refresh_from_db()
    assert title.state == TitleState.HELD


def test_工作站取消资格_称号随之失效(title: Title, station: Station):
    system = User.objects.system()
    assert titles.lapse_revoked(day=dt.date(2024, 5, 1), by=system) == 0
    Station.objects.filter(pk=station.pk).update(state=StationState.REVOKED)
    assert not public_titles().exists()  # at once, before the job runs
    assert [titles.lapse_revoked(day=dt.date(2024, 5, 1), by=system) for _ in range(2)] == [1, 0]
    title.refresh_from_db()
    assert (title.state, title.ended_on) == (TitleState.LAPSED, dt.date(2024, 5, 1))
