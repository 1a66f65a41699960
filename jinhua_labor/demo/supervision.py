"""Daily supervision in the demo: the first station in the middle of a believable year, the second about to move."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from jinhua_labor.accounts.models import Organisation
from stations.oversight.enums import (
    UNIT_PAPERS,
    ActivityKind,
    ActivityMode,
    ActivityPaperSlot,
    ActivityRole,
    ChangeKind,
    ChangePaperSlot,
    VisitKind,
    VisitSide,
)
from stations.oversight.services import activities, changes, handing_over, visits
from stations.registry.models import Station

from . import accounts
from .cases import person
from .days import at
from .papers import paper

if TYPE_CHECKING:
    from .story import Story

CLERK, SCREENER = "shouli", "chushen"
NEAREST = 3
"""Days from the day of seeding to the visit that is planned."""


def tell(story: Story) -> None:
    """Changes in time and late, visits with problems in every state, activities, and a station that is to move."""
    first, second = story.plaque_station, Station.objects.get(operator=person("bing").organisation)
    _long_ago(first)
    _visits(story, first)
    _late_change(story, first)
    _activities(story, first)
    _moving(story, second)


def _change(station: Station, username: str, kind: ChangeKind, new: dict[str, str], on: dt.date, why: str) -> uuid.UUID:
    form = {ChangePaperSlot.FORM: [paper("变更报备表（盖章）", f"{station.name}变更{kind.label}。")]}
    content = changes.Content(new=new, reason=why, effective_on=on, papers=form)
    return changes.report(station_id=station.pk, kind=kind, content=content, by=person(username), key=uuid.uuid4()).pk


def _handed_over(change: uuid.UUID, username: str, on: dt.date, old: str, new: str) -> None:
    handing_over.hand_over(
        change_id=change,
        on=on,
        signed_from=old,
        signed_to=new,
        items="纸质台账3册、名册、劳动合同目录、未办结事项清单。",
        paper=paper("工作交接清单（双方签字）"),
        by=person(username),
    )


def _long_ago(station: Station) -> None:
    """2022: a new 专人, reported the day before, handed over within the promised days."""
    new = {"name": "测试辛", "phone": "0579-82190008"}
    with at(dt.date(2022, 5, 9)):
        change = _change(station, "jia", ChangeKind.LIAISON, new, dt.date(2022, 5, 10), "原专人调往总部工作。")
    with at(dt.date(2022, 5, 10), 10):
        changes.file(change_id=change, answer="事先报备，同意备案。", by=person(CLERK))
    with at(dt.date(2022, 5, 16), 15):
        _handed_over(change, "jia", dt.date(2022, 5, 13), "测试庚", "测试辛")


def _late_change(story: Story, station: Station) -> None:
    """This year: the head of the unit changed, reported two days late; the handover list is still to come."""
    effective = story.day(12)
    with at(story.day(10), 11):
        new = {"name": "测试壬", "phone": "0579-82190009"}
        change = _change(station, "jia", ChangeKind.HEAD, new, effective, "机构负责人退休。")
    with at(story.day(9), 9):
        changes.file(change_id=change, answer="不是事先报备，已告知下不为例。", by=person(SCREENER))
    with at(story.day(1), 14):
        new = {"address": "浙江省金华市金东区示例街道样例路1号5楼"}
        ahead = story.base + dt.timedelta(days=15)
        _change(station, "jia", ChangeKind.ADDRESS, new, ahead, "租赁到期，搬至同楼5楼。")


def _seen(on: dt.date, lead: str, **more: object) -> visits.Seen:
    values: dict[str, object] = {
        "visited_on": on,
        "lead": person(lead),
        "second": None,
        "others": "",
        "side": VisitSide.DISTRICT,
        "place": "浙江省金华市金东区示例街道样例路1号3楼",
        "account": "办公场所正常开放，专人在岗。",
        "advice": "",
        "signed_by_station": "测试辛",
        "checks": {},
        "problems": [],
    }
    return visits.Seen(**{**values, **more})  # type: ignore[arg-type]


def _visits(story: Story, station: Station) -> None:
    """A routine visit with two problems, one settled and one overdue; an inspection by two; a visit to come."""
    contract, ledger = "两名务工人员没有劳动合同扫描件。", "样例电子缺安全生产制度。"
    day = story.day(60)
    with at(day, 15):
        seen = _seen(
            day,
            CLERK,
            account="查看办公场所、台账3册，抽查劳动合同20份；与专人座谈，今年以来输送进度正常。",
            advice="尽快补齐台账，做好入职满6个月人员的留用统计。",
            checks={
                **dict.fromkeys(("A1", "A2", "A3"), ("GOOD", "")),
                "B2": ("PROBLEM", contract),
                "B3": ("PROBLEM", ledger),
            },
            problems=[("B2", contract, story.day(40)), ("B3", ledger, story.day(20))],
            photos=[paper("台账柜", kind="JPEG"), paper("办公区", kind="JPEG")],
        )
        visit = visits.record_adhoc(
            station_id=station.pk, kind=VisitKind.ROUTINE, seen=seen, by=person(CLERK), key=uuid.uuid4()
        )
    settled = visit.findings.get(line="B2")
    with at(story.day(45), 10):
        proof = [paper("补签的劳动合同")]
        visits.rectify(
            finding_id=settled.pk, text="两份合同已补签并扫描。", done_on=story.day(46), papers=proof, by=person("yi")
        )
    with at(story.day(43), 16):
        visits.recheck(finding_id=settled.pk, passed=True, note="合同齐全。", due_on=None, by=person(SCREENER))
    day, lacking = story.day(15), "对接活动签到表没有归入台账。"
    with at(day, 10):
        seen = _seen(
            day,
            SCREENER,
            second=person("zhongxin"),
            account="监督检查：核对名册与参保，查阅对接活动资料。",
            checks={"A2": ("GOOD", ""), "C3": ("PROBLEM", lacking)},
            problems=[("C3", lacking, story.base + dt.timedelta(days=20))],
        )
        inspection = visits.record_adhoc(
            station_id=station.pk, kind=VisitKind.SUPERVISION, seen=seen, by=person(SCREENER), key=uuid.uuid4()
        )
    with at(story.day(2), 9):
        visits.rectify(
            finding_id=inspection.findings.get().pk,
            text="签到表已补归台账第3册。",
            done_on=story.day(3),
            papers=[paper("台账第3册签到表", kind="JPEG")],
            by=person("jia"),
        )
    with at(story.day(1), 16):
        visits.plan(
            station_id=station.pk,
            kind=VisitKind.SPECIAL,
            planned_on=story.base + dt.timedelta(days=NEAREST),
            lead=person(CLERK),
            second=person(SCREENER),
            purpose="核对台账整改情况。",
            by=person("zhongxin"),
            key=uuid.uuid4(),
        )


def _activities(story: Story, station: Station) -> None:
    """A fair entered twice by two colleagues, one online, one waiting, one returned for its sign-in sheet."""
    spring = {"name": "示例县春季专场招聘会", "place": "示例县人民广场", "kind": ActivityKind.FAIR}
    photo, signed = ActivityPaperSlot.PHOTO, ActivityPaperSlot.SIGN_IN
    for username, name, back in (("yi", spring["name"], 50), ("jia", "示例县“春季”专场招聘会", 48)):
        _event(story, station, username, back, 52, {**spring, "name": name}, (photo, signed), confirm=True)
    online = {"name": "直播带岗：金东机械专场", "place": "示例县人社直播间", "kind": ActivityKind.ONLINE}
    _event(story, station, "yi", 30, 31, {**online, "mode": ActivityMode.ONLINE}, (photo,), confirm=True)
    school = {"name": "示例县职业技术学校校企合作洽谈", "place": "示例县职业技术学校", "kind": ActivityKind.SCHOOL}
    _event(story, station, "jia", 2, 6, school, (photo, signed))
    trip = {"name": "金东企业赴示例县考察对接", "place": "示例县", "kind": ActivityKind.EXCHANGE}
    returned = _event(story, station, "yi", 8, 11, trip, (photo,))
    with at(story.day(6), 10):
        activities.send_back(activity_id=returned, answer="缺签到表，请补传。", by=person(SCREENER))


def _event(
    story: Story, station: Station, username: str, back: int, held: int, words: dict[str, str], papers: tuple[str, ...],
    *, confirm: bool = False,
) -> uuid.UUID:  # fmt: skip
    kinds = {ActivityPaperSlot.PHOTO: "JPEG", ActivityPaperSlot.SIGN_IN: "PDF"}
    with at(story.day(back), 14):
        entry = activities.Entry(
            **{"mode": ActivityMode.ONSITE, **words},  # type: ignore[arg-type]
            held_on=story.day(held),
            role=ActivityRole.HOST,
            employers_no=12,
            jobs_no=180,
            seekers_no=260,
            intents_no=45,
            summary="金东12家企业参加，当场达成意向45人。",
            papers={slot: [paper(ActivityPaperSlot(slot).label, words["name"], kind=kinds[slot])] for slot in papers},  # type: ignore[index]
        )
        row = activities.enter(station_id=station.pk, entry=entry, by=person(username), key=uuid.uuid4())
    if confirm:
        with at(story.day(back - 1), 11):
            activities.confirm(activity_id=row.pk, answer="资料齐全，予以确认。", by=person(SCREENER))
    return row.pk


def _moving(story: Story, station: Station) -> None:
    """The second station is to be taken over by the first unit; its consent is still awaited."""
    unit = Organisation.objects.get(credit_code=accounts.JIA)
    with at(story.day(4), 10):
        content = changes.Content(
            new={"liaison": "测试癸", "liaison_phone": "0579-82190010"},
            reason="本单位业务调整，经协商由示例人力资源有限公司承接该工作站。",
            effective_on=story.base + dt.timedelta(days=30),
            new_operator=unit,
            agreement_from=story.day(8),
            agreement_to=story.term_to,
            papers={slot: [paper(slot.label, station.name)] for slot in (ChangePaperSlot.FORM, *UNIT_PAPERS)},
        )
        changes.report(
            station_id=station.pk, kind=ChangeKind.OPERATOR, content=content, by=person("bing"), key=uuid.uuid4()
        )
