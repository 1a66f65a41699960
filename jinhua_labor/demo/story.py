"""What happened in the demo, in the order in which it happened: one application in every state, two operators."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from jinhua_labor.accounts.models import User
from jinhua_labor.mailbox.services import mark_all_read
from jinhua_labor.notices import services as notices
from jinhua_labor.notices.models import Notice, NoticeKind, NoticeState
from stations.applications.enums import Condition, Slot, TargetKind
from stations.applications.services import establishment, lapse
from stations.registry.services.stations import record_plaque
from stations.roster.enums import ReasonCode

from . import (
    accounts,
    assessed,
    assessment,
    association,
    complaints,
    keeping,
    renewal,
    retention,
    revoking,
    station_file,
    station_year,
    subsidies,
    supervision,
    surveys,
)
from .cases import Area, Case, person
from .days import ago, at
from .papers import paper
from .people import EMPLOYERS, Population, Worker, id_number, months, oddities

GUIZHOU = Area("52", "示例州", "示例县", "示例县公共就业服务中心")
YUNNAN = Area("53", "示例州", "样例县", "样例县公共就业服务局")
HENAN = Area("41", "示例市", "示例县", "示例县人力资源开发中心")
SICHUAN = Area("51", "示例市", "样例县", "样例县就业创业促进中心")
JIANGXI = Area("36", "示例市", "示例县", "示例县就业创业服务中心")
CHONGQING = Area("50", "示例区", "", "示例区就业服务管理局")
GUANGXI = Area("45", "示例市", "样例县", "样例县公共就业服务中心")
SHAANXI = Area("61", "示例市", "样例区", "样例区劳务交流中心")

CLERK, SCREENER, OFFICIAL, HEAD = "shouli", "chushen", "shenhe", "juzhang"
AGREED = "五项条件均符合，同意上报。"
TERM_LEFT = 40
"""Days of its term the first station has left: its renewal is under review."""
LAST_ENTRY = 100
"""Days between the last entry and the submission of an open matter: enough insured months fit in."""


class Story:
    """Tells everything; `base` is the day of seeding."""

    def __init__(self, base: dt.date) -> None:
        self.base = base
        self.people = Population()
        self.term_to = dt.date(base.year + 1, 12, 31)
        self.first_station: list[Worker] = []  # delivered by the operator that has the plaque

    def tell(self) -> None:
        """All of it. The order is that of the dates, so that the journal reads naturally."""
        accounts.offices(since=dt.date(2021, 3, 24))
        accounts.operators(base=self.base)
        pair = assessed.tell_past(self)
        subsidies.tell_past(self, pair)
        self.established_long_ago()
        retention.first_year(self)
        lapsed = self.lapsed()
        rejected = self.rejected()
        self.withdrawn(rejected)
        keeping.registers(self)
        station_file.tell(self.plaque_station, day=self.base)
        self.established_lately(rejected)
        approved = self.handed_in("jia", YUNNAN, back=9, size=3, carried=lapsed)
        returned = self.handed_in("yi", JIANGXI, back=8, size=52)
        screened = self.handed_in("ding", CHONGQING, back=6, size=54)
        self.screened(approved, back=6)
        self.returned(returned)
        self.approved(approved)
        counter = self.at_the_counter()
        shown = self.submitted()
        self.screened(screened, back=2)
        self.submitted_at_the_counter(counter, shown)
        revoking.tell(self)
        keeping.publish(self)
        station_year.tell(self.people, base=self.base)
        supervision.tell(self)
        complaints.tell(base=self.base)
        association.tell(self)
        renewal.tell(self)
        accounts.latecomer(base=self.base)
        self.draft()
        retention.lately(self)
        assessed.tell_lately(self, pair)
        assessment.tell(self)
        surveys.lately(self)
        subsidies.tell_lately(self, pair)

    def day(self, back: int) -> dt.date:
        return ago(back, base=self.base)

    # --- closed histories, fixed dates --------------------------------------------------------------------------------

    def established_long_ago(self) -> None:
        """Handed in, reviewed, established in 2021; the plaque hangs, the notice is out."""
        with at(dt.date(2021, 6, 8)):
            case = Case.begin("jia", GUIZHOU)
            crowd = [*self._crowd(GUIZHOU, 52, dt.date(2021, 1, 11)), *self._few_odd()]
            self._complete(case, "测试甲", crowd, term_to=self.base + dt.timedelta(days=TERM_LEFT))
        with at(dt.date(2021, 6, 15)):
            case.submit()
        self._review(case, dt.date(2021, 6, 17), dt.date(2021, 6, 18), dt.date(2021, 6, 22))
        self._issue(case, dt.date(2021, 6, 25), serial=99)
        station = case.application.station
        assert station is not None
        with at(dt.date(2021, 6, 28)):
            self._release_latest()
        with at(dt.date(2021, 7, 8)):
            photo = paper("铭牌照片", station.name, kind="JPEG")
            record_plaque(
                station_id=station.pk, plaque_no="JD-001", plaque_on=dt.date(2021, 7, 8), photo=photo, by=person(CLERK)
            )
        self.first_station = case.workers
        self.plaque_station = station

    def lapsed(self) -> list[Worker]:
        """Returned in 2022 and never answered; its workers."""
        with at(dt.date(2022, 3, 4)):
            case = Case.begin("yi", YUNNAN)
            self._complete(case, "测试甲", self._crowd(YUNNAN, 50, dt.date(2021, 9, 6)))
        with at(dt.date(2022, 3, 7)):
            case.submit()
        with at(dt.date(2022, 3, 10)):
            case.return_with(
                SCREENER,
                [
                    (TargetKind.MATERIAL, Slot.M4B, "协议没有双方盖章，请补正后重新上传。"),
                    (TargetKind.FIELD, "agreement_measures", "请写明两地各自承担的措施。"),
                ],
            )
        due = case.application.supplement_notices.get().due_on + dt.timedelta(days=1)
        with at(due, 1):
            lapse.lapse_overdue(day=due)
        return case.workers

    def rejected(self) -> list[Worker]:
        """Refused in 2022: the site in the area of origin was not there; its workers."""
        with at(dt.date(2022, 9, 2)):
            case = Case.begin("bing", HENAN)
            self._complete(case, "测试丙", self._crowd(HENAN, 50, dt.date(2022, 3, 14)))
        with at(dt.date(2022, 9, 5)):
            case.submit()
        self._look_up(case, dt.date(2022, 9, 7))
        reason = "经视频核查，劳务输出地区所填地址没有实际工作地点。"
        with at(dt.date(2022, 9, 8)):
            case.judge(SCREENER, unmet=Condition.C2, reason=reason)
            case.screen(SCREENER, f"不符合实体化运作条件：{reason}建议不予设立。", agree=False)
        with at(dt.date(2022, 9, 13)):
            case.reject(HEAD, clause="第三条（二）", reason=f"{reason}不符合第三条（二）。")
        return case.workers

    def withdrawn(self, carried: list[Worker]) -> None:
        """Handed in again and taken back in 2023; the people of the refused file came along by themselves."""
        with at(dt.date(2023, 5, 5)):
            case = Case.begin("ding", HENAN, carried=carried)
            self._complete(case, "测试丙", [])
        with at(dt.date(2023, 5, 8)):
            case.submit()
        with at(dt.date(2023, 5, 10)):
            case.withdraw("劳务输出地区工作地点拟另行租赁，落实后再申请。")

    # --- open matters, dated back from the day of seeding -------------------------------------------------------------

    def established_lately(self, carried: list[Worker]) -> None:
        """The third time it went well: established a month ago, plaque still to be handed over, notice not out yet."""
        case = self.handed_in("bing", HENAN, back=34, size=3, carried=carried)
        self._review(case, self.day(32), self.day(31), self.day(28))
        self._issue(case, self.day(26), serial=123)
        with at(self.day(20)):
            for user in User.objects.filter(is_active=True).select_related("organisation"):
                mark_all_read(by=user)  # what is old has been read

    def handed_in(self, username: str, area: Area, *, back: int, size: int, carried: Sequence[Worker] = ()) -> Case:
        """A complete application, handed in so many working days ago; `carried` came along from an ended file."""
        with at(self.day(back + 1), 14):
            case = Case.begin(username, area, carried=carried)
            legal_rep = "测试甲" if username in {"jia", "yi"} else "测试丙"
            self._complete(case, legal_rep, self._crowd(area, size, self._entry(back)))
        with at(self.day(back), 9):
            case.submit()
        return case

    def screened(self, case: Case, *, back: int) -> None:
        """Looked up, judged and forwarded with 同意."""
        self._look_up(case, self.day(back + 1))
        with at(self.day(back), 10):
            case.judge(SCREENER)
            case.screen(SCREENER, AGREED)

    def approved(self, case: Case) -> None:
        """Approved, waiting for its document."""
        with at(self.day(3), 14):
            case.approve(OFFICIAL, "材料齐全，条件符合，同意设立。")

    def returned(self, case: Case) -> None:
        """补正 of four places, of which the operator has mended two."""
        self._look_up(case, self.day(6))
        row = case.application.roster_list.deliveries.order_by("seq")[6]
        with at(self.day(5), 15):
            case.return_with(
                SCREENER,
                [
                    (TargetKind.FIELD, "station_address", "地址缺门牌号，请按租赁合同填写完整。"),
                    (TargetKind.MATERIAL, Slot.M2, "许可证照片反光，有效期看不清，请重新扫描。"),
                    (TargetKind.MATERIAL, Slot.M4C, "管理办法没有跟踪服务和权益维护的内容，请补充。"),
                    (TargetKind.ROW, str(row.pk), "入职时间与劳动合同不一致，请核对。"),
                ],
            )
        with at(self.day(2), 16):
            case.save(station_address="浙江省金华市金东区示例街道样例路1号3楼301室")
            case.put(Slot.M2, "人力资源服务许可证（重新扫描）")

    def submitted(self) -> Case:
        """Handed in online two days ago; its roster shows every reason not to count that a committed row can have."""
        back = 2
        with at(self.day(back + 1), 15):
            case = Case.begin("yi", GUANGXI)
            entry = self._entry(back)
            again = self.first_station[3]
            fresh = self.day(back) - dt.timedelta(days=12)
            proved = replace(self.people.worker("51", entry), hukou="广西壮族自治区示例市样例县")  # E04, settled
            case.fill(legal_rep="测试甲", head="测试乙", term_to=self.term_to)
            case.papers()
            case.deliver(
                [
                    *self._crowd(GUANGXI, 53, entry),
                    *oddities(self.people, GUANGXI.province, entry - dt.timedelta(days=30)),
                    proved,
                    replace(again, entry_on=entry, months=months(entry, 4, again.employer)),  # E13
                    self.people.worker(GUANGXI.province, fresh, insured=0),  # E10
                    self.people.worker(GUANGXI.province, fresh, insured=0),
                ]
            )
        with at(self.day(back), 10):
            case.submit()
        self._look_up(case, self.day(1))
        with at(self.day(1), 15):
            case.settle(SCREENER, proved, ReasonCode.E04, "已核对户口簿首页和本人页，户籍在广西。")
        return case

    def at_the_counter(self) -> Case:
        """A clerk begins to enter a file for an operator that came with its papers."""
        with at(self.day(3), 9):
            case = Case.begin(CLERK, SICHUAN, counter_for=accounts.BING)
            case.fill(legal_rep="测试丙", head="测试丁", term_to=self.term_to)
            case.papers()
        return case

    def submitted_at_the_counter(self, case: Case, shown: Case) -> None:
        """The roster, paper copies, the unit's promise, handed in; nothing is looked up yet."""
        with at(self.day(1), 9):
            claimed = shown.workers[5]  # E14: the other operator named him first
            case.deliver([*self._crowd(SICHUAN, 51, self._entry(1)), claimed])
            case.receive_paper()
        with at(self.day(1), 11):
            case.pledge("bing")
        with at(self.day(1), 14):
            case.submit()

    def draft(self) -> None:
        """Begun yesterday: part of the form, some rows, and a file under 核对 with what goes wrong in rosters."""
        with at(self.day(1), 16, 20):
            case = Case.begin("jia", SHAANXI)
            case.save(area_province=SHAANXI.province, area_city=SHAANXI.city, area_county=SHAANXI.county)
            case.put(Slot.PLAN, "年度省外劳动力工作计划")
            last = self._entry(1)
            case.deliver(self._crowd(SHAANXI, 22, last))
            case.upload([*self._crowd(SHAANXI, 16, last), *islice(case.workers, 2)], more=self._wrong_rows())

    # --- what they have in common -------------------------------------------------------------------------------------

    def _entry(self, back: int) -> dt.date:
        return self.day(back) - dt.timedelta(days=LAST_ENTRY)

    def _crowd(self, area: Area, size: int, last: dt.date) -> list[Worker]:
        return list(self.people.crowd(area.province, size, last=last))

    def _few_odd(self) -> list[Worker]:
        home, _, _, dispatched, *_ = oddities(self.people, GUIZHOU.province, dt.date(2021, 1, 18))
        return [home, dispatched]

    def _wrong_rows(self) -> list[tuple[object, ...]]:
        """Rows that cannot be taken in: numbers shortened, rounded or mistyped, a child, an entry to come."""
        unit, ok = EMPLOYERS[0].name, id_number("61", dt.date(1991, 7, 8), 301)
        home = "陕西省示例市样例区"
        ahead = self.base + dt.timedelta(days=30)
        child = id_number("61", dt.date(self.base.year - 15, 2, 3), 303)
        return [
            ("测试甲一", ok[:-1] + ("0" if ok[-1] != "0" else "1"), home, unit, "2026-03-10"),  # E01
            ("测试甲二", 6.19999199203e17, home, unit, "2026-03-10"),
            ("测试甲三", "619999850307301", home, unit, "2026-03-10"),
            ("测试甲四", child, home, unit, self.base - dt.timedelta(days=40)),
            ("测试甲五", id_number("61", dt.date(1989, 1, 2), 305), home, unit, ahead),
            ("", id_number("61", dt.date(1988, 1, 2), 307), home, unit, self.base - dt.timedelta(days=90)),
            ("测试甲七", id_number("61", dt.date(1987, 1, 2), 309), home, unit, "上个月"),
            ("测试甲八", id_number("61", dt.date(1986, 1, 2), 311), "", unit, self.base - dt.timedelta(days=90)),
            ("测试甲九", id_number("61", dt.date(1985, 1, 2), 313), home, "尚未对应的企业", self._entry(0)),
        ]

    def _complete(self, case: Case, legal_rep: str, workers: list[Worker], *, term_to: dt.date | None = None) -> None:
        case.fill(legal_rep=legal_rep, head="测试庚", term_to=term_to or self.term_to)
        case.papers()
        if workers:
            case.deliver(workers)

    def _look_up(self, case: Case, day: dt.date) -> None:
        with at(day, 11):
            case.look_up(SCREENER)

    def _review(self, case: Case, looked_up: dt.date, screened: dt.date, approved: dt.date) -> None:
        self._look_up(case, looked_up)
        with at(screened, 10):
            case.judge(SCREENER)
            case.screen(SCREENER, AGREED)
        with at(approved, 14):
            case.approve(HEAD, "同意设立。")

    def _issue(self, case: Case, day: dt.date, *, serial: int) -> None:
        with at(day, 15):
            by = person(OFFICIAL)
            batch = establishment.create(key=uuid.uuid4(), application_ids=[case.pk], by=by)
            establishment.issue(
                batch_id=batch.pk,
                doc_no=f"金东人社〔{day.year}〕{serial}号",
                issued_on=day,
                upload=paper("设立文件盖章件", batch.title),
                publish=True,
                by=by,
            )

    def _release_latest(self) -> None:
        notice = Notice.objects.get(kind=NoticeKind.ESTABLISHMENT, state=NoticeState.READY)
        notices.release(notice_id=notice.pk, by=person(HEAD))
