"""Two complaints about the station that has its plaque: one verified in part and answered, one just passed on."""

from __future__ import annotations

import datetime as dt
import uuid

from stations.oversight.enums import ComplainantKind, ComplaintChannel, RightsOf, Verdict
from stations.oversight.services import complaints as services
from stations.oversight.services.complaints import Heard
from stations.registry.models import Station

from .cases import person
from .days import ago, at

CLERK, SCREENER, UNIT = "shouli", "chushen", "jia"


def tell(*, base: dt.date) -> None:
    """Received, told, explained, verified, answered; the second waits for the station's explanation."""
    unit = person(UNIT)
    station = Station.objects.filter(operator=unit.organisation).order_by("established_on")[0]
    _verified(station, base)
    _open(station, base)


def _verified(station: Station, base: dt.date) -> None:
    clerk, screener = person(CLERK), person(SCREENER)
    with at(ago(18, base=base), 10):
        row = services.register(
            heard=Heard(
                from_kind=ComplainantKind.WORKER,
                name="测试投诉人",
                phone="0579-00000000",
                content="介绍时说包住宿、免押金，到厂后被收取住宿押金300元。",
                demand="退还押金",
                against_rights=RightsOf.WORKER,
                station=station,
            ),
            channel=ComplaintChannel.HOTLINE,
            received_on=ago(18, base=base),
            key=uuid.uuid4(),
            by=clerk,
        ).complaint
    with at(ago(16, base=base), 11):
        services.tell(
            complaint_id=row.pk,
            told_on=ago(16, base=base),
            told_how="电话告知已受理，由本中心向工作站和企业核实。",
            station=station,
            shown="有务工人员反映介绍时承诺免押金，到厂后被收取住宿押金。",
            by=clerk,
        )
    with at(ago(14, base=base), 15):
        services.explain(
            complaint_id=row.pk,
            text="招聘告知单写明免押金；押金由宿舍管理方收取，我站没有跟进提醒，已协调退还。",
            by=person(UNIT),
        )
    with at(ago(9, base=base), 16):
        services.verify(
            complaint_id=row.pk,
            verdict=Verdict.PARTLY,
            verified_on=ago(9, base=base),
            finding="押金由宿舍管理方收取，工作站没有核对用工条件即作承诺，部分属实。押金已全部退还。",
            against_rights=RightsOf.WORKER,
            severe=False,
            by=screener,
        )
    with at(ago(7, base=base), 10):
        services.close(
            complaint_id=row.pk,
            closed_on=ago(7, base=base),
            reply="经核实，您反映的情况部分属实，押金已退还；已要求工作站输送前逐项核对食宿条件。",
            by=clerk,
        )


def _open(station: Station, base: dt.date) -> None:
    with at(ago(4, base=base), 20):
        row = services.complain(
            heard=Heard(
                from_kind=ComplainantKind.EMPLOYER,
                name="",
                phone="",
                content="约定五日内输送8人，只到岗5人，没有提前说明，影响排班。",
                demand="按约定补齐人员",
                against_rights="",
                station=station,
            ),
            key=uuid.uuid4(),
        ).complaint
    with at(ago(2, base=base), 14):
        services.tell(
            complaint_id=row.pk,
            told_on=ago(2, base=base),
            told_how="匿名，没有联系方式，无法直接告知；办理情况可凭查询码查看。",
            station=station,
            shown="有企业反映没有按约定人数和时间输送，也没有提前说明。",
            by=person(CLERK),
        )
