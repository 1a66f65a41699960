"""One application of the demo and the steps people take with it; every step goes through the portal's own services."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import now
from jinhua_labor.core.dates import month_of
from jinhua_labor.policy.periods import add_months
from jinhua_labor.review.states import Recommendation
from jinhua_labor.rulebook import policy_on
from stations.applications.enums import Condition, CreditCheck, Side, Slot, TargetKind, Verdict
from stations.applications.fields import site_target
from stations.applications.models import Application, Defect
from stations.applications.queries.conditions import PARTS
from stations.applications.services import counter, decision, defects, draft, materials, screening, submission
from stations.applications.services.draft import Change
from stations.applications.services.receipts import issue_receipt
from stations.registry.enums import PartnerKind
from stations.roster.enums import Decision, EmploymentForm, ReasonCode
from stations.roster.models import Delivery, ImportBatch
from stations.roster.services import adjudicating, checking, committing, insurance, matching, reading
from stations.roster.services.recount import recount_list

from . import workbooks
from .papers import paper
from .people import UNITS, Worker

SLOTS: Final = {
    Slot.M1: "营业执照", Slot.M2: "人力资源服务许可证", Slot.M3: "设立申请表（签字盖章件）", Slot.M4A: "单位简介",
    Slot.M4B: "劳务协作协议", Slot.M4C: "务工人员管理办法", Slot.M7: "法定代表人身份证",
    Slot.PLAN: "年度省外劳动力工作计划",
}  # fmt: skip
TEXTS: Final = {
    Slot.M1: "统一社会信用代码 {code}。类型：有限责任公司。经营范围：人力资源服务。登记机关：示例区市场监督管理局。",
    Slot.M2: "许可文号见申请表。服务范围：职业中介、劳务协作。发证机关：示例区人力资源和社会保障局。有效期：长期。",
    Slot.M3: "申请机构承诺：本单位保证本表所填信息和提供的所有材料真实、有效、合法。（签字、盖章处）",
    Slot.M4A: "本单位成立于2015年，专职人员12人，从事职业中介和劳务协作，服务金东区企业40余家。",
    Slot.M4B: "甲方：{partner}。乙方：{unit}。双方建立岗位信息互通，定期组织招聘，协助办理社会保险，跟踪服务六个月。",
    Slot.M4C: "一、招募与登记；二、岗前培训；三、跟踪服务与回访；四、权益维护与投诉处理；五、个人信息保护。",
    Slot.M7: "姓名：（虚构）。本件仅用于演示，不含真实证件信息。",
    Slot.PLAN: "年度目标：输送300人。来源：{area}。对接企业：示例机械、样例电子、演示纺织。保障：专人驻点、包车接送。",
}
COPIES: Final = {1: 2, 2: 2, 3: 2, 4: 2, 5: 1, 6: 1, 7: 2}


@dataclass(frozen=True, slots=True)
class Area:
    """Where a case looks for workers, and who is the other party there."""

    province: str
    city: str
    county: str
    partner: str

    @property
    def text(self) -> str:
        return f"{self.city}{self.county}"


def person(username: str) -> User:
    return User.objects.select_related("organisation").get(username=username)


@dataclass
class Case:
    """An application under way; `user` stands on the applicant's side: the operator's person or a counter clerk."""

    user: User
    area: Area
    pk: uuid.UUID
    workers: list[Worker] = field(default_factory=list)

    # --- before it is handed in ---------------------------------------------------------------------------------------

    @classmethod
    def begin(cls, username: str, area: Area, *, counter_for: str = "", carried: Sequence[Worker] = ()) -> Case:
        """A new draft: online by the operator's person, or at the counter for the operator of that credit code.

        `carried` are the people of an ended file of the operator, whom a new draft takes over.
        """
        user = person(username)
        if counter_for:
            operator = counter.operator_of(counter_for)
            assert operator is not None
            application, _ = counter.open_for(operator=operator, by=user)
        else:
            assert user.organisation is not None
            application, _ = draft.start(operator=user.organisation, by=user)
        assert application.roster_list.deliveries.count() == len(carried)
        return cls(user, area, application.pk, [*carried])

    @property
    def application(self) -> Application:
        """The row as it stands."""
        return Application.objects.select_related("review", "operator", "roster_list").get(pk=self.pk)

    @property
    def version(self) -> int:
        return self.application.review.version

    def fill(self, *, legal_rep: str, head: str, term_to: dt.date, **other: Any) -> None:
        """附件1 and what stands beside it, field by field as the page saves it."""
        application, area = self.application, self.area
        signed = now().date() - dt.timedelta(days=60)
        values: dict[str, Any] = {
            "area_province": area.province,
            "area_city": area.city,
            "area_county": area.county,
            "head": head,
            "head_phone": "13000000001",
            "partner_name": area.partner,
            "partner_head": "示例辛",
            "partner_phone": "13000000002",
            "station_address": "浙江省金华市金东区示例街道样例路1号3楼",
            "term_to": term_to,
            "profile": (
                f"本单位在金东区从事人力资源服务，与{area.text}长期开展劳务协作，设有两地工作地点和专人，"
                "组织务工人员到金东区企业就业，提供岗位对接、交通组织、岗前培训和权益维护等服务。（演示内容，虚构）"
            ),
            "legal_rep": legal_rep,
            "licence_issuer": "示例区人力资源和社会保障局",
            "licence_from": dt.date(2021, 1, 5),
            "partner_kind": PartnerKind.PUBLIC_SERVICE,
            "agreement_signed_on": signed,
            "agreement_from": signed,
            "agreement_to": term_to,
            "agreement_measures": "建立岗位信息互通机制，定期组织招聘，协助办理社会保险，跟踪服务六个月。",
            "liaison_name": "测试庚",
            "liaison_phone": "13000000003",
            **other,
        }
        for site in application.sites.all():
            where = {"address": "示例街道样例路1号3楼"}
            if site.side == Side.AREA:
                where = {"province": area.province, "city": area.city, "county": area.county, "address": "样例街2号"}
            own = {
                **where,
                "tenure": "LEASED",
                "lease_from": signed,
                "lease_to": term_to,
                "facilities": ["办公桌椅", "电脑", "电话", "网络"],
            }
            values |= {site_target(site.pk, name): value for name, value in own.items()}
        self.save(**values)

    def save(self, **values: Any) -> None:
        """Saves fields against what stands there now."""
        application = self.application
        sites = {str(site.pk): site for site in application.sites.all()}
        changes = {}
        for name, value in values.items():
            row: Any = application
            attribute = name
            if name.startswith("site:"):
                _, site, attribute = name.split(":")
                row = sites[site]
            changes[name] = Change(previous=getattr(row, attribute), value=value)
        saved = draft.save_fields(application_id=self.pk, changes=changes, by=self.user)
        assert not saved.conflicts, saved.conflicts
        assert not saved.refused, saved.refused

    def papers(self) -> None:
        """A paper in each slot, photographs and a lease for each site."""
        unit = self.application.operator
        for slot, title in SLOTS.items():
            words = TEXTS[slot].format(
                unit=unit.name, code=unit.credit_code, partner=self.area.partner, area=self.area.text
            )
            self.put(slot, title, text=f"{unit.name}。{words}")
        for site in self.application.sites.all():
            where = Side(site.side).label
            self.put(Slot.M6, f"{where}办公场所", site_id=site.pk, kind="JPEG")
            self.put(Slot.LEASE, f"{where}场所租赁合同", site_id=site.pk)

    def put(
        self, slot: Slot, title: str, *, site_id: uuid.UUID | None = None, kind: str = "PDF", text: str = ""
    ) -> None:
        """One file into a slot; a file there before is replaced."""
        application = self.application
        before = application.materials.filter(slot=slot, site=site_id, superseded_at__isnull=True).first()
        (outcome,) = materials.add_files(
            application_id=self.pk,
            slot=slot,
            uploads=[paper(title, text or application.operator.name, kind=kind)],
            by=self.user,
            site_id=site_id,
            replaces=before.pk if before else None,
        )
        assert outcome.material, outcome.error

    def upload(self, workers: Sequence[Worker], *, more: Sequence[Sequence[object]] = ()) -> ImportBatch:
        """附件2 uploaded and read, its employers matched; what it holds is staged."""
        application = self.application
        file = workbooks.roster(
            workers, unit=application.operator.name, filler="测试庚", day=now().date(), more=more
        )  # fmt: skip
        batch = reading.upload(roster_list=application.roster_list, file=file, by=self.user)
        batch = reading.read(batch_id=batch.pk)
        assert batch.state == "CHECKING", (batch.state, batch.problem)
        for name in dict.fromkeys(worker.employer.name for worker in workers):
            unit = UNITS[name]
            matching.match(
                batch=batch,
                text=name,
                name=name,
                credit_code=unit.credit_code,
                in_district=unit.in_district,
                by=self.user,
            )
        return batch

    def deliver(self, workers: Sequence[Worker]) -> None:
        """A roster uploaded, checked and committed: people known before are delivered again."""
        batch = self.upload(workers)
        checking.decide(batch=batch, decision=Decision.AGAIN, by=self.user)
        done = committing.commit(batch=batch, by=self.user, default_form=EmploymentForm.DIRECT, consented=True)
        assert done.added == len(workers), (done, len(workers))
        # The database's own clock does not move with ours.
        Delivery.objects.filter(batch=batch).update(created_at=now())
        self.workers = [*self.workers, *workers]
        recount_list(roster_list=self.application.roster_list, by=self.user)

    # --- handing in ---------------------------------------------------------------------------------------------------

    def submit(self) -> None:
        """Handed in by the applicant's side; the receipt is drawn at once, at the moment of the step."""
        application = self.application
        event = submission.submit(
            application_id=self.pk,
            by=self.user,
            version=application.review.version,
            key=uuid.uuid4(),
            signer=application.legal_rep,
            pledged=True,
        )
        issue_receipt(event_id=event.pk)

    def pledge(self, username: str) -> None:
        """The unit confirms what the counter entered."""
        submission.pledge(application_id=self.pk, signer=self.application.legal_rep, by=person(username))

    def receive_paper(self) -> None:
        counter.receive_paper(application_id=self.pk, copies=COPIES, by=self.user)

    def withdraw(self, reason: str) -> None:
        submission.withdraw(application_id=self.pk, by=self.user, reason=reason, version=self.version, key=uuid.uuid4())

    # --- the centre ---------------------------------------------------------------------------------------------------

    def judge(self, clerk: str, *, unmet: Condition | None = None, reason: str = "") -> None:
        """Credit looked up, sites seen, every condition judged; `unmet` is the one that is 不符合."""
        by = person(clerk)
        screening.record_credit(application_id=self.pk, result=CreditCheck.NONE, note="", by=by)
        for site in self.application.sites.all():
            note = "实地查看，与所填一致" if site.side == Side.DISTRICT else "照片和视频核查，与所填一致"
            screening.check_site(application_id=self.pk, site_id=site.pk, note=note, by=by)
        for condition in Condition:
            for part, _ in PARTS.get(condition, (("", ""),)):
                refused = condition == unmet
                screening.judge(
                    application_id=self.pk,
                    condition=condition,
                    part=part,
                    verdict=Verdict.UNMET if refused else Verdict.MET,
                    reason=reason if refused else "",
                    by=by,
                )

    def screen(self, clerk: str, opinion: str, *, agree: bool = True) -> None:
        screening.screen(
            application_id=self.pk,
            recommendation=Recommendation.AGREE if agree else Recommendation.DISAGREE,
            opinion=opinion,
            by=person(clerk),
            version=self.version,
            key=uuid.uuid4(),
        )

    def return_with(self, clerk: str, marks: Sequence[tuple[TargetKind, str, str]]) -> list[Defect]:
        """退回补正 with these marks (kind, place, words)."""
        by = person(clerk)
        for kind, target, text in marks:
            defects.mark(application_id=self.pk, kind=kind, target=target, text=text, by=by)
        notice = defects.return_for_supplement(application_id=self.pk, by=by, version=self.version, key=uuid.uuid4())
        return list(notice.defects.all())

    def look_up(self, clerk: str) -> None:
        """The extract of 社保经办机构 for the whole list, imported; it covers all months from the first entry on."""
        by, today = person(clerk), now().date()
        last = add_months(today.replace(day=1), -1)
        first = min(worker.entry_on for worker in self.workers)
        known = [
            replace(one, months=tuple(month for month in one.months if month.paid_on <= today)) for one in self.workers
        ]
        kept = insurance.keep(file=workbooks.insurance(known), by=by)
        asked = insurance.Asked(month_of(first), month_of(last), "市社会保险信息系统导出")
        insurance.bring_in(roster_list=self.application.roster_list, file=kept, asked=asked, by=by)

    def settle(self, clerk: str, worker: Worker, code: ReasonCode, reason: str) -> None:
        """认定 in favour of one worker."""
        row = self.application.roster_list.deliveries.get(name=worker.name, person__last4=worker.id_number[-4:])
        adjudicating.adjudicate(delivery=row, code=code, accepted=True, reason=reason, by=person(clerk))

    # --- the bureau ---------------------------------------------------------------------------------------------------

    def approve(self, official: str, opinion: str) -> None:
        decision.approve(
            application_id=self.pk, opinion=opinion, by=person(official), version=self.version, key=uuid.uuid4()
        )

    def reject(self, official: str, *, clause: str, reason: str) -> None:
        decision.reject(
            application_id=self.pk,
            clause=clause,
            reason=reason,
            remedy=policy_on(now().date()).policy.settings.remedy_text,
            by=person(official),
            version=self.version,
            key=uuid.uuid4(),
        )
