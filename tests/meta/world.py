"""A small district in which everybody has something: two operators alike in every way, and the offices around them.

`own` is whose data a test looks at, `other` the stranger who has the same of everything. Marks in the texts say who may
read them: an office's remark on a page of the applicant, or a stranger's name in a list, is found by its words.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from jinhua_labor.accounts import services as accounts
from jinhua_labor.accounts.enums import OrganisationState, Role
from jinhua_labor.accounts.models import Invitation, Organisation, PasswordReset, User
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.attachments.services import release, store
from jinhua_labor.core.crypto import blind_index
from jinhua_labor.jobs.models import Job, JobState
from jinhua_labor.mailbox.models import Message
from jinhua_labor.notices.models import Notice, NoticeKind, NoticeState, Objection
from jinhua_labor.review.models import ReviewEvent
from jinhua_labor.review.states import Action, State
from stations.applications.enums import Condition, CreditCheck, Side, Slot, TargetKind, Verdict
from stations.applications.models import (
    Application,
    CountSnapshot,
    Defect,
    EstablishmentBatch,
    Material,
    Site,
    SupplementNotice,
)
from stations.registry.models import Employer, EmployerAlias, Station
from stations.roster.enums import CountStatus, StagedState
from stations.roster.models import Adjudication, Delivery, ImportBatch, InsuranceExtract, StagedRow
from tests import factories
from tests.data.people import id_number, person
from tests.data.workbooks import roster
from tests.meta import (
    rows,
    world_assessment,
    world_assignments,
    world_excellent,
    world_ledger,
    world_oversight,
    world_payments,
    world_renewal,
    world_retention,
    world_roster,
    world_rulebook,
    world_safety,
    world_subsidies,
    world_surveys,
)
from tests.stations.applications.build import FIELDS
from tests.stations.roster.build import staged

OFFICE_MARK = "内部记录勿外传"
"""Stands in every remark that only the offices may read."""
OPINION_MARK = "初审意见未公开"
"""Stands in the opinion of a file that is not decided yet."""


@dataclass
class Party:
    """An operator, its people, and one of everything an operator can have."""

    word: str
    user: User
    colleague: User
    organisation: Organisation
    files: dict[str, Application] = field(default_factory=dict)  # by state of the review
    things: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["things"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def draft(self) -> Application:
        return self.files[State.DRAFT]

    @property
    def submitted(self) -> Application:
        return self.files[State.SUBMITTED]

    @property
    def returned(self) -> Application:
        return self.files[State.RETURNED]

    @property
    def screened(self) -> Application:
        return self.files[State.SCREENED]

    @property
    def approved(self) -> Application:
        return self.files[State.APPROVED]

    @property
    def rejected(self) -> Application:
        return self.files[State.REJECTED]


@dataclass
class World:
    own: Party
    other: Party
    people: dict[str, User]
    pending: User
    notice: Notice
    draft_notice: Notice
    objection: Objection
    batch: EstablishmentBatch
    issued: EstablishmentBatch
    released: Attachment
    invitation_token: str
    reset_token: str

    def actor(self, role: str) -> User:
        return self.own.user if role == Role.OPERATOR else self.people[role]


def _photo(user: User, organisation: Organisation, name: str, **fields: Any) -> Attachment:
    options = {"audience": Audience.PARTY_AND_OFFICE, **fields}
    return store(factories.png(name=f"{name}.png"), by=user, organisation=organisation, **options)


def file_of(party: Party, state: str, clerk: User, official: User, *, by: User | None = None) -> Application:
    """A whole application of this party in this state: sites, papers, people, remarks of the office."""
    fields = {
        **FIELDS,
        "term_to": timezone.localdate() + dt.timedelta(days=700),
        "area_county": f"测试{rows.number()}县",
        "head": f"{party.word}负责人",
        "liaison_name": f"{party.word}专人",
        "partner_name": f"{party.word}合作机构",
    }
    made = rows.application(by=by or party.user, state=state, **fields)
    review = made.review
    if state not in {State.DRAFT, State.WITHDRAWN}:
        ReviewEvent.objects.create(
            review=review, action=Action.SUBMIT, from_state=State.DRAFT, to_state=State.SUBMITTED, by=party.user
        )
    if state == State.REJECTED:
        ReviewEvent.objects.create(
            review=review,
            action=Action.REJECT,
            from_state=State.SCREENED,
            to_state=State.REJECTED,
            by=official,
            comment="场所不符合条件。",
            detail={"clause": "第三条（二）", "remedy": "可依法申请行政复议。"},
        )
    if state == State.SCREENED:
        review.screen_opinion = OPINION_MARK
        review.save()
    for side in Side:
        site = Site.objects.create(
            application=made,
            side=side,
            province="33" if side == Side.DISTRICT else "52",
            address=f"{party.word}街1号",
            check_note=OFFICE_MARK,
            checked_by=clerk,
            checked_at=timezone.now(),
        )
        Material.objects.create(
            application=made,
            slot=Slot.M6,
            site=site,
            attachment=_photo(party.user, party.organisation, f"{party.word}场所"),
            added_by=party.user,
        )
    for slot in (Slot.M1, Slot.M4B, Slot.M7):
        Material.objects.create(
            application=made,
            slot=slot,
            attachment=_photo(party.user, party.organisation, f"{party.word}{slot}", secret=slot == Slot.M7),
            added_by=party.user,
        )
    _deliveries(party, made, clerk)
    if state in {State.SUBMITTED, State.SCREENED}:
        made.credit_check, made.credit_note = CreditCheck.DOUBT, OFFICE_MARK
        made.save()
        for condition, verdict in ((Condition.C1, Verdict.MET), (Condition.C2, Verdict.UNMET)):
            made.judgements.create(condition=condition, verdict=verdict, reason=OFFICE_MARK, by=clerk)
    if state == State.RETURNED:
        told = SupplementNotice.objects.create(application=made, round=1, due_on=rows.LATER, issued_by=clerk)
        site = made.sites.first()
        assert site is not None
        for kind, target, label in (
            (TargetKind.FIELD, "head", "申请机构负责人"),
            (TargetKind.FIELD, "sites", "工作地点"),
            (TargetKind.MATERIAL, Slot.M1, "申请单位营业执照"),
            (TargetKind.MATERIAL, Slot.M5, "输送劳动力清单"),
        ):
            Defect.objects.create(
                application=made,
                notice=told,
                kind=kind,
                target=target,
                label=label,
                text="请核对后补正。",
                marked_by=clerk,
            )
    if state == State.SUBMITTED:
        Defect.objects.create(
            application=made,
            kind=TargetKind.FIELD,
            target="head",
            label="申请机构负责人",
            text=f"{OFFICE_MARK}（草稿标记）",
            marked_by=clerk,
        )
    return made


def _deliveries(party: Party, made: Application, clerk: User) -> None:
    employer: Employer = party.things["employer"]
    roster = made.roster_list
    statuses = (CountStatus.COUNTED, CountStatus.PENDING, CountStatus.EXCLUDED)
    for seq, status in enumerate(statuses, 1):
        text = id_number(sequence=rows.number() * 2 % 900 + 1)
        worker = rows.person(
            id_number=text, id_index=blind_index("person.id_number", f"{text}{rows.number()}"), last4=text[-4:]
        )
        rows.delivery(
            operator=party.organisation,
            person=worker,
            employer=employer,
            roster_list=roster,
            seq=seq,
            name=f"{party.word}工友{seq}",
            status=status,
            codes={CountStatus.COUNTED: [], CountStatus.PENDING: ["E10"], CountStatus.EXCLUDED: ["E09"]}[status],
        )
    type(roster).objects.filter(pk=roster.pk).update(
        rows=3, persons=3, counted=1, pending=1, excluded=1, by_code={"E10": 1, "E09": 1}
    )


def _party(word: str, clerk: User, official: User) -> Party:
    organisation = factories.organisation(name=f"示例{word}人力资源有限公司", contact_name=f"{word}联系人")
    user = factories.user(Role.OPERATOR, organisation=organisation, is_org_admin=True, name=f"{word}管理员")
    colleague = factories.user(Role.OPERATOR, organisation=organisation, name=f"{word}同事")
    party = Party(word, user, colleague, organisation)
    employer = rows.employer(name=f"{word}用工制造有限公司", created_by=user)
    rows.profile(organisation=organisation, legal_rep=f"{word}法人", legal_rep_id=id_number(sequence=7))
    party.things |= {
        "employer": employer,
        "alias": EmployerAlias.objects.create(operator=organisation, text=f"{word}厂", employer=employer),
        "photo": _photo(user, organisation, f"{word}照片"),
        "paper": _photo(user, organisation, f"{word}证件", secret=True),
        "message": Message.objects.create(user=user, subject=f"{word}的消息", body=f"{word}的内容"),
        "job": Job.objects.create(
            kind="test",
            title=f"{word}的任务",
            organisation=organisation,
            created_by=user,
            state=JobState.DONE,
            finished_at=timezone.now(),
        ),
        "invitation": rows.invitation(organisation=organisation, created_by=user, name=f"{word}受邀"),
    }
    for state in State.values:
        party.files[state] = file_of(party, state, clerk, official)
    _established(party, clerk, official)
    _imported(party, clerk)
    return party


def _established(party: Party, clerk: User, official: User) -> None:
    """A seventh application that has become a station."""
    signed = _photo(official, official.organisation, f"{party.word}盖章件", audience=Audience.OFFICE)  # type: ignore[arg-type]
    document = rows.document(created_by=official, signed_file=signed)
    batch = rows.establishment(
        created_by=official, document=document, issued_by=official, issued_at=timezone.now(), title="已发文的设立文件"
    )
    station: Station = rows.station(
        operator=party.organisation,
        name=f"{party.word}劳务协作工作站",
        document=document,
        number=f"JD-2023-{rows.number()}",
    )
    rows.liaison(station=station, name=f"{party.word}站专人", phone=f"130{rows.number():08d}")
    established = file_of(party, State.APPROVED, clerk, official)
    Application.objects.filter(pk=established.pk).update(
        station=station, batch=batch, filing_no=f"BA-{rows.number()}", filed_by=clerk, filed_at=timezone.now()
    )
    for made in (party.files[State.APPROVED],):
        Application.objects.filter(pk=made.pk).update(
            filing_no=f"BA-{rows.number()}", filed_by=clerk, filed_at=timezone.now()
        )
    Delivery.objects.filter(roster_list=established.roster_list).update(station=station)
    party.things |= {"station": station, "issued": batch, "established": established}
    party.things |= world_ledger.things(party, clerk)
    world_oversight.equip(party, clerk)
    party.things |= world_roster.things(party, clerk)
    party.things |= world_retention.things(party, clerk)
    world_safety.equip(party, clerk)
    world_renewal.equip(party)
    world_surveys.equip(party, clerk)
    world_assessment.equip(party, clerk)
    world_excellent.equip(party, clerk, official)
    world_subsidies.equip(party, clerk, official)


COLUMNS = ("seq", "name", "id_number", "hukou", "employer", "entry_on")


def _imported(party: Party, clerk: User) -> None:
    """A roster file being checked, a person adjudicated, an insurance result, a frozen count."""
    sheet = [person(1, province="51"), person(2)]
    sheet[0][1], sheet[0][4] = f"{party.word}可提交", f"{party.word}新厂"
    sheet[1][1], sheet[1][2] = f"{party.word}待核", "51999919900101001"  # a digit is missing
    batch: ImportBatch = staged(party.user, roster(sheet), roster_list=party.draft.roster_list)
    bad: StagedRow = batch.rows.get(state=StagedState.BAD)
    delivery = party.submitted.roster_list.deliveries.first()
    assert delivery is not None
    adjudication: Adjudication = rows.adjudication(delivery=delivery, by=clerk)
    extract: InsuranceExtract = rows.extract(roster_list=party.submitted.roster_list, by=clerk)
    frozen: CountSnapshot = rows.snapshot(
        application=party.screened,
        rows=[
            [str(row.pk), str(row.person_id), row.status, row.codes, None]
            for row in party.screened.roster_list.deliveries.all()
        ],
        raw=3,
        counted=1,
        pending=1,
        excluded=1,
    )
    party.things |= {
        "import_batch": batch,
        "staged": bad,
        "returned_row": party.returned.roster_list.deliveries.first(),
        "draft_row": party.draft.roster_list.deliveries.first(),
        "row": delivery,
        "adjudication": adjudication,
        "extract": extract,
        "snapshot": frozen,
    }


def build(own: str = "本方", other: str = "外方") -> World:
    """The whole district, takes about a second; the two words stand in every text an operator writes."""
    User.objects.get_or_create(role=Role.SYSTEM, defaults={"username": "system", "name": "系统", "is_active": False})
    people = {
        role: factories.user(role, name=f"{role}甲")
        for role in (Role.CENTRE, Role.BUREAU, Role.ASSOCIATION, Role.FINANCE, Role.AUDITOR, Role.ADMIN)
    }
    clerk = factories.user(Role.CENTRE, name="中心初审人")
    official = factories.user(Role.BUREAU, name="人社局审核人")
    parties = _party(own, clerk, official), _party(other, clerk, official)
    world_roster.claims(*parties)
    world_rulebook.equip(parties, people)
    for party in parties:
        world_assignments.equip(party, people)
        world_payments.equip(party, people[Role.FINANCE])
    batch = rows.establishment(created_by=official, title="起草中的设立文件")
    for party in parties:
        Application.objects.filter(pk=party.approved.pk).update(batch=batch)
        for name in party.files:
            party.files[name] = Application.objects.select_related("review", "roster_list").get(pk=party.files[name].pk)
    pending = factories.user(
        Role.OPERATOR, is_org_admin=True, organisation=factories.organisation(state=OrganisationState.PENDING)
    )
    notice = rows.published(kind=NoticeKind.EXCELLENT, title="测试公示", prepared_by=clerk, released_by=official)
    draft_notice = rows.notice(title="起草中的公告", state=NoticeState.READY, prepared_by=clerk)
    objection = rows.objection(notice=notice, name="异议人丙", contact="异议人的联系方式", content="异议内容勿公开")
    released = _photo(clerk, clerk.organisation, "公开图片", audience=Audience.PUBLIC)  # type: ignore[arg-type]
    release(released, by=official)
    _row, invitation_token = accounts.invite(
        by=parties[0].user,
        organisation=parties[0].organisation,
        name="受邀人",
        email="",
        role=Role.OPERATOR,
        is_org_admin=False,
    )
    _row, reset_token = accounts.issue_password_reset(parties[0].colleague, by=parties[0].user, reason="忘记密码")
    return World(
        own=parties[0],
        other=parties[1],
        people=people,
        pending=pending,
        notice=notice,
        draft_notice=draft_notice,
        objection=objection,
        batch=batch,
        issued=parties[0].things["issued"],
        released=released,
        invitation_token=invitation_token,
        reset_token=reset_token,
    )


def nobody() -> uuid.UUID:
    """The address of a row that does not exist."""
    return uuid.uuid4()


__all__ = ["OFFICE_MARK", "OPINION_MARK", "Invitation", "Party", "PasswordReset", "World", "build", "nobody"]
