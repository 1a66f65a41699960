"""审核: approve, refuse, send back; two at once; several at once; the process killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from jinhua_labor.accounts.models import User
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.models import Message
from jinhua_labor.review.models import Review, ReviewEvent
from jinhua_labor.review.states import Action, Recommendation, State
from stations.applications.enums import SnapshotStage
from stations.applications.models import Application, CountSnapshot
from stations.applications.queries.decision import refusal_of
from stations.applications.services import decision
from stations.applications.services.snapshot import verify

from . import build, office

pytestmark = pytest.mark.django_db


def test_通过并再次冻结名单(operator_user: User, centre_clerk: User, bureau_official: User) -> None:
    application = office.approved(operator_user, centre_clerk, bureau_official)
    review = application.review
    assert (review.state, review.approved_by, review.open_key) == (State.APPROVED, bureau_official, None)
    frozen = application.snapshots.get(stage=SnapshotStage.APPROVE)
    assert frozen.counted == 50
    assert verify(frozen)
    assert Message.objects.filter(user=operator_user, subject="设立申请已审核通过").count() == 1


def test_初审不同意的不能通过(operator_user: User, centre_clerk: User, bureau_official: User) -> None:
    application = office.screen(build.submitted(operator_user), centre_clerk, Recommendation.DISAGREE)
    with pytest.raises(Refused, match="不能直接审核通过"):
        decision.approve(application_id=application.pk, opinion="同意", by=bureau_official)


def test_初审后人数不足的不能通过(operator_user: User, centre_clerk: User, bureau_official: User) -> None:
    application = office.screened(operator_user, centre_clerk)
    row = application.roster_list.deliveries.first()
    assert row is not None
    row.employment_form = "DISPATCH"
    row.save()
    with pytest.raises(Refused, match="计入与待核共49人"):
        decision.approve(application_id=application.pk, opinion="同意", by=bureau_official)
    assert not CountSnapshot.objects.filter(stage=SnapshotStage.APPROVE).exists()


def test_初审后许可证到期的不能通过(operator_user: User, centre_clerk: User, bureau_official: User) -> None:
    application = office.screened(operator_user, centre_clerk)
    Application.objects.filter(pk=application.pk).update(licence_to="2021-06-30")
    with pytest.raises(Refused, match="退回初审") as refused:
        decision.approve(application_id=application.pk, opinion="同意", by=bureau_official)
    assert "到期" in refused.value.problems[0][0]


@pytest.mark.parametrize("who", ["operator_user", "centre_second", "auditor", "finance"])
def test_其他角色不能审核(request: pytest.FixtureRequest, operator_user: User, centre_clerk: User, who: str) -> None:
    application = office.screened(operator_user, centre_clerk)
    with pytest.raises(PermissionDenied):
        decision.approve(application_id=application.pk, opinion="同意", by=request.getfixturevalue(who))


def test_未经初审不能审核(operator_user: User, bureau_official: User) -> None:
    application = build.submitted(operator_user)
    with pytest.raises(Conflict):
        decision.approve(application_id=application.pk, opinion="同意", by=bureau_official)


class Test不予设立:
    @pytest.mark.parametrize("missing", ["reason", "clause", "remedy"])
    def test_缺一不可(self, operator_user: User, centre_clerk: User, bureau_official: User, missing: str) -> None:
        application = office.screened(operator_user, centre_clerk)
        said = {"reason": "人数不实", "clause": "第三条第（四）项", "remedy": "可以申请行政复议", missing: "  "}
        with pytest.raises(Refused, match="不完整"):
            decision.reject(application_id=application.pk, by=bureau_official, **said)

    def test_决定书写明理由依据救济途径(self, operator_user: User, centre_clerk: User, bureau_official: User) -> None:
        application = office.screen(build.submitted(operator_user), centre_clerk, Recommendation.DISAGREE)
        decision.reject(
            application_id=application.pk,
            clause="第三条第（四）项",
            reason="输送人员中25人未在金东参保",
            remedy="可以自知道本决定之日起六十日内申请行政复议",
            by=bureau_official,
        )
        application = build.again(application)
        found = refusal_of(application)
        assert found is not None
        assert application.review.state == State.REJECTED
        assert (found.clause, found.reason) == ("第三条第（四）项", "输送人员中25人未在金东参保")
        assert "六十日" in found.remedy
        assert Message.objects.filter(user=operator_user, subject="设立申请未获通过").count() == 1


class Test批量:
    def test_一件不具备条件不影响其他(
        self, operator_user: User, stranger_operator: User, centre_clerk: User, bureau_official: User
    ) -> None:
        good = office.screened(operator_user, centre_clerk)
        bad = office.screened(stranger_operator, centre_clerk)
        Application.objects.filter(pk=bad.pk).update(licence_to="2021-06-30")
        key = uuid.uuid4()
        for _ in range(2):  # the same form posted twice
            outcomes = decision.approve_several(
                application_ids=[good.pk, bad.pk, good.pk], opinion="同意", by=bureau_official, key=key
            )
            assert [outcome.approved for outcome in outcomes] == [True, False]
            assert "到期" in outcomes[1].message
        assert ReviewEvent.objects.filter(action=Action.APPROVE).count() == 1

    def test_只有局可以(self, operator_user: User, centre_clerk: User) -> None:
        application = office.screened(operator_user, centre_clerk)
        with pytest.raises(PermissionDenied):
            decision.approve_several(
                application_ids=[application.pk], opinion="同意", by=centre_clerk, key=uuid.uuid4()
            )


@pytest.mark.django_db(transaction=True)
def test_两人同时审核只有一人成功(
    operator_user: User, centre_clerk: User, bureau_official: User, bureau_second: User
) -> None:
    application = office.screened(operator_user, centre_clerk)
    barrier = threading.Barrier(2, timeout=10)
    outcomes: list[object] = []

    def run(call: Callable[[], object]) -> None:
        try:
            barrier.wait()
            outcomes.append(call())
        except Refused as error:
            outcomes.append(error)
        finally:
            connection.close()

    calls = [
        lambda: decision.approve(application_id=application.pk, opinion="同意", by=bureau_official),
        lambda: decision.send_back(application_id=application.pk, comment="请核实", by=bureau_second),
    ]
    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "ReviewEvent"]
    (told,) = (outcome for outcome in outcomes if isinstance(outcome, Conflict))
    assert "测试局" in told.message
    assert ReviewEvent.objects.filter(review=application.review_id, action__in=["APPROVE", "SEND_BACK"]).count() == 1


KILLED = """
import os, sys, time, uuid, django
django.setup()
from django.conf import settings
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from jinhua_labor.accounts.models import User
from stations.applications.services import decision

def pause(**_):  # the last thing approve() does: everything else is written, nothing is committed
    print("in the middle", flush=True)
    time.sleep(60)

decision.mailbox.send = pause
decision.approve(application_id=uuid.UUID(sys.argv[2]), opinion="同意", by=User.objects.get(pk=sys.argv[3]))
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_审核中途断电不留下一半(operator_user: User, centre_clerk: User, bureau_official: User) -> None:
    application = office.screened(operator_user, centre_clerk)
    name = str(connection.settings_dict["NAME"])
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, name, str(application.pk), str(bureau_official.pk)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "jinhua_labor.settings"},
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == "in the middle"
    finally:
        child.send_signal(signal.SIGKILL)
        child.communicate(timeout=10)
    review = Review.objects.get(pk=application.review_id)
    assert (review.state, review.approved_by) == (State.SCREENED, None)
    assert not CountSnapshot.objects.filter(stage=SnapshotStage.APPROVE).exists()
    assert not ReviewEvent.objects.filter(action=Action.APPROVE).exists()
    decision.approve(application_id=application.pk, opinion="同意", by=bureau_official)
    assert Review.objects.get(pk=application.review_id).state == State.APPROVED
