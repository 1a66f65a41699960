"""走访检查 through its services and pages: inspectors, problems, 整改, 复查, reminders."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.reading import read_bytes
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.models import Message
from stations.oversight.enums import FindingState, VisitKind, VisitState
from stations.oversight.models import Finding, Visit
from stations.oversight.queries import visits as queries
from stations.oversight.services import visits as services
from stations.registry.enums import StationState
from stations.registry.models import Station
from tests import factories
from tests.stations.oversight.build import days, key, running, seen

pytestmark = pytest.mark.django_db
PROBLEM = [("B3", "缺用工企业安全生产制度", days(10))]


@pytest.fixture
def station(operator_user: User) -> Station:
    return running(operator_user)


def recorded(station: Station, by: User, kind: VisitKind = VisitKind.ROUTINE, **fields: Any) -> Visit:
    return services.record_adhoc(station_id=station.pk, kind=kind, seen=seen(by, **fields), by=by, key=key())


def found(station: Station, by: User, **fields: Any) -> Finding:
    return recorded(station, by, problems=PROBLEM, **fields).findings.get()


def test_监督检查须两人(station: Station, centre_clerk: User, centre_second: User) -> None:
    with pytest.raises(Refused) as refused:
        recorded(station, centre_clerk, VisitKind.SUPERVISION)
    assert "监督检查须由2名以上" in refused.value.problems[0][0]
    with pytest.raises(Refused):
        recorded(station, centre_clerk, VisitKind.SUPERVISION, second=centre_clerk)
    assert recorded(station, centre_clerk, VisitKind.SUPERVISION, second=centre_second).state == VisitState.DONE
    assert recorded(station, centre_clerk).state == VisitState.DONE


def test_检查人员须是中心人员(station: Station, centre_clerk: User, operator_user: User, bureau_official: User) -> None:
    with pytest.raises(PermissionDenied):
        recorded(station, centre_clerk, second=bureau_official)
    with pytest.raises(PermissionDenied):
        recorded(station, operator_user)


def test_计划走访不通知站点(station: Station, centre_clerk: User, centre_second: User, operator_user: User) -> None:
    once = {"station_id": station.pk, "kind": VisitKind.SPECIAL, "lead": centre_clerk, "second": centre_second}
    plan = {**once, "planned_on": days(3), "purpose": "看台账", "by": centre_clerk, "key": key()}
    visit = services.plan(**plan)
    assert services.plan(**plan).pk == visit.pk, "同一张表单交两次只有一件"
    assert not Visit.objects.visible_to(operator_user).exists()
    assert not Message.objects.filter(user=operator_user).exists()
    assert Message.objects.filter(user=centre_second).count() == 1
    assert list(queries.planned_for(centre_second, until=days(7))) == [visit]
    services.record_planned(visit_id=visit.pk, kind=VisitKind.SPECIAL, seen=seen(centre_clerk), by=centre_clerk)
    assert Visit.objects.visible_to(operator_user).get() == visit
    with pytest.raises(Conflict):
        services.cancel(visit_id=visit.pk, reason="不去了", by=centre_clerk)


def test_有问题的须写明(station: Station, centre_clerk: User) -> None:
    with pytest.raises(Refused):
        recorded(station, centre_clerk, checks={"A2": ("PROBLEM", "")})
    with pytest.raises(Refused):
        recorded(station, centre_clerk, visited_on=days(1))
    with pytest.raises(Refused):
        recorded(station, centre_clerk, problems=[("A2", "问题", days(-1))])


def test_逾期只作提醒(station: Station, centre_clerk: User) -> None:
    finding = found(station, centre_clerk)
    assert list(queries.findings_overdue(centre_clerk, day=days(10))) == []
    assert list(queries.findings_overdue(centre_clerk, day=days(11))) == [finding]
    station.refresh_from_db()
    assert station.state == StationState.ACTIVE, "逾期不改变站点的状态"


def test_整改凭证复查与整改中(
    station: Station, centre_clerk: User, operator_user: User, stranger_operator: User
) -> None:
    finding = found(station, centre_clerk, under_rectification=True)
    station.refresh_from_db()
    assert station.state == StationState.RECTIFYING
    done = {"finding_id": finding.pk, "text": "已补齐制度", "done_on": days(0), "by": operator_user}
    with pytest.raises(Refused):
        services.rectify(papers=[], **done)
    with pytest.raises(PermissionDenied):
        services.rectify(papers=[factories.png()], **{**done, "by": stranger_operator})
    services.rectify(papers=[factories.png()], **done)
    with pytest.raises(Conflict):
        services.rectify(papers=[factories.png()], **done)
    checked = {"finding_id": finding.pk, "by": centre_clerk}
    with pytest.raises(Refused):
        services.recheck(passed=False, note="", due_on=None, **checked)
    services.recheck(passed=False, note="还缺一家", due_on=days(20), **checked)
    finding.refresh_from_db()
    assert (finding.state, finding.due_on) == (FindingState.OPEN, days(20))
    services.rectify(papers=[factories.png()], **done)
    services.recheck(passed=True, note="", due_on=None, **checked)
    finding.refresh_from_db()
    station.refresh_from_db()
    assert (finding.state, station.state) == (FindingState.CLOSED, StationState.ACTIVE)
    assert [row.passed for row in finding.rectifications.all()] == [False, True]
    with pytest.raises(Conflict):
        services.recheck(passed=True, note="", due_on=None, **checked)


def test_走访次数提醒(station: Station, centre_clerk: User) -> None:
    assert [row.visited for row in queries.stations_short(centre_clerk, day=days(0))] == [0]
    recorded(station, centre_clerk)
    assert queries.visits_lacking(station, year=days(0).year) == 1
    recorded(station, centre_clerk)
    assert list(queries.stations_short(centre_clerk, day=days(0))) == []


def test_照片不带位置信息(station: Station, centre_clerk: User) -> None:
    out = io.BytesIO()
    image = Image.new("RGB", (60, 40), "white")
    exif = image.getexif()
    exif[0x010F] = "拍摄的手机"
    image.save(out, "JPEG", exif=exif)
    assert b"Exif" in out.getvalue()
    photo = SimpleUploadedFile("现场.jpg", out.getvalue(), "image/jpeg")
    visit = recorded(station, centre_clerk, photos=[photo])
    assert b"Exif" not in read_bytes(visit.photos.get().attachment)


def test_网页上登记走访与整改(
    station: Station, operator_user: User, centre_clerk: User, client_for: Callable[..., Client]
) -> None:
    office, mine = client_for(centre_clerk), client_for(operator_user)
    new = f"/oversight/stations/{station.pk}/visits/new/"
    text = office.get(new).content.decode()
    assert "建立台账" in text
    assert "缺少一项扣3分" in text
    data = {
        "key": str(key()),
        "kind": "ROUTINE",
        "visited_on": days(0).isoformat(),
        "lead": str(centre_clerk.pk),
        "side": "DISTRICT",
        "account": "正常",
        "check_A2": "GOOD",
        "check_B3": "PROBLEM",
        "note_B3": "缺一家企业的安全生产制度",
        "due_B3": days(10).isoformat(),
        "photos": [factories.png(name="一.png"), factories.png(name="二.png")],
    }
    wrong = office.post(new, {**data, "kind": "SUPERVISION"})
    assert (wrong.status_code, "监督检查须由2名以上" in wrong.content.decode()) == (422, True)
    data["photos"] = [factories.png(name="一.png"), factories.png(name="二.png")]
    response = office.post(new, data)
    assert response.status_code == 302, response.content.decode()[:3000]
    visit = Visit.objects.get()
    assert (visit.photos.count(), visit.checks.count(), visit.findings.count()) == (2, 2, 1)
    page = mine.get(response["Location"]).content.decode()
    assert "缺一家企业的安全生产制度" in page
    finding = visit.findings.get().get_absolute_url()
    proof = {"text": "已补齐", "done_on": days(0).isoformat(), "papers": factories.png()}
    assert mine.post(f"{finding}rectify/", proof).status_code == 302
    assert office.post(f"{finding}recheck/", {"passed": "no"}).status_code == 422
    assert office.post(f"{finding}recheck/", {"passed": "yes"}).status_code == 302
    assert "已整改" in mine.get(finding).content.decode()
    assert mine.post(f"{finding}recheck/", {"passed": "yes"}).status_code == 403
