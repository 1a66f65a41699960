"""委托协会检查 through its services and pages: what is shared, to whom, until which day, and what stays."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.enums import OrganisationKind, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.attachments.services import store
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.dashboard.queries.todo import todo
from jinhua_labor.mailbox.models import Message
from stations.oversight.enums import ActivityState, FindingState, SharedSection, VisitState
from stations.oversight.models import Assignment
from stations.oversight.queries import assignments as queries
from stations.oversight.services import assignments as services
from stations.registry.enums import PaperKind, StationState
from stations.registry.models import Station
from tests import factories
from tests.meta import rows, rows_ledger, rows_oversight
from tests.stations.oversight.build import days, key, running

pytestmark = pytest.mark.django_db
NUMBER = "519999199001010017"


@pytest.fixture
def station(operator_user: User) -> Station:
    return running(operator_user, established_on=days(-500))


def paper(station: Station, kind: str = PaperKind.RULES, **fields: Any) -> Attachment:
    """A file of the station's 档案."""
    version = fields.pop("version", 1)
    by = fields.pop("by", None) or factories.user(Role.OPERATOR, organisation=station.operator)
    fields = {"audience": Audience.PARTY_AND_OFFICE, "organisation": station.operator, **fields}
    file = store(factories.png(name=fields.pop("name", "照片.png")), by=by, **fields)
    row = rows_ledger.station_paper(station=station, kind=kind, version=version)
    rows_ledger.station_paper_file(paper=row, attachment=file)
    return file


def task(association: User, **fields: Any) -> services.Task:
    assert association.organisation is not None
    values: dict[str, Any] = {
        "organisation": association.organisation,
        "purpose": "请查看管理制度是否完备",
        "ends_on": days(10),
        "sections": list(SharedSection.values),
        "files_read": True,
    }
    return services.Task(**{**values, **fields})


def assigned(station: Station, association: User, by: User, **fields: Any) -> Assignment:
    return services.assign(station_id=station.pk, task=task(association, **fields), by=by, key=key())


def write(row: Assignment, by: User, text: str = "制度完备，建议补充应急预案。", **fields: Any) -> Any:
    return services.give_opinion(assignment_id=row.pk, text=text, by=by, key=fields.get("key") or key())


def of_another_association() -> User:
    """A second association with a person of its own."""
    second = Organisation.objects.create(kind=OrganisationKind.ASSOCIATION, name="示例协会（另一家）")
    return factories.user(Role.ASSOCIATION, organisation=second)


def delivered(station: Station, name: str = "测试丁") -> Any:
    person = rows.person(id_number=NUMBER, last4=NUMBER[-4:])
    return rows.delivery(operator=station.operator, station=station, person=person, name=name)


def test_委托_协会得知_文件只随委托开放(station: Station, association: User, centre_clerk: User) -> None:
    file, other = paper(station), paper(station, PaperKind.LICENCE)
    row = assigned(station, association, centre_clerk, files=[file.pk])
    assert list(Attachment.objects.visible_to(association)) == [file], "没有选的文件不开放"
    assert other in [one.attachment for one in queries.offered_files(station)]
    share = file.shares.get()
    assert (share.matter, share.until, share.opened_by) == (row.pk, row.ends_on, centre_clerk)
    assert Message.objects.get(user=association).link == row.get_absolute_url()
    kept = AuditEntry.objects.get(action="assignment.assign")
    assert kept.detail["until"] == row.ends_on.isoformat()
    assert kept.detail["files"] == 1


def test_同一张表单只委托一次(station: Station, association: User, centre_clerk: User) -> None:
    again = key()
    for _ in range(2):
        services.assign(station_id=station.pk, task=task(association), by=centre_clerk, key=again)
    assert Assignment.objects.count() == 1


def test_委托的条件(station: Station, association: User, centre_clerk: User, bureau_official: User) -> None:
    stranger = paper(running(factories.user(Role.OPERATOR, is_org_admin=True)))
    secret, internal = paper(station, secret=True), paper(station, PaperKind.BUSINESS, audience=Audience.OFFICE)
    named = paper(station, PaperKind.WORKER_RULES, name=f"{NUMBER}.png")
    file = paper(station, PaperKind.LICENCE)
    for fields, word in (
        ({"ends_on": days(-1)}, "截止日期"),
        ({"ends_on": days(91)}, "最长90天"),
        ({"purpose": f"核对{NUMBER}"}, "身份证号"),
        ({"files": [stranger.pk]}, "不能提供"),
        ({"files": [secret.pk]}, "不能提供"),
        ({"files": [internal.pk]}, "不能提供"),
        ({"files": [named.pk]}, "不能提供"),
        ({"files": [uuid.uuid4()]}, "不能提供"),
        ({"files": [file.pk], "files_read": False}, "逐份看过"),
        ({"organisation": station.operator}, "行业协会"),
    ):
        with pytest.raises(Refused) as refused:
            assigned(station, association, centre_clerk, **fields)
        assert any(word in text for text, _anchor in refused.value.problems), fields
    for by in (bureau_official, association):
        with pytest.raises(PermissionDenied):
            assigned(station, association, by)
    Station.objects.filter(pk=station.pk).update(state=StationState.REVOKED)
    with pytest.raises(Refused, match="已取消"):
        assigned(station, association, centre_clerk)
    assert not Assignment.objects.exists()


def test_旧版档案不在可选范围(station: Station) -> None:
    old, new = paper(station), paper(station, version=2)
    assert [one.attachment for one in queries.offered_files(station)] == [new]
    assert old != new


def test_意见只增不改_中心得知(station: Station, association: User, centre_clerk: User) -> None:
    row, once = assigned(station, association, centre_clerk), key()
    assert [line.title for line in todo(association).tasks] == [f"受托检查：{station.name}"]
    for _ in range(2):
        write(row, association, key=once)
    write(row, association, "补充：已看过档案。")
    assert list(row.opinions.values_list("number", flat=True)) == [1, 2]
    assert Message.objects.filter(user=centre_clerk, link=row.get_absolute_url()).count() == 2
    assert todo(association).tasks == ()
    with pytest.raises(Refused) as refused:
        write(row, association, "联系13800000000")
    assert "手机号" in refused.value.problems[0][0]
    other = of_another_association()
    for by in (centre_clerk, other):
        with pytest.raises(PermissionDenied):
            write(row, by)


def test_截止日期以日为准(
    station: Station,
    association: User,
    centre_clerk: User,
    client_for: Callable[[User], Client],
    settings: Any,
) -> None:
    file = paper(station)
    delivered(station)
    row = assigned(station, association, centre_clerk, files=[file.pk])
    client, download = client_for(association), reverse("attachments:download", args=[file.pk])
    opinion = reverse("oversight:assignment_opinion", args=[row.pk])
    settings.PORTAL_TODAY = row.ends_on
    assert client.get(row.get_absolute_url()).status_code == 200, "截止当日"
    sent = client.get(download)
    assert (sent.status_code, b"".join(sent.streaming_content)[:4]) == (200, b"\x89PNG"), "截止当日"
    assert client.post(opinion, {"key": key(), "text": "截止当日的意见"}).status_code == 302
    settings.PORTAL_TODAY = row.ends_on + dt.timedelta(days=1)
    for url in (download, reverse("attachments:preview", args=[file.pk])):
        assert client.get(url).status_code == 404, "次日"
    closed = client.get(row.get_absolute_url()).content.decode()
    assert "截止当日的意见" in closed
    for hidden in (file.name, station.number, station.address, "测**", "**************"):
        assert hidden not in closed, "次日"
    late = client.post(opinion, {"key": key(), "text": "次日的意见"})
    assert (late.status_code, "次日的意见" in late.content.decode()) == (409, True), "写下的不丢失"
    assert file.name not in late.content.decode()
    with pytest.raises(Conflict):
        write(row, association)
    over = client.get(reverse("oversight:assignments"), {"state": "over"}).content.decode()
    assert "截止当日的意见" in over
    assert row.get_absolute_url() in over
    assert client_for(centre_clerk).get(row.get_absolute_url()).status_code == 200


def test_提前结束_什么也打不开_意见仍在(
    station: Station, association: User, centre_clerk: User, client_for: Callable[[User], Client]
) -> None:
    file = paper(station)
    row = assigned(station, association, centre_clerk, files=[file.pk])
    write(row, association, "结束之前的意见")
    centre, client = client_for(centre_clerk), client_for(association)
    end = reverse("oversight:assignment_end", args=[row.pk])
    assert centre.post(end, {"reason": ""}).status_code == 422
    assert centre.post(end, {"reason": "事项已办结"}).status_code == 302
    assert centre.post(end, {"reason": "事项已办结"}).status_code == 409
    closed = client.get(row.get_absolute_url()).content.decode()
    assert "事项已办结" in closed
    assert file.name not in closed
    assert client.get(reverse("attachments:download", args=[file.pk])).status_code == 404
    assert "结束之前的意见" in client.get(reverse("oversight:assignments"), {"state": "over"}).content.decode()
    assert file.shares.get().closed_by == centre_clerk
    assert AuditEntry.objects.filter(action="assignment.end", detail__reason="事项已办结").exists()


def test_另一项委托仍开放同一文件(station: Station, association: User, centre_clerk: User) -> None:
    file = paper(station)
    first = assigned(station, association, centre_clerk, files=[file.pk])
    assigned(station, association, centre_clerk, files=[file.pk])
    services.end(assignment_id=first.pk, reason="重复委托", by=centre_clerk)
    assert list(Attachment.objects.visible_to(association)) == [file]


def test_协会看到的都遮盖(
    station: Station, association: User, centre_clerk: User, client_for: Callable[[User], Client]
) -> None:
    delivered(station)
    visit = rows_oversight.visit(station=station, state=VisitState.DONE)
    text = "专人电话0579-82190000没有人接，测试丁没有合同"
    rows_oversight.finding(visit=visit, station=station, text=text, state=FindingState.OPEN)
    place = "示例县人民广场，联系测试丁13800000000"
    rows_oversight.activity(
        station=station,
        place=place,
        state=ActivityState.CONFIRMED,
        confirmed_by=centre_clerk,
        confirmed_at=rows.NOW,
    )
    row = assigned(station, association, centre_clerk)
    client = client_for(association)
    page = client.get(row.get_absolute_url()).content.decode()
    assert "测**" in page
    assert "**************0017" in page, "R-21 a"
    assert "专人电话*************没有人接" in page
    assert "没有人接，测**没有合同" in page
    assert "示例县人民广场，联系测*************" in page
    for hidden in ("测试丁", NUMBER, "82190000", "13800000000", "测试甲（"):
        assert hidden not in page, hidden
    bare = assigned(station, association, centre_clerk, sections=[])
    page = client.get(bare.get_absolute_url()).content.decode()
    assert "**************0017" not in page
    assert "没有人接" not in page


def test_协会只有受托检查_没有别的门(
    station: Station, association: User, centre_clerk: User, client_for: Callable[[User], Client]
) -> None:
    """R-21: no export, no 初审, no station; whatever is assigned opens its own page only."""
    row, client = assigned(station, association, centre_clerk), client_for(association)
    for name, args in (
        ("registry:station", [station.pk]),
        ("roster:station", [station.pk]),
        ("roster:year_export", [station.pk, 1]),
        ("oversight:station_assignments", [station.pk]),
        ("oversight:assignment_new", [station.pk]),
        ("review:inbox", []),
    ):
        assert client.get(reverse(name, args=args)).status_code == 403, name
    assert client.post(reverse("roster:year_export", args=[station.pk, 1])).status_code == 403, "R-21 a"
    assert client.post(reverse("applications:screen", args=[uuid.uuid4()])).status_code == 403, "R-21 b"
    assert client.post(reverse("oversight:assignment_end", args=[row.pk]), {"reason": "自己结束"}).status_code == 403
    assert not Station.objects.visible_to(association).exists()


def test_别的协会看不到(
    station: Station, association: User, centre_clerk: User, client_for: Callable[[User], Client]
) -> None:
    row = assigned(station, association, centre_clerk, files=[paper(station).pk])
    other = of_another_association()
    client = client_for(other)
    assert client.get(row.get_absolute_url()).status_code == 404
    assert row.number not in client.get(reverse("oversight:assignments")).content.decode()
    assert not Attachment.objects.visible_to(other).exists()


def test_网页上委托和提交意见(
    station: Station, association: User, centre_clerk: User, client_for: Callable[[User], Client]
) -> None:
    file, centre, client = paper(station), client_for(centre_clerk), client_for(association)
    new = reverse("oversight:assignment_new", args=[station.pk])
    assert "可查看的文件" in centre.get(new).content.decode()
    data: dict[str, Any] = {
        "key": str(key()),
        "organisation": str(association.organisation_id),
        "purpose": "请查看管理制度是否完备",
        "ends_on": days(5).isoformat(),
        "sections": ["ROSTER"],
        "files": [str(file.pk)],
    }
    response = centre.post(new, data)
    assert (response.status_code, "逐份看过" in response.content.decode()) == (422, True)
    response = centre.post(new, {**data, "files_read": "on"})
    assert response.status_code == 302, response.content.decode()[:2000]
    url = response["Location"]
    assert "待提交意见" in client.get(reverse("dashboard:home")).content.decode()
    assert file.name in client.get(url).content.decode()
    assert client.post(f"{url}opinion/", {"key": key(), "text": ""}).status_code == 422
    assert client.post(f"{url}opinion/", {"key": key(), "text": "制度完备。"}).status_code == 302
    for page in (url, reverse("oversight:station_assignments", args=[station.pk]), reverse("oversight:assignments")):
        assert "制度完备。" in centre.get(page).content.decode(), page
