"""初审: what is judged, what stands in the way of 同意, what is frozen."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.models import Message
from jinhua_labor.review.models import Review
from jinhua_labor.review.states import Recommendation, State
from stations.applications.enums import Channel, Condition, CreditCheck, Slot, SnapshotStage, TargetKind, Verdict
from stations.applications.models import Application, CountSnapshot, Judgement
from stations.applications.queries.conditions import conditions
from stations.applications.services import decision, defects, draft, screening
from stations.applications.services.lapse import accept_overdue, lapse_overdue
from stations.applications.services.snapshot import verify

from . import build, office

pytestmark = pytest.mark.django_db


def problems(refused: pytest.ExceptionInfo[Refused]) -> str:
    return "\n".join([refused.value.message, *(text for text, _ in refused.value.problems)])


def judge(application: Application, by: User, condition: Condition, verdict: Verdict, **said: Any) -> Judgement:
    return screening.judge(
        application_id=application.pk,
        condition=condition,
        part=said.get("part", ""),
        verdict=verdict,
        reason=said.get("reason", ""),
        by=by,
    )


class Test同意:
    def test_转区人社局并给备案号(self, operator_user: User, centre_clerk: User, bureau_official: User) -> None:
        application = office.screened(operator_user, centre_clerk)
        review = application.review
        assert (review.state, review.recommendation, review.screened_by) == (State.SCREENED, "AGREE", centre_clerk)
        assert application.filing_no == f"BA-330703-{today().year}-001"
        assert Message.objects.filter(user=bureau_official, subject__contains="待审核").exists()

    def test_备案号连续且退回后不换(
        self, operator_user: User, stranger_operator: User, centre_clerk: User, bureau_official: User
    ) -> None:
        first = office.screened(operator_user, centre_clerk)
        second = office.screened(stranger_operator, centre_clerk)
        assert second.filing_no.endswith("-002")
        decision.send_back(application_id=first.pk, comment="请核实协议", by=bureau_official, key=uuid.uuid4())
        again = office.screen(build.again(first), centre_clerk)
        assert again.filing_no == first.filing_no
        assert again.snapshots.filter(stage=SnapshotStage.SCREEN).count() == 2

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            pytest.param({"licence_to": dt.date(2021, 6, 30)}, "到期", id="许可证已到期"),
            pytest.param({"agreement_to": dt.date(2021, 6, 30)}, "劳务协作协议已于", id="协议已到期"),
            pytest.param({"credit_check": ""}, "请登记信用核查结果", id="没有信用核查"),
            pytest.param({"credit_check": "FOUND", "credit_note": "失信"}, "不良记录", id="有不良信用记录"),
            pytest.param({"liaison_name": ""}, "专人", id="没有专人"),
        ],
    )
    def test_条件不具备不能同意(
        self, operator_user: User, centre_clerk: User, change: dict[str, Any], expected: str
    ) -> None:
        application = office.ready(operator_user, centre_clerk)
        Application.objects.filter(pk=application.pk).update(**change)
        with pytest.raises(Refused) as refused:
            office.screen(application, centre_clerk)
        assert expected in problems(refused)
        assert Review.objects.get(pk=application.review_id).state == State.SUBMITTED
        assert not CountSnapshot.objects.exists()

    @pytest.mark.parametrize(
        ("workers", "pending", "passes"),
        [
            pytest.param(50, 0, True, id="计入50人"),
            pytest.param(50, 1, False, id="计入49人待核1人"),
            pytest.param(51, 1, True, id="计入50人待核1人"),
        ],
    )
    def test_五十人(self, operator_user: User, centre_clerk: User, workers: int, pending: int, passes: bool) -> None:
        application = build.submitted(operator_user, workers=workers)
        application = office.looked_at(office.insured(application, centre_clerk, leave_out=pending), centre_clerk)
        if passes:
            assert office.screen(application, centre_clerk).review.state == State.SCREENED
        else:
            with pytest.raises(Refused, match=r"还有|不足") as refused:
                office.screen(application, centre_clerk)
            assert "49" in problems(refused)

    def test_还有未告知的标记(self, operator_user: User, centre_clerk: User) -> None:
        application = office.ready(operator_user, centre_clerk)
        defects.mark(
            application_id=application.pk, kind=TargetKind.FIELD, target="head", text="请核对", by=centre_clerk
        )
        with pytest.raises(Refused) as refused:
            office.screen(application, centre_clerk)
        assert "1处已标记" in problems(refused)

    def test_有一项判断为不符合(self, operator_user: User, centre_clerk: User) -> None:
        application = office.ready(operator_user, centre_clerk)
        judge(application, centre_clerk, Condition.C3, Verdict.UNMET, part="PLAN", reason="没有目标")
        with pytest.raises(Refused) as refused:
            office.screen(application, centre_clerk)
        assert "年度省外劳动力工作计划：已判断为不符合" in problems(refused)

    def test_没有判断的逐项列出(self, operator_user: User, centre_clerk: User) -> None:
        application = office.insured(build.submitted(operator_user), centre_clerk)
        with pytest.raises(Refused) as refused:
            office.screen(application, centre_clerk)
        assert problems(refused).count("请作出判断") == 7

    def test_补正后原来的判断须复核(self, operator_user: User, centre_clerk: User) -> None:
        application = office.ready(operator_user, centre_clerk)
        defects.mark(
            application_id=application.pk, kind=TargetKind.FIELD, target="head", text="请核对", by=centre_clerk
        )
        defects.return_for_supplement(application_id=application.pk, by=centre_clerk, key=uuid.uuid4())
        correct(application, operator_user, head="测试壬")
        with pytest.raises(Refused) as refused:
            office.screen(build.again(application), centre_clerk)
        assert "补正后请重新判断" in problems(refused)
        assert screening.confirm_judgements(application_id=application.pk, by=centre_clerk) == 7
        assert office.screen(build.again(application), centre_clerk).review.state == State.SCREENED

    @pytest.mark.parametrize("changed", ["address", "photo", "lease_to"])
    def test_换了地址或照片的场所须重新核查(self, operator_user: User, centre_clerk: User, changed: str) -> None:
        application = office.ready(operator_user, centre_clerk)
        site, other = application.sites.all()
        photo = changed == "photo"
        mark = (TargetKind.MATERIAL, f"M6:{site.pk}") if photo else (TargetKind.FIELD, f"site:{site.pk}:{changed}")
        application = build.returned(application, centre_clerk, mark)
        if photo:
            build.put(application, Slot.M6, operator_user, site_id=site.pk)
        else:
            before = getattr(site, changed)
            after = "另一处88号" if changed == "address" else before + dt.timedelta(days=30)
            change = draft.Change(before, after)
            draft.save_fields(
                application_id=application.pk, changes={f"site:{site.pk}:{changed}": change}, by=operator_user
            )
        build.hand_in(application, operator_user)
        screening.confirm_judgements(application_id=application.pk, by=centre_clerk)
        site.refresh_from_db()
        other.refresh_from_db()
        assert other.checked_at is not None
        if changed == "lease_to":
            assert site.checked_at is not None
            return
        assert (site.checked_by, site.checked_at, site.check_note) == (None, None, "")
        with pytest.raises(Refused) as refused:
            office.screen(build.again(application), centre_clerk)
        assert "尚未实地或照片核查" in problems(refused)
        screening.check_site(application_id=application.pk, site_id=site.pk, note="已看新址", by=centre_clerk)
        assert office.screen(build.again(application), centre_clerk).review.state == State.SCREENED

    def test_不良信用须有局的理由(self, operator_user: User, centre_clerk: User, bureau_official: User) -> None:
        application = office.ready(operator_user, centre_clerk)
        screening.record_credit(
            application_id=application.pk, result=CreditCheck.FOUND, note="曾被列入，已修复", by=centre_clerk
        )
        application = office.screen(build.again(application), centre_clerk, Recommendation.DISAGREE)
        decision.send_back(
            application_id=application.pk,
            comment="信用已修复，可以继续",
            credit_waiver=True,
            by=bureau_official,
            key=uuid.uuid4(),
        )
        application = office.screen(build.again(application), centre_clerk)
        assert application.review.state == State.SCREENED

    def test_重复点击只算一次(self, operator_user: User, centre_clerk: User) -> None:
        application, key = office.ready(operator_user, centre_clerk), uuid.uuid4()
        office.screen(application, centre_clerk, key=key)
        office.screen(application, centre_clerk, key=key)
        assert CountSnapshot.objects.count() == 1


def correct(application: Application, user: User, **fields: str) -> None:
    """The operator changes these fields and hands the file in again."""
    application = build.again(application)
    changes = {name: draft.Change(getattr(application, name), value) for name, value in fields.items()}
    saved = draft.save_fields(application_id=application.pk, changes=changes, by=user)
    assert sorted(saved.names) == sorted(fields)
    build.hand_in(application, user)


class Test谁能办:
    def test_不同意不要求条件具备(self, operator_user: User, centre_clerk: User) -> None:
        application = office.screen(build.submitted(operator_user), centre_clerk, Recommendation.DISAGREE)
        assert application.review.state == State.SCREENED
        assert application.filing_no == ""

    def test_窗口录入人不能判断和初审(self, operator_user: User, centre_clerk: User, centre_second: User) -> None:
        application = build.filled(
            centre_clerk, channel=Channel.COUNTER, operator=operator_user.organisation, paper=True
        )
        from stations.applications.services import submission

        submission.pledge(application_id=application.pk, signer=application.legal_rep, by=operator_user)
        build.hand_in(application, centre_clerk)
        with pytest.raises(Refused, match="由同事办理"):
            judge(application, centre_clerk, Condition.C1, Verdict.MET)
        with pytest.raises(Refused, match="由同事办理"):
            office.screen(build.again(application), centre_clerk, Recommendation.DISAGREE)
        assert judge(application, centre_second, Condition.C1, Verdict.MET).by == centre_second

    @pytest.mark.parametrize("who", ["operator_user", "bureau_official", "auditor"])
    def test_其他角色不能判断(self, request: pytest.FixtureRequest, operator_user: User, who: str) -> None:
        application = build.submitted(operator_user)
        with pytest.raises(PermissionDenied):
            judge(application, request.getfixturevalue(who), Condition.C1, Verdict.MET)

    def test_转出后不能再判断(self, operator_user: User, centre_clerk: User, centre_second: User) -> None:
        application = office.screened(operator_user, centre_clerk)
        with pytest.raises(Conflict, match=r"测试中心甲.*初审"):
            judge(application, centre_second, Condition.C1, Verdict.MET)


def test_不符合必须写理由(operator_user: User, centre_clerk: User) -> None:
    application = build.submitted(operator_user)
    with pytest.raises(Refused, match="写明理由"):
        judge(application, centre_clerk, Condition.C5, Verdict.UNMET)
    with pytest.raises(IntegrityError, match="judgement_unmet_has_reason"), transaction.atomic():
        Judgement.objects.create(application=application, condition="C5", verdict="UNMET", by=centre_clerk)


def test_快照不可改且可核验(operator_user: User, centre_clerk: User) -> None:
    application = office.screened(operator_user, centre_clerk)
    frozen = application.snapshots.get()
    assert (frozen.counted, frozen.pending, frozen.excluded, len(frozen.rows)) == (50, 0, 0, 50)
    assert verify(frozen)
    frozen.rows[0][2] = "EXCLUDED"
    assert not verify(frozen)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        CountSnapshot.objects.filter(pk=frozen.pk).update(counted=51)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        CountSnapshot.objects.filter(pk=frozen.pk).delete()


def test_名册以后更正不改快照(operator_user: User, centre_clerk: User) -> None:
    application = office.screened(operator_user, centre_clerk)
    row = application.roster_list.deliveries.first()
    assert row is not None
    row.employment_form = "DISPATCH"
    row.save()
    frozen = CountSnapshot.objects.get()
    assert verify(frozen)
    assert frozen.counted == 50


def test_条件事实都在眼前(operator_user: User, centre_clerk: User) -> None:
    application = office.insured(build.submitted(operator_user), centre_clerk)
    views = conditions(application, day=today())
    assert [view.clause for view in views] == [f"第三条（{number}）" for number in "一二三四五"]
    assert views[3].text.startswith("已为区内企业等输送劳动力达50人以上")
    facts = {fact.label: fact for view in views for fact in view.facts}
    assert facts["计入"].value == "50人（需50人）"
    assert facts["信用核查"].ok is None
    assert facts["金东区工作地点核查"].value == "尚未核查"
    assert facts["持技能等级或职业资格证书"].value == "0/50人，0%"


class Test时限:
    def test_逾期不补正视为撤回(self, operator_user: User, centre_clerk: User) -> None:
        with time_machine.travel("2026-06-01 10:00 +08:00", tick=False):
            application = build.submitted(operator_user)
            defects.mark(
                application_id=application.pk, kind=TargetKind.FIELD, target="head", text="请核对", by=centre_clerk
            )
            notice = defects.return_for_supplement(application_id=application.pk, by=centre_clerk, key=uuid.uuid4())
        assert notice.due_on == dt.date(2026, 6, 23)  # 15 working days, 端午 6-19 off
        assert lapse_overdue(day=notice.due_on) == 0
        assert lapse_overdue(day=notice.due_on + dt.timedelta(days=40)) == 1  # catches up
        assert lapse_overdue(day=notice.due_on + dt.timedelta(days=40)) == 0
        application = build.again(application)
        assert (application.review.state, application.review.open_key) == (State.LAPSED, None)
        assert Message.objects.filter(user=operator_user, subject__contains="逾期").count() == 1

    @pytest.mark.parametrize(
        ("day", "deemed"),
        [
            pytest.param(dt.date(2021, 9, 26), False, id="第5个工作日"),
            pytest.param(dt.date(2021, 9, 27), True, id="第5个工作日之后"),
        ],
    )
    def test_逾期视为受理(self, operator_user: User, day: dt.date, deemed: bool) -> None:
        with time_machine.travel("2021-09-17 10:00 +08:00", tick=False):
            application = build.submitted(operator_user)
        assert accept_overdue(day=day) == int(deemed)
        assert accept_overdue(day=day) == 0
        review = Review.objects.get(pk=application.review_id)
        assert (review.accepted_on, review.deemed_accepted) == (dt.date(2021, 9, 17) if deemed else None, deemed)
