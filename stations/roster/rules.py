"""Who counts as 输送劳动力 (第一条; R-02 … R-08): pure functions over facts, fast enough for a whole district.

`Counting` holds what is the same for every worker of a recount; `counted` is the same for a single one.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from jinhua_labor.core.provinces import MAINLAND
from jinhua_labor.core.retirement import has_retired
from jinhua_labor.policy.periods import MONTHS_PER_YEAR, add_months, add_to_month, last_day
from jinhua_labor.policy.switches import RetirementTrack
from jinhua_labor.policy.types import Policy

from .attribution import ClaimedRow, Tally, claimed_by_others, distinct_counted, person_key, repeated
from .enums import ContractTiming, CountFlag, CountStatus, EmploymentForm, InsuranceStatus, ReasonCode

__all__ = [
    "ClaimedRow",
    "Counting",
    "InsuredMonth",
    "Tally",
    "Verdict",
    "WorkerFacts",
    "claimed_by_others",
    "contract_timing",
    "counted",
    "distinct_counted",
    "person_key",
    "repeated",
]

NONE: frozenset[str] = frozenset()
PENDING_CODES = frozenset(
    {ReasonCode.E04, ReasonCode.E10, ReasonCode.E14, ReasonCode.E15, ReasonCode.E18, ReasonCode.E19}
)
# What a pending question becomes when a person of the centre has answered it with no.
REFUSED_AS = {
    ReasonCode.E04: ReasonCode.E03,
    ReasonCode.E14: ReasonCode.E13,
    ReasonCode.E15: ReasonCode.E09,
    ReasonCode.E18: ReasonCode.E06,
    ReasonCode.E19: ReasonCode.E17,
}
# What is wrong with an insured month, as bits; 0 is a month that counts.
_LATE, _PAYER, _PLACE = 1, 2, 4
_RELAXED = sorted(range(1, _LATE | _PAYER | _PLACE | 1))
_MONTH_CODES = ((_LATE, ReasonCode.E15), (_PLACE, ReasonCode.E11), (_PAYER, ReasonCode.E12))
_PAID, _BACK_PAID = InsuranceStatus.PAID.value, InsuranceStatus.BACK_PAID.value


@dataclass(frozen=True, slots=True)
class InsuredMonth:
    """A 费款所属期 (yyyymm) of a worker as the insurance extract has it; `payer` is a credit code."""

    month: int
    kind: str
    place: str
    payer: str
    status: str
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class WorkerFacts:
    """What decides about one row of 附件2. Employer, contract employer and operator are credit codes.

    `hukou_province` is None or empty while unread, `si_checked_to` (yyyymm) None while never asked for; `accepted` and
    `refused` are the pending codes a person of the centre has answered; birth is None only where `id_valid` is False.
    """

    entry_on: date
    employer: str
    form: str
    hukou_province: str | None
    birth: date | None
    sex: str
    id_province: str
    months: tuple[InsuredMonth, ...] = ()
    si_checked_to: int | None = None
    operator: str = ""
    contract_employer: str = ""
    accepted: frozenset[str] = NONE
    refused: frozenset[str] = NONE
    id_valid: bool = True
    counted_before: bool = False
    claimed_by_other: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Status with every failing code (in order), the day the insurance run was complete, and flags."""

    status: CountStatus
    codes: tuple[ReasonCode, ...] = ()
    qualified_on: date | None = None
    flags: tuple[CountFlag, ...] = ()


def counted(
    facts: WorkerFacts,
    *,
    policy: Policy,
    as_of: date,
    local_employers: Container[str],
    dispatch_units: Container[str] = NONE,
) -> Verdict:
    """The verdict on one worker on `as_of` (R-02). For many workers build one `Counting` and call `verdict`."""
    counting = Counting(policy=policy, as_of=as_of, local_employers=local_employers, dispatch_units=dispatch_units)
    return counting.verdict(facts)


class Counting:
    """A recount on one day: `local_employers` are the credit codes of 金东 用人主体, `dispatch_units` those with
    劳务派遣经营许可."""

    def __init__(
        self,
        *,
        policy: Policy,
        as_of: date,
        local_employers: Container[str],
        dispatch_units: Container[str] = NONE,
    ) -> None:
        self.policy = policy
        self.as_of = as_of
        self.local = local_employers
        self.dispatch = dispatch_units
        self._kinds = frozenset(policy.si_types_any)
        self._places = frozenset(policy.si_places)
        self._forms = frozenset(policy.forms_counted)
        self._run = policy.min_si_months
        self._deadlines: dict[int, date] = {}  # month → last day on which its payment is in time
        self._windows: dict[int, tuple[int, date, int]] = {}  # month of entry → see _window
        self._plain: dict[date | None, Verdict] = {}  # most verdicts differ by their day only

    def verdict(self, facts: WorkerFacts) -> Verdict:
        """COUNTED without code, PENDING with pending codes only, else EXCLUDED; all codes are returned."""
        codes: list[ReasonCode] = []
        flags: list[CountFlag] = []
        qualified = ready = None
        payers_differ = True
        if facts.entry_on > self.as_of:
            codes.append(ReasonCode.E16)  # nothing can be known about the insurance yet
        else:
            qualified, ready, payers_differ = self._insurance(facts, codes, flags)
        if facts.birth is None or not facts.id_valid:
            codes.append(ReasonCode.E01)
        else:
            self._age(facts, facts.birth, qualified or facts.entry_on, codes, flags)
        self._hukou(facts, codes)
        if facts.form not in self._forms:
            self._form(facts, payers_differ, codes)
        if facts.employer not in self.local:
            codes.append(ReasonCode.E08)
        if facts.counted_before:
            codes.append(ReasonCode.E13)
        if facts.claimed_by_other:
            self._question(ReasonCode.E14, facts, codes)
        if not codes and not flags:
            plain = self._plain.get(ready)
            if plain is None:
                plain = self._plain[ready] = Verdict(CountStatus.COUNTED, qualified_on=ready)
            return plain
        found = tuple(sorted(set(codes)))
        status = (
            CountStatus.COUNTED
            if not found
            else CountStatus.PENDING
            if PENDING_CODES.issuperset(found)
            else CountStatus.EXCLUDED
        )
        return Verdict(status, found, ready, tuple(flags))

    # --- R-03 -----------------------------------------------------------------------------------------------------

    def _insurance(
        self, facts: WorkerFacts, codes: list[ReasonCode], flags: list[CountFlag]
    ) -> tuple[date | None, date | None, bool]:
        """(day for the age check, day the run was complete, whether a payer differs from the employer)."""
        entry = facts.entry_on
        entry_month = entry.year * 100 + entry.month
        window = self._windows.get(entry_month) or self._window(entry_month)
        after_entry, employer = self.policy.si_after_entry_only, facts.employer
        good: list[InsuredMonth] = []
        other: list[tuple[InsuredMonth, int]] = []
        local_before = False
        for month in facts.months:
            if month.kind not in self._kinds or (month.status != _PAID and month.status != _BACK_PAID):
                continue
            if month.month < entry_month:
                local_before |= month.month >= window[2] and month.place in self._places
                if after_entry:
                    continue
            wrong = self._wrong(month, facts)
            if wrong:
                other.append((month, wrong))
            else:
                good.append(month)
        if local_before:
            flags.append(CountFlag.LOCAL_BEFORE)
        complete = self._first_run(good)
        if complete is not None:
            qualified = complete.paid_on or last_day(complete.month)
            differ = any(month.payer != employer for month in good if month.month <= complete.month)
            if qualified > self.as_of:
                codes.append(ReasonCode.E10)
        else:
            qualified = None
            differ = any(month.payer != employer for month in good) or any(row.payer != employer for row, _ in other)
        if differ or any(row.payer == facts.operator or row.payer in self.dispatch for row, _ in other):
            flags.append(CountFlag.DISPATCH_ALARM)  # also where the worker entered that very unit
        if complete is not None:
            return qualified, qualified, differ
        relaxed = self._relaxed_run(good, other, facts, codes) if other else None
        if relaxed is not None:
            return relaxed.paid_on or last_day(relaxed.month), None, differ
        checked = facts.si_checked_to
        open_still = self.as_of <= window[1] or checked is None or checked < window[0]
        codes.append(ReasonCode.E10 if open_still else ReasonCode.E09)
        return None, None, differ or not good

    def _window(self, entry_month: int) -> tuple[int, date, int]:
        """The month in which the run can first be complete, its last day, and the first month that would show the
        worker as insured here before."""
        month = add_to_month(entry_month, self._run - 1)
        window = month, last_day(month), add_to_month(entry_month, -self.policy.si_prior_warn_months)
        self._windows[entry_month] = window
        return window

    def _wrong(self, month: InsuredMonth, facts: WorkerFacts) -> int:
        """Bits for what keeps the month from counting."""
        payer = month.payer
        foreign = payer not in self.local or payer == facts.operator or payer in self.dispatch
        wrong = _PAYER if foreign or (self.policy.si_same_employer and payer != facts.employer) else 0
        if month.place not in self._places:
            wrong |= _PLACE
        paid_on = month.paid_on
        if paid_on is None:
            late = month.status == _BACK_PAID
        else:
            deadline = self._deadlines.get(month.month)
            if deadline is None:
                deadline = last_day(add_to_month(month.month, self.policy.si_late_grace_months))
                self._deadlines[month.month] = deadline
            late = paid_on > deadline
        if late and ReasonCode.E15 not in facts.accepted:
            wrong |= _LATE
        return wrong

    def _first_run(self, months: list[InsuredMonth]) -> InsuredMonth | None:
        """The month that completes the first run of adjacent months; None when there is no run."""
        if len(months) < self._run:
            return None
        if any(later.month <= earlier.month for earlier, later in pairwise(months)):
            months = sorted(months, key=_month_and_day)
        run, expected, previous = 0, 0, 0
        for month in months:
            number = month.month
            if number == previous:  # a second payer in the same month
                continue
            run = run + 1 if number == expected else 1
            if run == self._run:
                return month
            previous = number
            expected = number + 1 if number % 100 != MONTHS_PER_YEAR else number + 101 - MONTHS_PER_YEAR
        return None

    def _relaxed_run(
        self,
        good: list[InsuredMonth],
        other: list[tuple[InsuredMonth, int]],
        facts: WorkerFacts,
        codes: list[ReasonCode],
    ) -> InsuredMonth | None:
        """The run there would be without its faults, the slightest first; the faults are told as codes."""
        for allowed in _RELAXED:
            months = good + [month for month, wrong in other if not wrong & ~allowed]
            complete = self._first_run(months)
            if complete is not None:
                for bit, code in _MONTH_CODES:
                    if allowed & bit:
                        self._question(code, facts, codes)
                return complete
        return None

    # --- R-04 … R-06 ----------------------------------------------------------------------------------------------

    def _age(
        self, facts: WorkerFacts, birth: date, until: date, codes: list[ReasonCode], flags: list[CountFlag]
    ) -> None:
        """16 on the day of entry; below the statutory retirement age then and when the run was complete."""
        policy, entry = self.policy, facts.entry_on
        if entry.year - birth.year <= policy.minor_below_age:
            if entry < add_months(birth, policy.age_min * MONTHS_PER_YEAR):
                codes.append(ReasonCode.E05)
            elif entry < add_months(birth, policy.minor_below_age * MONTHS_PER_YEAR):
                flags.append(CountFlag.MINOR)
        last = max(until, entry)
        if facts.sex != "F":
            if has_retired(birth, RetirementTrack.M60, last):
                codes.append(ReasonCode.E06)
        elif has_retired(birth, RetirementTrack.F50, last):
            if has_retired(birth, RetirementTrack.F55, last):
                codes.append(ReasonCode.E06)
            elif policy.female_track_default is not RetirementTrack.F55:
                self._question(ReasonCode.E18, facts, codes)

    def _hukou(self, facts: WorkerFacts, codes: list[ReasonCode]) -> None:
        """省外户籍 by the declared province; the number's first two digits only ask for proof."""
        hukou, hint = facts.hukou_province, facts.id_province
        home = hukou == self.policy.home_province
        outside = (bool(hukou) and hukou not in MAINLAND) or (bool(hint) and hint not in MAINLAND)
        if home or (outside and not self.policy.count_hmt):
            codes.append(ReasonCode.E03)
        elif not hukou or (hint and hint != hukou):
            self._question(ReasonCode.E04, facts, codes)

    def _form(self, facts: WorkerFacts, payers_differ: bool, codes: list[ReasonCode]) -> None:
        """Only 直接用工; 业务外包 passes when contract, insurance and entry name the same employer."""
        if facts.form == EmploymentForm.DISPATCH:
            codes.append(ReasonCode.E07)
        elif facts.form != EmploymentForm.OUTSOURCING:
            codes.append(ReasonCode.E17)
        elif payers_differ or facts.contract_employer != facts.employer:
            self._question(ReasonCode.E19, facts, codes)

    @staticmethod
    def _question(code: ReasonCode, facts: WorkerFacts, codes: list[ReasonCode]) -> None:
        """Adds `code` unless a person accepted it; as what it then is when a person refused it."""
        if code in facts.refused:
            codes.append(REFUSED_AS.get(code, code))
        elif code not in facts.accepted or code not in PENDING_CODES:
            codes.append(code)


def _month_and_day(month: InsuredMonth) -> tuple[int, date]:
    return month.month, month.paid_on or last_day(month.month)


# --- R-08 ---------------------------------------------------------------------------------------------------------


def contract_timing(employed_on: date, signed_on: date | None, *, policy: Policy) -> ContractTiming:
    """Whether the contract was signed within a month of 用工之日; anything else is a case for the assessor."""
    if signed_on is None:
        return ContractTiming.MISSING
    limit = add_months(employed_on, policy.contract_grace_months)
    return ContractTiming.TIMELY if signed_on <= limit else ContractTiming.LATE
