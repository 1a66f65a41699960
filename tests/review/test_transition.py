"""The one function that changes a state: the table, the words, the persons, the clock, the double click."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from jinhua_labor.accounts.enums import Role
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.review.models import Review, ReviewEvent
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import STEPS, Action, Recommendation, State

pytestmark = pytest.mark.django_db

ROLE_OF = {
    "operator": Role.OPERATOR,
    "colleague": Role.CENTRE,
    "second": Role.BUREAU,
    "finance": Role.FINANCE,
    "auditor": Role.AUDITOR,
    "admin": Role.ADMIN,
    "association": Role.ASSOCIATION,
    "system": Role.SYSTEM,
}


@pytest.mark.parametrize("who", ROLE_OF, ids=[role.label for role in ROLE_OF.values()])
@pytest.mark.parametrize("action", Action, ids=[action.label for action in Action])
@pytest.mark.parametrize("state", State, ids=[state.label for state in State])
def test_只有表中的步骤能走(review_in, step, state, action, who):
    review = review_in(state)
    rule = STEPS[action]
    if ROLE_OF[who] not in rule.roles:
        with pytest.raises(PermissionDenied):
            step(review, action, who)
    elif state not in rule.sources:
        with pytest.raises(Conflict):
            step(review, action, who)
    else:
        step(review, action, who)
        review.refresh_from_db()
        assert review.state == rule.target
        return
    assert Review.objects.get(pk=review.pk).state == state


@pytest.mark.parametrize(
    ("state", "action", "who"),
    [
        pytest.param(State.SUBMITTED, Action.RETURN, "screener", id="退回补正"),
        pytest.param(State.SUBMITTED, Action.SCREEN, "screener", id="初审"),
        pytest.param(State.SCREENED, Action.SEND_BACK, "approver", id="退回初审"),
        pytest.param(State.SCREENED, Action.APPROVE, "approver", id="审核通过"),
        pytest.param(State.SCREENED, Action.REJECT, "approver", id="不予通过"),
    ],
)
def test_没有意见不能办(review_in, step, state, action, who):
    review = review_in(state)
    with pytest.raises(Refused, match="请填写"):
        step(review, action, who, opinion=Opinion(text="  ", recommendation=Recommendation.AGREE))
    assert Review.objects.get(pk=review.pk).state == state


def test_初审不同意的不能直接通过(review_in, step):
    review = review_in(State.SUBMITTED)
    step(review, Action.SCREEN, "screener", opinion=Opinion("人数不足", Recommendation.DISAGREE))
    with pytest.raises(Refused, match="不能直接审核通过"):
        step(review, Action.APPROVE, "approver")
    step(review, Action.REJECT, "approver")
    assert Review.objects.get(pk=review.pk).state == State.REJECTED


def test_窗口录入人不能初审(review_in, step, people):
    review = review_in(State.DRAFT)
    step(review, Action.SUBMIT, "screener")
    with pytest.raises(Refused, match="录入提交"):
        step(review, Action.SCREEN, "screener")
    step(review, Action.SCREEN, "colleague")
    assert Review.objects.get(pk=review.pk).screened_by == people["colleague"]


def test_同一表单重复提交只算一次(review_in, step):
    review, key = review_in(State.SUBMITTED), uuid.uuid4()
    first = step(review, Action.SCREEN, "screener", key=key)
    second = step(review, Action.SCREEN, "screener", key=key)
    assert first.pk == second.pk
    assert review.events.filter(action=Action.SCREEN).count() == 1


def test_旧页面上的办理被告知谁办了什么(review_in, step):
    review = review_in(State.SUBMITTED)
    step(review, Action.SCREEN, "screener")
    with pytest.raises(Conflict, match=r"已被测试screener于.*初审"):
        step(review, Action.SCREEN, "colleague", version=review.version)


def test_退回初审清掉初审意见但留下记录(review_in, step):
    review = review_in(State.SCREENED)
    step(review, Action.SEND_BACK, "approver", opinion=Opinion("请核实协议期限"))
    review.refresh_from_db()
    assert (review.state, review.screened_by, review.recommendation) == (State.SUBMITTED, None, "")
    assert [event.action for event in review.events.all()] == [Action.SUBMIT, Action.SCREEN, Action.SEND_BACK]


class Test期限:
    """R-16, R-17: working days of 2021, 5 each, the clock stands still while the file is with the applicant."""

    def at(self, day: str) -> time_machine.travel:
        return time_machine.travel(f"{day} 10:00 +08:00", tick=False)

    def test_节假日提交从首个工作日起算(self, review_in):
        with self.at("2021-10-02"):
            review = review_in(State.SUBMITTED)
        assert review.due_on == dt.date(2021, 10, 13)  # 10-08, 10-09 补班, 10-11, 10-12, 10-13

    def test_补正期间不计时(self, review_in, step):
        with self.at("2021-09-13"):
            review = review_in(State.SUBMITTED)
        with self.at("2021-09-15"):
            step(review, Action.RETURN, "screener")  # two working days used
        review.refresh_from_db()
        assert review.due_on == dt.date(2021, 10, 12)  # 15 working days to supplement
        with self.at("2021-09-27"):
            step(review, Action.SUBMIT, "operator")
        review.refresh_from_db()
        assert (review.stage_used, review.due_on) == (2, dt.date(2021, 9, 30))  # three left

    @pytest.mark.parametrize(
        ("day", "accepted_on", "deemed"),
        [
            pytest.param("2021-09-26", None, False, id="第5个工作日当天告知"),
            pytest.param("2021-09-27", dt.date(2021, 9, 17), True, id="第6个工作日才告知：逾期视为受理"),
        ],
    )
    def test_逾期不告知视为受理(self, review_in, step, day, accepted_on, deemed):
        with self.at("2021-09-17"):
            review = review_in(State.SUBMITTED)
        with self.at(day):
            step(review, Action.RETURN, "screener")
        review.refresh_from_db()
        assert (review.accepted_on, review.deemed_accepted) == (accepted_on, deemed)

    def test_受理日期是被初审的那次提交(self, review_in, step):
        with self.at("2021-09-17"):
            review = review_in(State.SUBMITTED)
        with self.at("2021-09-22"):
            step(review, Action.RETURN, "screener")
        with self.at("2021-09-23"):
            step(review, Action.SUBMIT, "operator")
        with self.at("2021-09-24"):
            step(review, Action.SCREEN, "screener")
        review.refresh_from_db()
        assert (review.accepted_on, review.deemed_accepted) == (dt.date(2021, 9, 23), False)


class Test数据库也拒绝:
    def test_绕过函数改状态(self, review_in):
        review = review_in(State.SUBMITTED)
        with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(state=State.DRAFT)

    @pytest.mark.parametrize(
        ("state", "change", "constraint"),
        [
            pytest.param(State.SUBMITTED, {"open_key": None}, "review_open_has_key", id="在办无占用标记"),
            pytest.param(State.SUBMITTED, {"number": ""}, "review_submitted_has_number", id="已提交无编号"),
            pytest.param(
                State.SUBMITTED, {"submitted_by": None}, "review_submitted_at_has_by", id="有提交时间无提交人"
            ),
            pytest.param(
                State.SCREENED,
                {"screened_at": None, "screened_by": None, "recommendation": "", "screen_opinion": ""},
                "review_screened_has_at",
                id="已初审无时间",
            ),
            pytest.param(State.SCREENED, {"screened_by": None}, "review_screened_at_has_by", id="有初审时间无初审人"),
            pytest.param(State.SCREENED, {"screen_opinion": ""}, "review_screened_has_opinion", id="初审无意见"),
            pytest.param(
                State.APPROVED,
                {"approved_at": None, "approved_by": None},
                "review_approved_has_approved_at",
                id="已通过无时间",
            ),
            pytest.param(State.APPROVED, {"approved_by": None}, "review_approved_at_has_by", id="有审核时间无审核人"),
            pytest.param(State.APPROVED, {"decision_opinion": ""}, "review_decided_has_opinion", id="审核无意见"),
            pytest.param(
                State.APPROVED, {"recommendation": "DISAGREE"}, "review_approved_was_recommended", id="初审不同意却通过"
            ),
            pytest.param(
                State.REJECTED,
                {"rejected_at": None, "rejected_by": None},
                "review_rejected_has_rejected_at",
                id="不予通过无时间",
            ),
            pytest.param(State.REJECTED, {"rejected_by": None}, "review_rejected_at_has_by", id="不予通过无办理人"),
        ],
    )
    def test_缺一不可(self, review_in, state, change, constraint):
        review = review_in(state)
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(**change)

    @pytest.mark.parametrize(
        ("state", "field", "other", "constraint"),
        [
            pytest.param(
                State.SCREENED,
                "screened_by",
                "submitted_by",
                "review_screened_by_not_submitted_by",
                id="初审人即提交人",
            ),
            pytest.param(
                State.APPROVED, "approved_by", "screened_by", "review_approved_by_not_screened_by", id="审核人即初审人"
            ),
            pytest.param(
                State.APPROVED,
                "approved_by",
                "submitted_by",
                "review_approved_by_not_submitted_by",
                id="审核人即提交人",
            ),
            pytest.param(
                State.REJECTED,
                "rejected_by",
                "screened_by",
                "review_rejected_by_not_screened_by",
                id="不予通过人即初审人",
            ),
            pytest.param(
                State.REJECTED,
                "rejected_by",
                "submitted_by",
                "review_rejected_by_not_submitted_by",
                id="不予通过人即提交人",
            ),
        ],
    )
    def test_必须是不同的人(self, review_in, state, field, other, constraint):
        review = review_in(state)
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(**{field: getattr(review, other)})

    def test_同一标记只能有一件在办(self, review_in):
        one, other = review_in(State.SUBMITTED), review_in(State.SUBMITTED)
        with pytest.raises(IntegrityError, match="review_one_open"), transaction.atomic():
            Review.objects.filter(pk=other.pk).update(open_key=one.open_key)

    def test_办理记录不可改不可删(self, review_in):
        event = review_in(State.SUBMITTED).events.get()
        for sql in (
            "UPDATE review_reviewevent SET comment = '改' WHERE id = %s",
            "DELETE FROM review_reviewevent WHERE id = %s",
        ):
            with pytest.raises(DatabaseError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, [event.pk])
        assert ReviewEvent.objects.filter(pk=event.pk).exists()


def test_编号按日连续(review_in):
    with time_machine.travel("2026-04-12 10:00 +08:00", tick=False):
        numbers = [review_in(State.SUBMITTED).number for _ in range(2)]
    assert numbers == ["SL-330703-20260412-001", "SL-330703-20260412-002"]
