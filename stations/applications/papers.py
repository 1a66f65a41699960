"""The seven materials, the term, a refusal and the document number (第四、五条; R-15, R-18, R-19): pure functions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.docno import DocNoError, normalise_doc_no
from jinhua_labor.policy.types import Policy, Settings

from .enums import Channel
from .problems import Level, Problem


@dataclass(frozen=True, slots=True)
class MaterialFacts:
    """What is there of a material: usable files by slot (M1, M4A …) or by site, whether it is 共享获取 instead, the
    paper copies received, and whether a person found the stamp (None: nobody has looked yet)."""

    files: Mapping[str, int]
    shared: bool = False
    stamped: bool | None = None
    paper_received: int = 0


def material_problems(
    given: Mapping[int, MaterialFacts],
    *,
    site_keys: Collection[str],
    roster_rows: int,
    channel: Channel,
    policy: Policy,
    settings: Settings,
) -> tuple[Problem, ...]:
    """What is missing of the seven materials, in the notice's order; empty means complete.

    Every row needs a usable file or shared data; at the counter (or where paper is required) also its paper copies.
    A per-site material is looked up in `files` by the keys of `site_keys`.
    """
    count_paper = channel == Channel.COUNTER or settings.paper_required
    found = []
    for material in policy.materials:
        slot = f"M{material.number}"
        facts = given.get(material.number, MaterialFacts({}))
        shared = facts.shared and material.shareable
        if material.parts:
            wanted = [(part.code, part.label) for part in material.parts if part.required]
        elif material.per_site:
            wanted = [(key, f"{material.name}（每个工作地点至少1张）") for key in site_keys] or [(slot, material.name)]
        else:
            wanted = [(slot, material.name)]
        from_roster = material.from_data == "roster" and roster_rows > 0
        for key, label in wanted:
            if not (shared or from_roster or facts.files.get(key, 0)):
                found.append(Problem(Level.MISSING, key, f"缺少{label}。", material.clause))
        if material.stamp and facts.stamped is False and not shared:
            found.append(Problem(Level.MISSING, slot, f"{material.name}未加盖公章。", material.clause))
        if count_paper and facts.paper_received < material.copies:
            message = f"{material.name}{material.copy_kind}应收{material.copies}份，已收{facts.paper_received}份。"
            found.append(Problem(Level.MISSING, slot, message, material.clause))
    return tuple(found)


# --- R-18, R-19 ---------------------------------------------------------------------------------------------------


def refusal_problems(reason: str, clause: str, remedy: str) -> tuple[Problem, ...]:
    """不予设立 carries its reason, the clause it rests on, and how to object."""
    wanted = (
        (reason, "reason", "请写明不予设立的理由。"),
        (clause, "clause", "请选择所依据的条款。"),
        (remedy, "remedy", "缺少救济途径告知。"),
    )
    return tuple(Problem(Level.MISSING, target, text, "第五条") for value, target, text in wanted if not value.strip())


def document_number(text: str, *, taken: Collection[str]) -> tuple[str, tuple[Problem, ...]]:
    """The 发文字号 in its one spelling, and what is wrong with it: no number at all, or already given away."""
    try:
        number = normalise_doc_no(text)
    except DocNoError as error:
        return text, (Problem(Level.UNMET, "doc_no", str(error), "第五条"),)
    if number in taken:
        return number, (Problem(Level.UNMET, "doc_no", f"{number}已使用，同一年度的发文字号不能重复。", "第五条"),)
    return number, ()


def term_problems(term_to: date | None, *, submitted_on: date, policy: Policy) -> tuple[Problem, ...]:
    """申请经营期限 “自申请之日起至…为止”: ends after the submission; a warning when it outlives the notice."""
    if term_to is None:
        return (Problem(Level.MISSING, "term_to", "请填写申请经营期限的截止日期。", "附件1"),)
    if term_to <= submitted_on:
        return (Problem(Level.UNMET, "term_to", "申请经营期限的截止日期须晚于申请之日。", "附件1"),)
    if term_to > policy.effective_to:
        message = f"申请经营期限超出本办法试行期（{date_cn(policy.effective_to)}止）。"
        return (Problem(Level.WARN, "term_to", message, "第十五条"),)
    return ()
