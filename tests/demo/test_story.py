"""What the demo holds once it is told: an application in every state, every reason code, nobody real."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from assessments.excellent.enums import CandidateStage, TitleState
from assessments.models import Assessment, Reverification, Round, Sheet, Survey, SurveyCard, Title
from assessments.sheets.enums import Outcome, Stage
from assessments.sheets.queries.results import in_publicity, waiting_for_notice
from assessments.sheets.rules.results import Publicity
from jinhua_labor.accounts.enums import OrganisationState, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core import clock, creditcode
from jinhua_labor.core.idnumber import parse
from jinhua_labor.core.workdays import work_calendar
from jinhua_labor.demo import accounts, services
from jinhua_labor.demo.days import ago
from jinhua_labor.mailbox.models import Message
from jinhua_labor.notices.models import Notice, NoticeKind, NoticeState
from jinhua_labor.review.models import Review, ReviewEvent
from jinhua_labor.review.states import Kind, Recommendation, State
from jinhua_labor.rulebook.enums import Kind as VersionKind
from jinhua_labor.rulebook.models import Version
from stations.applications.enums import Channel, SnapshotStage
from stations.applications.models import Application
from stations.applications.queries.progress import progress
from stations.oversight.enums import FindingState, Ground, RevocationStage
from stations.oversight.models import Assignment, Revocation
from stations.registry.enums import PUBLIC_STATES, StationState
from stations.registry.models import Ban, Employer, KeyEmployer, Station
from stations.roster.enums import BatchState, CountStatus, ReasonCode, StagedState
from stations.roster.models import Delivery, ImportBatch, InsuranceExtract, Person
from subsidies.grants.enums import RecoveryStage
from subsidies.grants.enums import Stage as GrantStage
from subsidies.grants.models import Grant, Recovery
from subsidies.grants.queries.facts import owed
from subsidies.grants.queries.listing import public_paid
from subsidies.grants.queries.standing import standing
from subsidies.payments.enums import BatchState as PaymentBatch
from subsidies.payments.enums import PaymentState, Problem, SheetState
from subsidies.payments.models import Batch, BudgetEntry, ResultSheet

pytestmark = pytest.mark.slow  # seeds the whole demo

NEVER_STORED = {ReasonCode.E01, ReasonCode.E05, ReasonCode.E16}
"""Rows with these are not taken in: they stay in staging with the problem in words."""
IN_STAGING = {"checksum", "under_age", "entry_future", "fifteen", "scientific", "name", "hukou", "date_unreadable"}


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The demo as it is on the day of the test; told once for all tests of this file, and taken back after them."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        services.seed()
        yield media
        transaction.set_rollback(True)


@pytest.fixture
def demo(told: Path, db: None, settings: Any) -> Path:
    settings.MEDIA_ROOT = told
    return told


def application(state: State, **more: Any) -> Application:
    return Application.objects.select_related("review", "roster_list").get(review__state=state, **more)


@pytest.mark.parametrize("state", list(State), ids=[state.label for state in State])
def test_每种办理状态都有一件(demo: Path, state: State) -> None:
    assert Review.objects.filter(state=state).exists()


def test_提交的既有网上的也有窗口的_窗口的由受理人录入(demo: Path) -> None:
    rows = Application.objects.filter(review__state=State.SUBMITTED).select_related("review__created_by")
    assert {row.channel for row in rows} == {Channel.ONLINE, Channel.COUNTER}
    counter = next(row for row in rows if row.channel == Channel.COUNTER)
    assert counter.review.created_by.role == Role.CENTRE
    assert counter.paper.count() == 7
    assert counter.pledged_by is not None
    assert counter.pledged_by.role == Role.OPERATOR


def test_补正的一件改了一部分(demo: Path) -> None:
    found = progress(application(State.RETURNED))
    assert found is not None
    assert 0 < len(found.open_items) < len(found.items)


def test_审核通过的有一件等待发文_六件已设立(demo: Path) -> None:
    assert (
        Application.objects.filter(review__state=State.APPROVED, station__isnull=True, batch__isnull=True).count() == 1
    )
    stations = Station.objects.filter(state__in=PUBLIC_STATES)
    assert [station.awaits_plaque for station in stations.order_by("established_on")] == [False] * 5 + [True]


def test_不予设立的初审意见为不同意(demo: Path) -> None:
    assert application(State.REJECTED).review.recommendation == Recommendation.DISAGREE


def test_两家承建单位各有几件_同一地区不重复在办(demo: Path) -> None:
    owners = Counter(Application.objects.values_list("operator__name", flat=True))
    assert set(owners) == {accounts.FIRST, accounts.SECOND, accounts.FIFTH, accounts.SIXTH}
    assert min(owners[name] for name in (accounts.FIRST, accounts.SECOND)) >= 4
    keys = Review.objects.exclude(open_key=None).values_list("open_key", flat=True)
    assert len(keys) == len(set(keys))


STORED = [code for code in ReasonCode if code not in NEVER_STORED]


@pytest.mark.parametrize("code", STORED, ids=[f"{code.value} {code.label}" for code in STORED])
def test_每个原因代码都有人(demo: Path, code: ReasonCode) -> None:
    assert Delivery.objects.filter(codes__contains=[code.value]).exists()


@pytest.mark.parametrize("status", list(CountStatus), ids=[status.label for status in CountStatus])
def test_三种计入状态都有人(demo: Path, status: CountStatus) -> None:
    assert Delivery.objects.filter(status=status).exists()


def test_不能提交的行留在核对中_好的行可提交(demo: Path) -> None:
    batch = ImportBatch.objects.get(state=BatchState.CHECKING)
    found = {problem[0] for row in batch.rows.exclude(problems=None) for problem in row.problems or ()}
    assert found >= IN_STAGING
    assert batch.rows.filter(state=StagedState.GOOD).exists()
    assert batch.rows.filter(state=StagedState.KNOWN).exists()
    assert not batch.roster_list.is_locked


def test_不少于三百人_有生僻字和间隔号(demo: Path) -> None:
    assert Person.objects.count() >= 300
    names = "".join(Delivery.objects.values_list("name", flat=True))
    assert {"𠮷", "䶮", "·"} <= set(names)


def test_没有真实的证件号码和信用代码(demo: Path) -> None:
    numbers = [person.id_number for person in Person.objects.all()]
    assert all(number[2:6] == "9999" for number in numbers)
    assert all(parse(number).text == number for number in numbers)
    units = [
        *Employer.objects.values_list("credit_code", flat=True),
        *Ban.objects.values_list("credit_code", flat=True),
    ]
    units += Organisation.objects.operators().values_list("credit_code", flat=True)
    assert all(code.startswith("91339999") for code in units)
    assert all(not creditcode.parse(code).warnings for code in units)


def test_参保明细由导入得来_查不到的也记下(demo: Path) -> None:
    extracts = InsuranceExtract.objects.all()
    assert extracts
    assert all(extract.file_id and extract.whole_list for extract in extracts)
    assert any(extract.found < extract.asked for extract in extracts)


def test_初审和审核各冻结一次人数_均满五十(demo: Path) -> None:
    waiting = Application.objects.get(review__state=State.APPROVED, station__isnull=True)
    stages = {row.stage: row.counted for row in waiting.snapshots.all()}
    assert set(stages) == {SnapshotStage.SCREEN, SnapshotStage.APPROVE}
    assert min(stages.values()) >= 50


def test_通知三种情形都有(demo: Path) -> None:
    today = clock.today()
    assert Notice.objects.filter(kind=NoticeKind.ESTABLISHMENT, state=NoticeState.PUBLISHED).exists()
    assert Notice.objects.in_period(today).exists()
    assert Notice.objects.filter(kind=NoticeKind.ESTABLISHMENT, state=NoticeState.READY).exists()


def test_有一家被限制申报_一家等待确认(demo: Path) -> None:
    assert Ban.objects.in_force(accounts.BARRED, clock.today()).exists()
    assert Organisation.objects.get(credit_code=accounts.WAITING).state == OrganisationState.PENDING


def test_重点企业和劳务派遣单位已登记(demo: Path) -> None:
    assert KeyEmployer.objects.filter(year=clock.today().year).exists()
    assert Employer.objects.filter(has_dispatch_licence=True).exists()
    assert Employer.objects.filter(in_district=False).exists()


def test_每个角色都有账号_口令符合要求(demo: Path) -> None:
    assert {one.role for one in accounts.ACCOUNTS} == set(Role) - {Role.SYSTEM}
    for one in accounts.ACCOUNTS:
        user = User.objects.get(username=one.username)
        assert (user.role, user.name) == (one.role, one.name)
        validate_password(accounts.PASSWORD, user)
    assert User.objects.get(username="shenhe").check_password(accounts.PASSWORD)


def test_承办人都收到消息(demo: Path) -> None:
    assert {"jia", "bing", "chushen", "shenhe"} <= set(Message.objects.values_list("user__username", flat=True))


def test_没有发生在将来的事(demo: Path) -> None:
    now = timezone.now()
    assert not ReviewEvent.objects.filter(at__gt=now).exists()
    assert not AuditEntry.objects.filter(at__gt=now).exists()
    assert not Attachment.objects.filter(uploaded_at__gt=now).exists()


def test_历史日期固定_在办的按工作日倒推(demo: Path) -> None:
    first = Station.objects.order_by("established_on")[0]
    assert first.established_on == dt.date(2021, 6, 25)
    submitted = application(State.SUBMITTED, channel=Channel.ONLINE).review.submitted_at
    assert submitted is not None
    day = timezone.localdate(submitted)
    assert work_calendar().is_workday(day)
    assert day == ago(2, base=clock.today())


def test_每次提交都有回执(demo: Path) -> None:
    handed_in = ReviewEvent.objects.filter(action="SUBMIT", review__kind=Kind.APPLICATION)
    assert handed_in
    assert all(event.receipt.attachment_id for event in handed_in.select_related("receipt"))


def test_再写一次什么也不变(demo: Path) -> None:
    def counts() -> list[int]:
        return [model.objects.count() for model in (User, Application, Delivery, AuditEntry, Attachment)]

    before = counts()
    call_command("seed_demo", if_empty=True, skip_checks=True)
    assert counts() == before
    with pytest.raises(CommandError, match="空的数据库"):
        call_command("seed_demo", skip_checks=True)
    assert counts() == before


def test_列出账号的表(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo_accounts", skip_checks=True)
    printed = capsys.readouterr().out
    assert accounts.PASSWORD in printed
    assert all(one.username in printed for one in accounts.ACCOUNTS)


def test_第一个站在一年当中_变更走访活动各种情形都有(demo: Path) -> None:
    station = Station.objects.earliest("established_on")
    assert set(station.findings.values_list("state", flat=True)) == set(FindingState)
    assert station.changes.filter(on_time=False).count() == 1
    assert {"SUBMITTED", "RETURNED", "CONFIRMED"} == set(station.activities.values_list("state", flat=True))
    twice = station.activities.filter(state="CONFIRMED").values_list("key", flat=True)
    assert len(set(twice)) == len(twice) - 1, "同一活动登记了两次"
    assert station.visits.filter(kind="SUPERVISION", second__isnull=False).exists()
    assert Review.objects.get(kind=Kind.CHANGE).state == State.SUBMITTED
    assert Review.objects.get(kind=Kind.RENEWAL).state == State.SCREENED


def test_协会有一项受托检查进行中_一项已到期并有意见(demo: Path) -> None:
    open_ = Assignment.objects.open_on(clock.today()).get()
    over = Assignment.objects.over_on(clock.today()).get()
    assert not open_.opinions.exists()
    assert over.opinions.exists()
    assert Attachment.objects.visible_to(User.objects.get(username="xiehui")).filter(shares__matter=open_.pk).exists()


# --- assessed years ---------------------------------------------------------------------------------------------------

STAGES = [stage for stage in Stage if stage is not Stage.VOID]


@pytest.mark.parametrize("stage", STAGES, ids=[stage.label for stage in STAGES])
def test_年度评估每个阶段都有一个(demo: Path, stage: Stage) -> None:
    assert Assessment.objects.filter(stage=stage).exists()


def test_已确认的结果有待公示的_公示中的_有异议的(demo: Path) -> None:
    clerk = User.objects.get(username="shouli")
    assert waiting_for_notice(clerk)
    found = {row.publicity for row in in_publicity(clerk, day=clock.today())}
    assert found == {Publicity.RUNNING, Publicity.OBJECTED}


def test_没有一个年度超过办理期限(demo: Path) -> None:
    assert not [row for row in Assessment.objects.open() if row.late_by(clock.today())]


def test_已确认的评估表都能从快照重算(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_results", skip_checks=True)
    number = Sheet.objects.filter(confirmed_at__isnull=False).count()
    assert f"重算 {number} 张评估表，全部" in capsys.readouterr().out


def test_连续两年不合格的由系统拟出取消(demo: Path) -> None:
    row = Revocation.objects.get(stage=RevocationStage.DRAFT)
    assert row.grounds == [Ground.G3]
    failed = Assessment.objects.filter(station=row.station, sheets__outcome=Outcome.FAILED, stage=Stage.FINAL)
    assert list(failed.order_by("period_no").values_list("period_no", flat=True)) == row.fail_years == [1, 2]


def test_优秀站点两年前认定_复核已开启_本轮有一家申报(demo: Path) -> None:
    title = Title.objects.get(state=TitleState.HELD)
    totals = Sheet.objects.filter(assessment__station=title.station, final_on__lt=title.recognised_on)
    assert [row.total for row in totals] == [92, 92]
    assert Reverification.objects.get(title=title).decided_on is None
    round_ = Round.objects.get(document__isnull=True)
    assert round_.apply_until > clock.today()
    assert round_.candidates.get().stage == CandidateStage.SUBMITTED


def test_满意度调查一个年度进行中有卡可印_一个已结束(demo: Path) -> None:
    """No card is left of the closed ones, no answer leads to anyone."""
    running, over = Survey.objects.filter(closed_at__isnull=True), Survey.objects.filter(closed_at__isnull=False)
    assert {one.kind for one in running} == {one.kind for one in over} == {"WORKERS", "EMPLOYERS"}
    assert all(one.valid and one.satisfied for one in over)
    assert set(SurveyCard.objects.values_list("survey", flat=True)) == {one.pk for one in running}
    assert all(one.answers.exists() for one in over)


def test_补贴_每一种状态都有(demo: Path) -> None:
    """The extension for show lets the money of this year flow; a corrected year asks its difference back."""
    assert set(Grant.objects.values_list("stage", flat=True)) == set(GrantStage)
    batch = Batch.objects.get(state=PaymentBatch.ISSUED)
    assert list(batch.payments.values_list("state", "grant__stage")) == [(PaymentState.PENDING, GrantStage.BATCHED)]
    wrong = ResultSheet.objects.get()
    assert (wrong.state, wrong.rows.get().problem) == (SheetState.REFUSED, Problem.AMOUNT)
    assert BudgetEntry.objects.filter(year=wrong.brought_at.year).count() == 2
    assert public_paid().exists()
    assert Version.objects.get(kind=VersionKind.EXTENSION).subject.endswith("（演示，不是真实文件）")
    assert Grant.objects.get(recheck_reason__contains="销户").payments.get().state == PaymentState.BOUNCED
    case = Recovery.objects.get()
    assert (case.stage, case.amount) == (RecoveryStage.NOTIFIED, case.grant.outstanding - case.grant.payable)
    held = Grant.objects.get(station__state=StationState.REVOKING, stage=GrantStage.DRAFT)
    assert standing(held, owed([held.station_id])[held.station_id]).revoking
