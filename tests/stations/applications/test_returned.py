"""补正: only what was marked can be changed, 「3/5 已改」, handed in again when all is answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.models import User
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.clock import SHANGHAI, moved_to
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.review.states import State
from stations.applications.enums import Slot, TargetKind
from stations.applications.models import Application
from stations.applications.queries.editable import editable
from stations.applications.queries.progress import progress
from stations.applications.services import answers
from stations.applications.services.draft import Change, save_fields

from . import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(operator_user: User, centre_clerk: User) -> Application:
    made = build.submitted(operator_user)
    row = made.roster_list.deliveries.first()
    return build.returned(
        made,
        centre_clerk,
        (TargetKind.FIELD, "profile"),
        (TargetKind.MATERIAL, "M4C"),
        (TargetKind.ROW, str(row.pk)),
    )


def change_profile(application: Application, user: User, text: str) -> None:
    old = build.again(application).profile
    save_fields(application_id=application.pk, changes={"profile": Change(old, text)}, by=user)


def test_只开放标注的内容(
    application: Application, operator_user: User, centre_clerk: User, stranger_operator: User
) -> None:
    allowed = editable(application, operator_user)
    row = application.defects.get(kind=TargetKind.ROW).target
    assert allowed.field("profile")
    assert not allowed.field("head")
    assert allowed.slot("M4C")
    assert not allowed.slot("M4B")
    assert [str(pk) for pk in allowed.rows] == [row]
    assert not allowed.roster
    for other in (centre_clerk, stranger_operator):
        assert not editable(application, other).any


def test_逐项计数(application: Application, operator_user: User) -> None:
    def count() -> tuple[int, int]:
        told = progress(build.again(application))
        assert told
        return told.done, told.total

    assert count() == (0, 3)
    before = application.profile
    change_profile(application, operator_user, "新的简介，" * 20)
    assert count() == (1, 3)
    change_profile(application, operator_user, before)  # undone again
    assert count() == (0, 3)
    assert application.defects.get(target="profile").answered_at is None
    change_profile(application, operator_user, "新的简介，" * 20)
    build.put(application, Slot.M4C, operator_user)
    row = application.roster_list.deliveries.get(pk=application.defects.get(kind=TargetKind.ROW).target)
    row.hukou_text = "贵州省示例州示例二县"
    row.save(update_fields=["hukou_text"])
    assert count() == (3, 3)


@pytest.mark.parametrize(
    ("name", "value"),
    [("post", "装配工"), ("education", "大专"), ("skill", "高级工"), ("certificate_no", "示例000001")],
    ids=["岗位", "文化程度", "技能等级", "证书编号"],
)
def test_名册行的任何一栏改了都算已改(
    application: Application, operator_user: User, centre_clerk: User, name: str, value: str
) -> None:
    # The history's clock stands still within a test's one transaction.
    application.supplement_notices.update(issued_at=timezone.now() - dt.timedelta(hours=1))
    defect = application.defects.get(kind=TargetKind.ROW)
    row = application.roster_list.deliveries.get(pk=defect.target)
    setattr(row, name, value)
    row.save(update_fields=[name])
    told = progress(build.again(application))
    assert told
    assert [item.done for item in told.items if item.defect == defect] == [True]


def test_没有改完不能提交(application: Application, operator_user: User) -> None:
    change_profile(application, operator_user, "新的简介，" * 20)
    with pytest.raises(Refused) as refusal:
        build.hand_in(application, operator_user)
    assert sorted(text.split("：")[1] for text, _ in refusal.value.problems) == sorted(
        f"{label}。" for label in application.defects.exclude(target="profile").values_list("label", flat=True)
    )


def test_补正期限当天可以提交次日不能(application: Application, operator_user: User) -> None:
    for defect in application.defects.all():
        answers.explain(application_id=application.pk, defect_id=defect.pk, text="原件如此。", by=operator_user)
    due = application.review.due_on
    with moved_to(dt.datetime.combine(due + dt.timedelta(days=1), dt.time(8), SHANGHAI)):
        with pytest.raises(Refused) as refusal:
            build.hand_in(application, operator_user)
        assert "已届满" in refusal.value.problems[0][0]
    with moved_to(dt.datetime.combine(due, dt.time(23, 30), SHANGHAI)):
        assert build.hand_in(application, operator_user)


def test_说明也算答复(application: Application, operator_user: User, centre_clerk: User) -> None:
    for defect in application.defects.all():
        answers.explain(
            application_id=application.pk, defect_id=defect.pk, text="原件如此，无法修改。", by=operator_user
        )
    number = application.review.number
    build.hand_in(application, operator_user)
    row = build.again(application)
    assert (row.review.state, row.review.number) == (State.SUBMITTED, number)
    assert row.roster_list.is_locked
    assert row.roster_list.open_rows == []
    defect = application.defects.first()
    with pytest.raises(Conflict):
        answers.explain(application_id=application.pk, defect_id=defect.pk, text="又改", by=operator_user)


def test_标注附件2开放整个名册(operator_user: User, centre_clerk: User) -> None:
    application = build.returned(build.submitted(operator_user), centre_clerk, (TargetKind.MATERIAL, "M5"))
    assert editable(application, operator_user).roster
    assert progress(application).done == 0
    build.deliver(application, 1)
    assert progress(build.again(application)).done == 1


def test_页面显示进度和要求(
    client_for: Callable[[User], Client], application: Application, operator_user: User
) -> None:
    answer = client_for(operator_user).get(application.get_absolute_url())
    assert "0/3 已改" in answer.text
    assert 'name="profile"' in answer.text
    assert 'name="head"' not in answer.text
    change_profile(application, operator_user, "新的简介，" * 20)
    assert "1/3 已改" in client_for(operator_user).get(application.get_absolute_url()).text


def test_说明页面(
    client_for: Callable[[User], Client], application: Application, operator_user: User, stranger_operator: User
) -> None:
    defect = application.defects.first()
    url = reverse("applications:explain", args=[application.pk, defect.pk])
    assert client_for(operator_user).post(url, {"answer": "原件如此。"}).status_code == 302
    defect.refresh_from_db()
    assert defect.answer == "原件如此。"
    assert defect.answered_at
    said = AuditEntry.objects.filter(action="application.explain").latest("id")
    assert (said.actor_id, said.detail["after"]) == (operator_user.pk, "原件如此。")
    assert client_for(operator_user).post(url, {"answer": "长" * 201}).status_code == 422
    assert client_for(stranger_operator).post(url, {"answer": "外人"}).status_code == 404


def test_改动地区后占用新地区(operator_user: User, centre_clerk: User) -> None:
    application = build.returned(
        build.submitted(operator_user), centre_clerk, (TargetKind.FIELD, "area_county"), (TargetKind.FIELD, "sites")
    )
    save_fields(application_id=application.pk, changes={"area_county": Change("示例县", "示例二县")}, by=operator_user)
    for site in application.sites.filter(side="AREA"):
        save_fields(
            application_id=application.pk,
            changes={f"site:{site.pk}:county": Change("示例县", "示例二县")},
            by=operator_user,
        )
    build.hand_in(application, operator_user)
    assert build.again(application).review.open_key.endswith("示例二县")
