"""Files of a station that moves to another 承建单位: who filed them keeps them, the new unit reads on (R-22, R-23)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.attachments.models import Attachment, AttachmentShare
from jinhua_labor.attachments.services import store
from jinhua_labor.review.states import Recommendation
from stations.oversight.enums import ChangeKind, UnitCondition, UnitCredit, UnitVerdict
from stations.oversight.models import ChangeReport
from stations.oversight.queries.station_files import files_of_station
from stations.oversight.services import carrying_out, changes, handing_over, takeover
from stations.registry.models import Station
from tests import factories
from tests.meta import rows, rows_ledger, rows_roster
from tests.stations.oversight.build import days, key, receiving_unit, running
from tests.stations.oversight.build import takeover as takeover_content

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture
def station(operator_user: User) -> Station:
    return running(operator_user)


@pytest.fixture
def receiver(db: None) -> User:
    return receiving_unit()


def kept(station: Station, by: User, **fields: object) -> Attachment:
    options = {"audience": Audience.PARTY_AND_OFFICE, **fields}
    return store(factories.png(), by=by, organisation=station.operator, **options)


def in_the_file(station: Station, by: User) -> Attachment:
    """A paper of the station's file, as it is filed today."""
    file = kept(station, by)
    paper = rows_ledger.station_paper(station=station, version=station.papers.count() + 1)
    rows_ledger.station_paper_file(paper=paper, attachment=file)
    return file


def contract(station: Station, by: User) -> Attachment:
    """A labour contract: a paper of identity."""
    file = kept(station, by, secret=True)
    rows_roster.contract(delivery=rows.delivery(station=station, operator=station.operator), file=file)
    return file


def asked(station: Station, by: User, receiver: User, *, on: int = 0) -> ChangeReport:
    content = takeover_content(receiver.organisation, effective_on=days(on))
    return changes.report(station_id=station.pk, kind=ChangeKind.OPERATOR, content=content, by=by, key=key())


def carried(change: ChangeReport, receiver: User, clerk: User, official: User) -> None:
    takeover.accept(change_id=change.pk, by=receiver)
    takeover.record_credit(change_id=change.pk, result=UnitCredit.NONE, note="", by=clerk)
    for condition in UnitCondition:
        takeover.check_unit(change_id=change.pk, condition=condition, verdict=UnitVerdict.MET, reason="", by=clerk)
    takeover.screen(change_id=change.pk, recommendation=Recommendation.AGREE, opinion="同意", by=clerk)
    takeover.approve(change_id=change.pk, opinion="同意变更", by=official)


def opened(client: Client, file: Attachment) -> int:
    response = client.get(file.get_absolute_url())
    if response.streaming:
        b"".join(response)  # type: ignore[arg-type]  # read to its end, where the client closes it
    return response.status_code


def sees(user: User, file: Attachment) -> bool:
    return Attachment.objects.visible_to(user).filter(pk=file.pk).exists()


def test_移交之后_原单位看自己报送的_新单位看站点档案_外人都看不到(
    station: Station, operator_user: User, receiver: User, stranger_operator: User, centre_clerk: User,
    bureau_official: User, client_for: ClientFor,
) -> None:  # fmt: skip
    filed, worker = in_the_file(station, operator_user), contract(station, operator_user)
    internal = kept(station, centre_clerk, audience=Audience.OFFICE)
    rows_ledger.station_paper_file(paper=station.papers.get(), attachment=internal)
    own = kept(station, operator_user)  # of the unit, not of the station
    change = asked(station, operator_user, receiver)
    assert not sees(receiver, filed), "移交之前还不是它的站点"
    carried(change, receiver, centre_clerk, bureau_official)
    for user, expected in ((operator_user, True), (receiver, True), (stranger_operator, False)):
        assert (sees(user, filed), sees(user, worker)) == (expected, expected), user
    assert not sees(receiver, internal), "只供主管部门的仍不可见"
    assert not sees(receiver, own)

    client = client_for(receiver)
    assert opened(client, filed) == 200
    assert client.get(worker.get_absolute_url())["Location"] == reverse("attachments:open", args=[worker.pk])
    assert opened(client_for(stranger_operator), filed) == 404

    new = in_the_file(Station.objects.get(pk=station.pk), receiver)
    assert (sees(receiver, new), sees(operator_user, new)) == (True, False), "移交之后新单位报送的，原单位看不到"


def test_接收单位在确认之前看得到变更的材料_撤回以后看不到(
    station: Station, operator_user: User, receiver: User, stranger_operator: User, client_for: ClientFor
) -> None:
    change = asked(station, operator_user, receiver)
    paper = change.papers.first().attachment
    assert [sees(user, paper) for user in (operator_user, receiver, stranger_operator)] == [True, True, False]
    assert opened(client_for(receiver), paper) == 200
    changes.withdraw(change_id=change.pk, by=operator_user)
    assert [sees(user, paper) for user in (operator_user, receiver)] == [True, False]


def test_不予变更的_接收单位不再看得到材料(
    station: Station, operator_user: User, receiver: User, centre_clerk: User, bureau_official: User
) -> None:
    change = asked(station, operator_user, receiver)
    takeover.screen(change_id=change.pk, recommendation=Recommendation.DISAGREE, opinion="不符合", by=centre_clerk)
    takeover.reject(change_id=change.pk, opinion="不符合第三条（一）", by=bureau_official)
    assert not sees(receiver, change.papers.first().attachment)


def test_交接清单双方都看得到(
    station: Station, operator_user: User, receiver: User, centre_clerk: User, bureau_official: User
) -> None:
    change = asked(station, operator_user, receiver)
    carried(change, receiver, centre_clerk, bureau_official)
    handing_over.hand_over(
        change_id=change.pk, on=days(0), signed_from="测试甲", signed_to="测试丙", items="台账三册",
        paper=factories.png(), by=receiver,
    )  # fmt: skip
    listed = change.papers.get(slot="HANDOVER").attachment
    assert (sees(operator_user, listed), sees(receiver, listed)) == (True, True)


def test_再次移交_中间的单位只留自己报送的(
    station: Station, operator_user: User, receiver: User, centre_clerk: User, bureau_official: User
) -> None:
    first = in_the_file(station, operator_user)
    carried(asked(station, operator_user, receiver), receiver, centre_clerk, bureau_official)
    second = in_the_file(Station.objects.get(pk=station.pk), receiver)
    third = receiving_unit()
    following = asked(Station.objects.get(pk=station.pk), receiver, third, on=1)
    carried(following, third, centre_clerk, bureau_official)
    assert carrying_out.apply_due(day=days(1)) == 1
    assert [sees(user, first) for user in (operator_user, receiver, third)] == [True, False, True]
    assert [sees(user, second) for user in (operator_user, receiver, third)] == [False, True, True]
    assert AttachmentShare.objects.filter(organisation=receiver.organisation, closed_at__isnull=True).count() == 0


STAYS = {
    "ImportBatch": "上传的名册，导入的人自己看",
    "InsuranceExtract": "参保查询，只供主管部门",
    "Revocation": "取消程序针对当时的承建单位",
    "RevocationPaper": "取消程序针对当时的承建单位",
    "Material": "设立申请是申请单位的",
    "SubmissionReceipt": "设立申请是申请单位的",
}
"""Files that do not move with a station, and why."""


def test_每一种附件都想过是否随站移交() -> None:
    """A new room that keeps files is found by the name of its model."""
    query = str(files_of_station(Station(pk=key())).query)
    for relation in Attachment._meta.get_fields(include_hidden=True):
        model = relation.related_model
        if relation.one_to_many and model.__module__.startswith("stations.") and not hasattr(model, "pgh_id"):
            assert model.__name__ in STAYS or f'"{model._meta.db_table}"' in query, model.__name__
