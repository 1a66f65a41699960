"""From the finished sheet to the confirmation: three persons, the station's say, what is frozen (§5.3, R-29)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, Sheet, SheetPerson
from assessments.sheets.enums import Stage
from assessments.sheets.rules.facts import PARTS, WHOLE
from assessments.sheets.rules.results import ResultLine, announcement
from assessments.sheets.rules.snapshot import digest, rebuild
from assessments.sheets.services import opening, review, scoring
from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.dashboard.queries.todo import todo
from jinhua_labor.mailbox.models import Message
from jinhua_labor.review.models import Review
from jinhua_labor.review.queries import inbox
from jinhua_labor.review.states import State
from jinhua_labor.rulebook import policy_on
from jinhua_labor.rulebook.book import forget_book
from stations.oversight.enums import ComplaintState
from stations.registry.models import Station
from tests import factories
from tests.assessments.sheets.build import (
    clerk,
    entry,
    give,
    handed_on,
    in_feedback,
    reload,
    reported,
    scored,
    scoring_now,
    versions,
)
from tests.meta import rows_rulebook, rows_safety, rows_surveys
from tests.stations.oversight.build import key
from tests.stations.roster.station import counted
from tests.stations.roster.station import station as made_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(operator_user: User) -> Station:
    return made_station(operator_user)


def said(user: User, words: str) -> bool:
    return Message.objects.filter(user=user, subject__contains=words).exists()


def after_feedback(sheet: Sheet) -> None:
    """The station's last day has passed."""
    Sheet.objects.filter(pk=sheet.pk).update(feedback_until=today() - dt.timedelta(days=1))


class Test送复核:
    def test_调查还在进行_不能送(self, station: Station, operator_user: User, centre_clerk: User) -> None:
        sheet = scored(scoring_now(station, operator_user), centre_clerk)
        year, day = sheet.assessment, today()
        asked = rows_surveys.survey(
            station=station, starts_on=year.starts_on, ends_on=year.ends_on, opens_on=day,
            closes_on=day + dt.timedelta(days=15),
        )  # fmt: skip
        with pytest.raises(Refused, match=f"务工人员满意度调查到{date_cn(asked.closes_on)}截止"):
            review.submit(sheet_id=sheet.pk, lines_version=versions(sheet), by=centre_clerk)
        assert reload(sheet).assessment.stage == Stage.SCORING

    def test_十三项评完才能送_旧页面被拒绝(
        self, station: Station, operator_user: User, centre_clerk: User, centre_second: User
    ) -> None:
        sheet = scoring_now(station, operator_user)
        with pytest.raises(Refused) as refusal:
            review.submit(sheet_id=sheet.pk, lines_version=versions(sheet), by=centre_clerk)
        assert len(refusal.value.problems) == 4
        scored(sheet, centre_clerk)
        with pytest.raises(Conflict, match="有改动"):
            review.submit(sheet_id=sheet.pk, lines_version=versions(sheet) - 1, by=centre_clerk)
        once = key()
        first = review.submit(sheet_id=sheet.pk, lines_version=versions(sheet), by=centre_clerk, key=once)
        again = review.submit(sheet_id=sheet.pk, lines_version=versions(sheet), by=centre_clerk, key=once)
        assert first == again
        sheet = reload(sheet)
        assert sheet.review is not None
        assert (sheet.assessment.stage, sheet.review.state) == (Stage.CHECKING, State.SUBMITTED)
        assert sheet.review.number.startswith("PG-")
        assert said(centre_second, "待复核")
        assert sheet.review in list(inbox(centre_second))
        waiting = next(task for task in todo(centre_second).tasks if sheet.review.number in task.title)
        assert (waiting.label, waiting.sub) == ("待复核", f"{station.name}第1年度评估")
        assert not Review.objects.visible_to(operator_user).filter(pk=sheet.review_id).exists()

    def test_送出之前事实有变化须先更新(self, station: Station, operator_user: User, centre_clerk: User) -> None:
        from tests.meta import rows

        sheet = scored(scoring_now(station, operator_user), centre_clerk)
        rows.liaison(station=station, name="测试甲", phone="0579-82190000", since=station.established_on)
        with pytest.raises(Conflict, match="专人负责制"):
            review.submit(sheet_id=sheet.pk, lines_version=versions(sheet), by=centre_clerk)
        scoring.refresh(sheet_id=sheet.pk, by=centre_clerk)
        review.submit(sheet_id=sheet.pk, lines_version=versions(sheet), by=centre_clerk)
        assert reload(sheet).facts["liaison"]["present"] is True


class Test复核:
    @pytest.fixture
    def sheet(self, station: Station, operator_user: User, centre_clerk: User) -> Sheet:
        return handed_on(station, operator_user, centre_clerk)

    def test_评过分的人不能复核(self, sheet: Sheet, centre_clerk: User, centre_second: User) -> None:
        for step in (
            lambda by: review.check(sheet_id=sheet.pk, by=by),
            lambda by: review.send_back(sheet_id=sheet.pk, reason="再看", by=by),
        ):
            with pytest.raises(Refused, match="没有评分的同事"):
                step(centre_clerk)
        helper = clerk("测试帮手")
        Sheet.objects.get(pk=sheet.pk).lines.filter(code="D1").update(given_by=helper)
        with pytest.raises(Refused, match="没有评分的同事"):
            review.check(sheet_id=sheet.pk, by=helper)
        review.check(sheet_id=sheet.pk, by=centre_second)

    def test_通过即送站点_期限按工作日_重复无害(self, sheet: Sheet, operator_user: User, centre_second: User) -> None:
        assert sheet.review is not None
        with pytest.raises(Conflict):
            review.check(sheet_id=sheet.pk, by=centre_second, version=sheet.review.version - 1)
        for _ in range(2):
            review.check(sheet_id=sheet.pk, by=centre_second)
        sheet = reload(sheet)
        assert sheet.review is not None
        assert (sheet.assessment.stage, sheet.checked_by) == (Stage.FEEDBACK, centre_second)
        assert sheet.feedback_until is not None
        assert sheet.review.due_on is not None
        assert sheet.review.due_on > sheet.feedback_until
        assert said(operator_user, "请核对评分草稿")
        assert Sheet.objects.visible_to(operator_user).filter(pk=sheet.pk).exists()
        assert any("核对评分草稿" in task.title for task in todo(operator_user).tasks)
        assert sheet.review not in list(inbox(centre_second)), "站点反馈期间，中心没有要办的"
        review.agree(sheet_id=sheet.pk, by=operator_user)
        assert sheet.review in list(inbox(centre_second))

    def test_退回须有理由_退回后重新评分再复核(
        self, sheet: Sheet, operator_user: User, centre_clerk: User, centre_second: User
    ) -> None:
        with pytest.raises(Refused, match="退回的理由"):
            review.send_back(sheet_id=sheet.pk, reason=" ", by=centre_second)
        review.send_back(sheet_id=sheet.pk, reason="创新请再核。", by=centre_second)
        sheet = reload(sheet)
        assert sheet.review is not None
        assert (sheet.assessment.stage, sheet.review.state) == (Stage.SCORING, State.RETURNED)
        assert said(centre_clerk, "退回评分")
        assert not Sheet.objects.visible_to(operator_user).exists()
        review.submit(sheet_id=sheet.pk, lines_version=versions(sheet), by=centre_clerk)
        assert reload(sheet).assessment.stage == Stage.CHECKING

    def test_只有中心办理(self, sheet: Sheet, operator_user: User, bureau_official: User) -> None:
        for stranger in (operator_user, bureau_official):
            with pytest.raises(PermissionDenied):
                review.check(sheet_id=sheet.pk, by=stranger)


class Test站点反馈:
    @pytest.fixture
    def sheet(self, station: Station, operator_user: User, centre_clerk: User, centre_second: User) -> Sheet:
        return in_feedback(station, operator_user, centre_clerk, centre_second)

    def answer(self, sheet: Sheet, by: User, **more: Any) -> Any:
        values: dict[str, Any] = {"code": "C3", "text": "另有一场活动未计入。", "upload": None}
        return review.answer(sheet_id=sheet.pk, by=by, **{**values, **more})

    def test_逐项提意见_一项一次_中心逐条答复(
        self, sheet: Sheet, operator_user: User, centre_clerk: User, centre_second: User
    ) -> None:
        with pytest.raises(Refused, match="写明意见"):
            self.answer(sheet, operator_user, text=" ")
        with pytest.raises(Refused, match="没有这一项"):
            self.answer(sheet, operator_user, code="Z9")
        found = self.answer(sheet, operator_user, upload=factories.png())
        assert self.answer(sheet, operator_user) == found
        with pytest.raises(Conflict, match="已经提交"):
            self.answer(sheet, operator_user, text="换一个说法")
        assert said(centre_second, "站点对评分有意见")
        after_feedback(sheet)
        with pytest.raises(Refused, match="没有答复"):
            review.screen(sheet_id=sheet.pk, opinion="", by=centre_second)
        with pytest.raises(Refused, match="写明答复"):
            review.reply(sheet_id=sheet.pk, answer_id=found.pk, text=" ", by=centre_clerk)
        review.reply(sheet_id=sheet.pk, answer_id=found.pk, text="该活动不在本年度。", by=centre_clerk)
        review.reply(sheet_id=sheet.pk, answer_id=found.pk, text="该活动不在本年度。", by=centre_clerk)
        with pytest.raises(Conflict, match="已由同事答复"):
            review.reply(sheet_id=sheet.pk, answer_id=found.pk, text="另一个答复", by=centre_second)
        assert said(operator_user, "意见已答复")
        review.screen(sheet_id=sheet.pk, opinion="", by=centre_second)

    def test_无意见提前结束_之后不能再提(self, sheet: Sheet, operator_user: User, centre_second: User) -> None:
        with pytest.raises(Refused, match="反馈期到"):
            review.screen(sheet_id=sheet.pk, opinion="", by=centre_second)
        for _ in range(2):
            review.agree(sheet_id=sheet.pk, by=operator_user)
        with pytest.raises(Conflict, match="反馈已经结束"):
            self.answer(sheet, operator_user)
        assert said(centre_second, "站点已反馈")
        review.screen(sheet_id=sheet.pk, opinion="", by=centre_second)
        assert reload(sheet).assessment.stage == Stage.CONFIRMING

    def test_到期之后不能再提_视为没有意见(self, sheet: Sheet, operator_user: User, centre_second: User) -> None:
        after_feedback(sheet)
        with pytest.raises(Conflict, match="截止"):
            self.answer(sheet, operator_user)
        review.screen(sheet_id=sheet.pk, opinion="", by=centre_second)

    def test_由复核人报送_答复后可退回改分(
        self, sheet: Sheet, operator_user: User, centre_clerk: User, centre_second: User
    ) -> None:
        found = self.answer(sheet, operator_user)
        third = clerk("测试第三人")
        after_feedback(sheet)
        with pytest.raises(Refused, match="由其报送确认"):
            review.screen(sheet_id=sheet.pk, opinion="", by=third)
        review.send_back(sheet_id=sheet.pk, reason="活动属实，改分。", by=centre_second)
        sheet = reload(sheet)
        assert (sheet.checked_at, sheet.agreed_at, sheet.assessment.stage) == (None, None, Stage.SCORING)
        assert said(operator_user, "重新核对")
        review.reply(sheet_id=sheet.pk, answer_id=found.pk, text="采纳，已改分。", by=centre_clerk)
        review.submit(sheet_id=sheet.pk, lines_version=versions(sheet), by=centre_clerk)
        review.check(sheet_id=sheet.pk, by=third)
        assert reload(sheet).checked_by == third

    def test_别家不能反馈(self, sheet: Sheet) -> None:
        with pytest.raises(PermissionDenied):
            self.answer(sheet, factories.user())
        with pytest.raises(PermissionDenied):
            review.agree(sheet_id=sheet.pk, by=factories.user())

    def test_截止前提醒一次_答过的不提醒(self, sheet: Sheet, operator_user: User) -> None:
        assert sheet.feedback_until is not None
        assert opening.remind_due(day=sheet.feedback_until) == 1
        assert opening.remind_due(day=sheet.feedback_until) == 0
        assert said(operator_user, "反馈即将截止")


@pytest.fixture
def _by_the_centre() -> Iterator[None]:
    """The reading that a third person of the centre confirms, in force for the years of the test (R-29 Alt)."""
    words = {"value": "CENTRE", "reading": "由区就业服务中心第三人确认。"}
    day = dt.date(2021, 3, 24)
    reading = {"changes": {"pv": {"assessment_confirmed_by": words}}, "valid_from": day + dt.timedelta(days=1)}
    rows_rulebook.confirmed(**reading, doc_date=day, confirmed_on=day)
    forget_book()
    yield
    forget_book()


@pytest.mark.usefixtures("_by_the_centre")
class Test中心确认的读法:
    @pytest.fixture
    def sheet(self, station: Station, operator_user: User, centre_clerk: User, centre_second: User) -> Sheet:
        return reported(station, operator_user, centre_clerk, centre_second)

    def test_由第三人确认_局不办(
        self, sheet: Sheet, operator_user: User, centre_clerk: User, bureau_official: User
    ) -> None:
        third = clerk("测试中心丙")
        assert sheet.review is not None
        assert sheet.review in Review.objects.waiting_for(third)
        assert sheet.review not in Review.objects.waiting_for(bureau_official)
        assert said(centre_clerk, "待确认")
        assert not said(bureau_official, "待确认")
        for step in (review.confirm, review.return_to_centre):
            with pytest.raises(PermissionDenied):
                step(sheet_id=sheet.pk, opinion="同意。", by=bureau_official)
        found = review.confirm(sheet_id=sheet.pk, opinion="同意。", by=third)
        assert (found.assessment.stage, found.review.approved_by) == (Stage.CONFIRMED, third)  # type: ignore[union-attr]
        assert said(operator_user, "已经区就业服务中心确认")

    def test_评分人和复核人不能确认(self, sheet: Sheet, centre_clerk: User, centre_second: User) -> None:
        for who in (centre_clerk, centre_second):
            with pytest.raises(Refused, match=r"您评的分|前一环节办理过"):
                review.confirm(sheet_id=sheet.pk, opinion="同意。", by=who)

    def test_第三人可以退回复核人(self, sheet: Sheet, centre_second: User) -> None:
        review.return_to_centre(sheet_id=sheet.pk, opinion="合同一项请再核。", by=clerk("测试中心丙"))
        assert reload(sheet).assessment.stage == Stage.CHECKING
        assert said(centre_second, "区就业服务中心退回")

    def test_页面上的按钮(self, sheet: Sheet, client_for: Any, centre_second: User, bureau_official: User) -> None:
        target = reverse("assessments:confirm", args=[sheet.pk])
        third = clerk("测试中心丙")
        offered = {
            who.pk: target in client_for(who).get(sheet.get_absolute_url()).content.decode()
            for who in (third, centre_second, bureau_official)
        }
        assert offered == {third.pk: True, centre_second.pk: False, bureau_official.pk: False}
        said_so = {"opinion": "同意。", "version": sheet.review.version, "key": key()}  # type: ignore[union-attr]
        assert client_for(bureau_official).post(target, said_so).status_code == 403

    def test_公示稿写明由谁确认(self, sheet: Sheet) -> None:
        year = sheet.assessment
        line = ResultLine("测试站", "测试单位", 1, year.starts_on, year.ends_on, Decimal(80), "合格", vetoed=False)
        _, body = announcement([line], policy=policy_on(year.ends_on).policy, office="中心", phone="")
        assert "经区就业服务中心确认" in body


class Test局确认:
    def test_确认即冻结_快照能重算(
        self,
        station: Station,
        operator_user: User,
        centre_clerk: User,
        centre_second: User,
        bureau_official: User,
    ) -> None:
        person = counted(station, operator_user, centre_clerk)
        sheet = reported(station, operator_user, centre_clerk, centre_second)
        once = key()
        for _ in range(2):
            review.confirm(sheet_id=sheet.pk, opinion="同意。", by=bureau_official, key=once)
        sheet = reload(sheet)
        assert sheet.review is not None
        assert (sheet.assessment.stage, sheet.review.state) == (Stage.CONFIRMED, State.APPROVED)
        assert (sheet.counted, sheet.skilled) == (1, 0)
        assert sheet.total == sum(line.given or 0 for line in sheet.lines.all())
        assert sheet.vetoed is False
        assert sheet.snapshot is not None
        assert sheet.sha256 == digest(sheet.snapshot)
        again = rebuild(sheet.snapshot)
        assert (again.total, again.differences) == (sheet.total, ())
        row = SheetPerson.objects.get(sheet=sheet)
        assert (row.delivery, row.status) == (person, "COUNTED")
        assert said(operator_user, "已经区人社局确认")
        assert said(centre_clerk, "待公示")

    def test_退回中心须有理由_复核人直接再报(
        self,
        station: Station,
        operator_user: User,
        centre_clerk: User,
        centre_second: User,
        bureau_official: User,
    ) -> None:
        sheet = reported(station, operator_user, centre_clerk, centre_second)
        with pytest.raises(Refused, match="意见"):
            review.return_to_centre(sheet_id=sheet.pk, opinion=" ", by=bureau_official)
        review.return_to_centre(sheet_id=sheet.pk, opinion="合同一项请再核。", by=bureau_official)
        sheet = reload(sheet)
        assert sheet.assessment.stage == Stage.CHECKING
        assert said(centre_second, "区人社局退回")
        assert not Sheet.objects.visible_to(operator_user).exists()
        with pytest.raises(Refused, match="已经站点反馈"):
            review.check(sheet_id=sheet.pk, by=centre_second)
        review.screen(sheet_id=sheet.pk, opinion="已再核。", by=centre_second)
        review.confirm(sheet_id=sheet.pk, opinion="同意。", by=bureau_official)
        with pytest.raises(Conflict):
            review.confirm(sheet_id=sheet.pk, opinion="同意。", by=bureau_official)

    def test_名册在送复核之后有更正的不能确认(
        self,
        station: Station,
        operator_user: User,
        centre_clerk: User,
        centre_second: User,
        bureau_official: User,
    ) -> None:
        sheet = reported(station, operator_user, centre_clerk, centre_second)
        facts = dict(sheet.facts) | {"people": {"counted": 3, "skilled": 0, "skill_points": None}}
        Sheet.objects.filter(pk=sheet.pk).update(facts=facts)
        with pytest.raises(Conflict, match="人数与评估表不一致"):
            review.confirm(sheet_id=sheet.pk, opinion="同意。", by=bureau_official)
        assert not SheetPerson.objects.exists()

    @pytest.mark.parametrize("inside", [True, False])
    def test_送复核之后核实的投诉_本年度的不能确认(
        self,
        inside: bool,
        station: Station,
        operator_user: User,
        centre_clerk: User,
        centre_second: User,
        bureau_official: User,
    ) -> None:
        sheet = reported(station, operator_user, centre_clerk, centre_second)
        year = sheet.assessment
        day = year.ends_on if inside else year.ends_on + dt.timedelta(days=1)
        rows_safety.complaint(station=station, state=ComplaintState.VERIFIED, received_on=day, verified_on=day)
        if inside:
            with pytest.raises(Conflict, match="经核实的投诉有变化"):
                review.confirm(sheet_id=sheet.pk, opinion="同意。", by=bureau_official)
            assert reload(sheet).assessment.stage == Stage.CONFIRMING
        else:
            review.confirm(sheet_id=sheet.pk, opinion="同意。", by=bureau_official)

    def test_只有局能确认(self, station: Station, operator_user: User, centre_clerk: User, centre_second: User) -> None:
        sheet = reported(station, operator_user, centre_clerk, centre_second)
        for stranger in (operator_user, centre_clerk, centre_second):
            with pytest.raises(PermissionDenied):
                review.confirm(sheet_id=sheet.pk, opinion="同意。", by=stranger)

    def test_全年没有计入人员的向局提示(
        self,
        station: Station,
        operator_user: User,
        centre_clerk: User,
        centre_second: User,
        bureau_official: User,
        client_for: Callable[[User], Client],
    ) -> None:
        sheet = reported(station, operator_user, centre_clerk, centre_second)
        text = client_for(bureau_official).get(sheet.get_absolute_url()).content.decode()
        assert "全年没有计入的输送人员" in text
        assert "确认评估结果" in text
        answer = client_for(bureau_official).post(
            reverse("assessments:confirm", args=[sheet.pk]), {"version": 1, "key": key(), "opinion": "同意。"}
        )
        assert answer.status_code == 409
        text = client_for(operator_user).get(sheet.get_absolute_url()).content.decode()
        assert "全年没有计入的输送人员" not in text

    def test_零输送仍合格的_提示随办理状态(
        self,
        station: Station,
        operator_user: User,
        centre_clerk: User,
        centre_second: User,
        bureau_official: User,
        client_for: Callable[[User], Client],
    ) -> None:
        sheet = scoring_now(station, operator_user)
        most = {"A3": 5, "A4": 5, "B2": 5, "B3": 10, "C3": 10, "D1": 10}
        for code, points in most.items():
            paper = scoring.Entry(points=Decimal(points), reason="已核对", uploads=(factories.png(),))
            give(sheet, code, centre_clerk, paper)
        for code in WHOLE:
            give(sheet, code, centre_clerk, scoring.Entry(parts=(True,) * len(PARTS[code]), reason="已实地核实"))
        scored(sheet, centre_clerk)
        assert sum(line.given or 0 for line in sheet.lines.all()) == 60

        def told() -> str:
            return client_for(bureau_official).get(sheet.get_absolute_url()).content.decode()

        review.submit(sheet_id=sheet.pk, lines_version=versions(sheet), by=centre_clerk)
        assert "供区人社局研究" in told()
        review.check(sheet_id=sheet.pk, by=centre_second)
        review.agree(sheet_id=sheet.pk, by=operator_user)
        review.screen(sheet_id=sheet.pk, opinion="如实复核。", by=centre_second)
        assert "请先研究再确认" in told()
        review.confirm(sheet_id=sheet.pk, opinion="同意。", by=bureau_official)
        text = told()
        assert "结果已经确认" in text
        assert "再确认" not in text


@pytest.mark.django_db(transaction=True)
class Test同时:
    """Real transactions side by side: one wins, the other is told."""

    def both(self, *calls: Callable[[], object]) -> list[str]:
        told: list[str] = []

        def run(call: Callable[[], object]) -> None:
            try:
                call()
                told.append("done")
            except Refused as refusal:
                told.append(type(refusal).__name__)
            finally:
                connection.close()

        threads = [Thread(target=run, args=(call,)) for call in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(told)

    def test_两个人同时保存同一项(self, operator_user: User, centre_clerk: User, centre_second: User) -> None:
        sheet = scoring_now(made_station(operator_user), operator_user)
        version = sheet.lines.get(code="D1").version

        def save(by: User) -> Callable[[], object]:
            return lambda: scoring.save_line(sheet_id=sheet.pk, code="D1", entry=entry("D1"), version=version, by=by)

        assert self.both(save(centre_clerk), save(centre_second)) == ["StaleLine", "done"]

    def test_两个人同时确认(
        self,
        operator_user: User,
        centre_clerk: User,
        centre_second: User,
        bureau_official: User,
        bureau_second: User,
    ) -> None:
        sheet = reported(made_station(operator_user), operator_user, centre_clerk, centre_second)

        def confirm(by: User) -> Callable[[], object]:
            return lambda: review.confirm(sheet_id=sheet.pk, opinion="同意。", by=by, key=key())

        assert self.both(confirm(bureau_official), confirm(bureau_second)) == ["Conflict", "done"]
        assert Assessment.objects.filter(stage=Stage.CONFIRMED).count() == 1
