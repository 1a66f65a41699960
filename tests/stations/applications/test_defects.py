"""补正: all at once, only what came new the second time, and only what was marked opens."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied

from jinhua_labor.accounts.models import User
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.models import Message
from jinhua_labor.review.states import State
from stations.applications.enums import Side, Slot, TargetKind
from stations.applications.models import Application, SupplementNotice
from stations.applications.queries.changes import changes
from stations.applications.queries.editable import editable, latest_notice
from stations.applications.queries.places import Marks, blocks
from stations.applications.services import defects

from . import build
from .test_screening import correct

pytestmark = pytest.mark.django_db


def mark(application: Application, by: User, target: str, kind: str = TargetKind.FIELD, text: str = "请核对") -> None:
    defects.mark(application_id=application.pk, kind=TargetKind(kind), target=target, text=text, by=by)


def send(application: Application, by: User, **options: str) -> SupplementNotice:
    return defects.return_for_supplement(application_id=application.pk, by=by, key=uuid.uuid4(), **options)


def test_标记合为一份通知书并送达(operator_user: User, centre_clerk: User) -> None:
    application = build.submitted(operator_user)
    site = application.sites.first()
    assert site is not None
    mark(application, centre_clerk, "head", text="请填写全名")
    mark(application, centre_clerk, f"site:{site.pk}:address", text="请写明门牌号")
    mark(application, centre_clerk, Slot.M4C, TargetKind.MATERIAL, text="缺第2页")
    notice = send(application, centre_clerk)
    application = build.again(application)
    assert application.review.state == State.RETURNED
    assert (notice.round, notice.due_on, notice.defects.count()) == (1, application.review.due_on, 3)
    allowed = editable(application, operator_user)
    assert allowed.field("head")
    assert allowed.field(f"site:{site.pk}:address")
    assert allowed.slot(Slot.M4C)
    assert not allowed.field("profile")
    assert not allowed.roster
    assert application.roster_list.is_locked
    assert Message.objects.filter(user=operator_user, subject="设立申请需要补正（3处）").count() == 1


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        pytest.param(TargetKind.FIELD, "review_id", id="不存在的栏目"),
        pytest.param(TargetKind.FIELD, f"site:{uuid.uuid4()}:address", id="别处的工作地点"),
        pytest.param(TargetKind.MATERIAL, "M9", id="不存在的材料"),
        pytest.param(TargetKind.ROW, str(uuid.uuid4()), id="不在名册的人"),
        pytest.param(TargetKind.ROW, "第七行", id="不是编号"),
    ],
)
def test_只能标记本件的内容(operator_user: User, centre_clerk: User, kind: str, target: str) -> None:
    application = build.submitted(operator_user)
    with pytest.raises(Conflict):
        mark(application, centre_clerk, target, kind)


def test_金东区地点的省市县不用标记(operator_user: User, centre_clerk: User) -> None:
    application = build.submitted(operator_user)
    inside, outside = (application.sites.get(side=side) for side in (Side.DISTRICT, Side.AREA))
    shown = {place.target for block in blocks(application, Marks(application)) for place in block.places}
    for name in ("province", "city", "county"):
        assert f"site:{inside.pk}:{name}" not in shown
        assert f"site:{outside.pk}:{name}" in shown
        with pytest.raises(Conflict):
            mark(application, centre_clerk, f"site:{inside.pk}:{name}")
    mark(application, centre_clerk, f"site:{inside.pk}:address")


def test_一处只标记一次(operator_user: User, centre_clerk: User) -> None:
    application = build.submitted(operator_user)
    mark(application, centre_clerk, "head")
    with pytest.raises(Refused, match="已经标记"):
        mark(application, centre_clerk, "head")


def test_标记可改可删(operator_user: User, centre_clerk: User, centre_second: User) -> None:
    application = build.submitted(operator_user)
    mark(application, centre_clerk, "head")
    defect = application.defects.get()
    defects.reword(application_id=application.pk, defect_id=defect.pk, text="请填写全名", by=centre_second)
    defect.refresh_from_db()
    assert (defect.text, defect.marked_by) == ("请填写全名", centre_second)
    defects.unmark(application_id=application.pk, defect_id=defect.pk, by=centre_clerk)
    defects.unmark(application_id=application.pk, defect_id=defect.pk, by=centre_clerk)
    assert not application.defects.exists()


def test_没有标记不能退回(operator_user: User, centre_clerk: User) -> None:
    application = build.submitted(operator_user)
    with pytest.raises(Refused, match="还没有标记"):
        send(application, centre_clerk)


@pytest.mark.parametrize("who", ["operator_user", "bureau_official", "auditor"])
def test_其他角色不能标记(request: pytest.FixtureRequest, operator_user: User, who: str) -> None:
    application = build.submitted(operator_user)
    with pytest.raises(PermissionDenied):
        mark(application, request.getfixturevalue(who), "head")


def test_重复点击只发一份(operator_user: User, centre_clerk: User) -> None:
    application, key = build.submitted(operator_user), uuid.uuid4()
    mark(application, centre_clerk, "head")
    first = defects.return_for_supplement(application_id=application.pk, by=centre_clerk, key=key)
    second = defects.return_for_supplement(application_id=application.pk, by=centre_clerk, key=key)
    assert first.pk == second.pk


class Test再次补正:
    def once(self, operator: User, clerk: User) -> Application:
        """Returned for the head's name, which was then changed."""
        application = build.submitted(operator)
        mark(application, clerk, "head")
        send(application, clerk)
        correct(application, operator, head="测试壬")
        return build.again(application)

    def test_新改的内容可以再告知(self, operator_user: User, centre_clerk: User) -> None:
        application = self.once(operator_user, centre_clerk)
        mark(application, centre_clerk, "head")
        assert send(application, centre_clerk).round == 2

    @pytest.mark.parametrize(
        ("kind", "target"),
        [
            pytest.param(TargetKind.FIELD, "partner_name", id="没有改过的栏目"),
            pytest.param(TargetKind.MATERIAL, Slot.M4B, id="没有换过的材料"),
            pytest.param(TargetKind.MATERIAL, Slot.M5, id="没有动过的名册"),
        ],
    )
    def test_旧问题不能再告知(self, operator_user: User, centre_clerk: User, kind: str, target: str) -> None:
        application = self.once(operator_user, centre_clerk)
        mark(application, centre_clerk, target, kind)
        with pytest.raises(Refused, match="再次补正只能列明"):
            send(application, centre_clerk)

    def test_旧问题由同事写明理由才可告知(self, operator_user: User, centre_clerk: User, centre_second: User) -> None:
        application = self.once(operator_user, centre_clerk)
        mark(application, centre_clerk, "partner_name")
        with pytest.raises(Refused, match="以外的同事"):
            send(application, centre_clerk, override_reason="上次遗漏")
        notice = send(application, centre_second, override_reason="上次遗漏")
        assert (notice.override_reason, notice.override_by) == ("上次遗漏", centre_second)


class Test名册:
    def test_只开放标记的行(self, operator_user: User, centre_clerk: User) -> None:
        application = build.submitted(operator_user)
        row, other = application.roster_list.deliveries.order_by("seq")[:2]
        mark(application, centre_clerk, str(row.pk), TargetKind.ROW)
        send(application, centre_clerk)
        roster = build.again(application).roster_list
        assert roster.is_locked
        assert roster.open_rows == [row.pk]
        allowed = editable(build.again(application), operator_user)
        assert allowed.row(row.pk)
        assert not allowed.row(other.pk)

    def test_标记整份名册则全部开放(self, operator_user: User, centre_clerk: User) -> None:
        application = build.submitted(operator_user)
        mark(application, centre_clerk, Slot.M5, TargetKind.MATERIAL)
        send(application, centre_clerk)
        assert not build.again(application).roster_list.is_locked


class Test只看改动:
    def test_栏目前后(self, operator_user: User, centre_clerk: User) -> None:
        application = build.submitted(operator_user)
        mark(application, centre_clerk, "head")
        send(application, centre_clerk)
        correct(application, operator_user, head="测试壬")
        application = build.again(application)
        found = changes(application, latest_notice(application))
        assert [(change.target, change.before, change.after) for change in found.fields] == [
            ("head", "测试庚", "测试壬")
        ]
        assert not found.slots
        assert not found.rows

    def test_材料替换前后(self, operator_user: User, centre_clerk: User) -> None:
        application = build.submitted(operator_user)
        old = application.materials.get(slot=Slot.M4C)
        mark(application, centre_clerk, Slot.M4C, TargetKind.MATERIAL)
        send(application, centre_clerk)
        from stations.applications.services import materials
        from tests.factories import png

        materials.add_files(
            application_id=application.pk,
            slot=Slot.M4C,
            uploads=[png(size=(50, 30))],
            by=operator_user,
            replaces=old.pk,
        )
        found = changes(application, latest_notice(application))
        (slot,) = found.slots
        assert [row.pk for row in slot.before] == [old.pk]
        assert old.pk not in {row.pk for row in slot.after}
        assert len(slot.after) == 1

    @pytest.mark.django_db(transaction=True)  # the rows' times are those of their transactions
    def test_名册增删改(self, operator_user: User, centre_clerk: User) -> None:
        application = build.submitted(operator_user, workers=52)
        mark(application, centre_clerk, Slot.M5, TargetKind.MATERIAL)
        send(application, centre_clerk)
        first, second = application.roster_list.deliveries.order_by("seq")[:2]
        first.hukou_text = "贵州省示例二州"
        first.save()
        first.name = "测试已改名"
        first.save()
        second.delete()
        (added,) = build.deliver(application, 1)
        found = changes(application, latest_notice(application))
        kinds = {row.kind: row for row in found.rows}
        assert found.rows_total == 3
        assert dict.fromkeys(("added", "removed", "changed")).keys() == kinds.keys()
        assert kinds["added"].name == added.name
        assert kinds["removed"].name == "测试2"
        assert kinds["changed"].cells == (
            ("姓名", "测试1", "测试已改名"),
            ("户籍", "贵州省示例州示例县", "贵州省示例二州"),
        )
