"""How complete a year's ledger is and what it costs (R-24, R-57), and what a job demand may not say (R-25): pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jinhua_labor.policy.scoring import CasesFact, line_score
from jinhua_labor.policy.switches import LedgerMedium
from jinhua_labor.policy.types import Policy

from .enums import Item

LEDGER_LINE = "B3"

# --- Completeness (R-24) ----------------------------------------------------------------------------------------------


class Level(StrEnum):
    """How much of an item there is."""

    COMPLETE = "齐全"
    PARTIAL = "部分"
    ABSENT = "缺少"
    NOT_DUE = "本年度暂无需要"


class Light(StrEnum):
    """红黄绿: something missing, something partial or not seen on paper yet, all there."""

    RED = "有缺项"
    AMBER = "待补齐或待核"
    GREEN = "齐全"


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What an item asks for in the year (employers, workers, a list), how much of it is kept as a file or by its place
    on paper, and how much of it the centre has seen on paper."""

    item: Item
    wanted: int
    kept: int = 0
    seen: int = 0


@dataclass(frozen=True, slots=True)
class ItemState:
    """An item as it stands: `percent` is rounded down, so 100 means all."""

    item: Item
    level: Level
    covered: int
    wanted: int
    paper_pending: bool
    missing: bool

    @property
    def percent(self) -> int:
        return 100 * self.covered // self.wanted if self.wanted else 100


@dataclass(frozen=True, slots=True)
class LedgerState:
    """The eight items together, and what the missing ones cost in 附件3 B3."""

    items: tuple[ItemState, ...]
    at_stake: int

    @property
    def missing(self) -> tuple[Item, ...]:
        return tuple(state.item for state in self.items if state.missing)

    @property
    def paper_pending(self) -> bool:
        return any(state.paper_pending for state in self.items)

    @property
    def light(self) -> Light:
        if self.missing:
            return Light.RED
        partial = any(state.level is Level.PARTIAL for state in self.items)
        return Light.AMBER if partial or self.paper_pending else Light.GREEN

    @property
    def stake_text(self) -> str:
        """「缺 2 项 = −6 分」; empty when nothing is missing."""
        return f"缺 {len(self.missing)} 项 = −{self.at_stake} 分" if self.missing else ""


def item_state(facts: ItemFacts, *, policy: Policy, official: bool) -> ItemState:
    """How an item stands. On the official sheet 纸质 counts as `ledger_medium` says; before that an electronic entry
    counts as there and is marked 纸质待核 (R-57). Partial is not missing: what a gap weighs, the assessor decides."""
    on_paper_only = official and policy.ledger_medium is LedgerMedium.PAPER
    covered = min(facts.wanted, facts.seen if on_paper_only else max(facts.kept, facts.seen))
    if facts.wanted == 0:
        level = Level.NOT_DUE
    elif covered == 0:
        level = Level.ABSENT
    else:
        level = Level.COMPLETE if covered == facts.wanted else Level.PARTIAL
    return ItemState(
        item=facts.item,
        level=level,
        covered=covered,
        wanted=facts.wanted,
        paper_pending=policy.ledger_medium is LedgerMedium.PAPER and min(facts.kept, facts.wanted) > facts.seen,
        missing=level is Level.ABSENT and facts.item in policy.ledger_items_scored,
    )


def ledger_state(facts: Iterable[ItemFacts], *, policy: Policy, official: bool = False) -> LedgerState:
    """All items in their order and the points at stake: the weight of 附件3 B3 less its score."""
    states = tuple(item_state(one, policy=policy, official=official) for one in facts)
    missing = sum(state.missing for state in states)
    score = line_score(LEDGER_LINE, CasesFact(missing), policy=policy).points
    return LedgerState(states, int(policy.indicator(LEDGER_LINE).weight - score))


# --- Job demands (R-25) -----------------------------------------------------------------------------------------------

_FREE = re.compile(
    r"(男女|性别|民族|宗教(信仰)?|户籍|婚育|婚姻)(状况)?(均可|都可|不限|皆可)|不限(男女|性别|民族|宗教|户籍|婚育)"
)
_LIMIT = r"(仅限?|只限|限|只招|只要|仅招|招收?|要求?|须|不招收?|不要|谢绝|拒绝|非)"
_PEOPLE = (
    r"(汉|藏|维吾尔|维|回|彝|苗|壮|满|侗|布依|土家|白|哈尼|傣|傈僳|蒙古?|朝鲜|哈萨克|瑶|黎|畲|水|仡佬|羌|撒拉|土"
    r"|少数民)族"
)
_STRONG: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("性别", re.compile(rf"{_LIMIT}(男(?!女)|女(?!男))(性|士|生|工|员)?|(男|女)(性|士|生|工)?(优先|勿扰|免谈|慎入)")),
    ("民族", re.compile(rf"{_LIMIT}{_PEOPLE}|{_PEOPLE}(人)?(优先|勿扰|免谈|除外)")),
    ("种族", re.compile(rf"{_LIMIT}(白人|黑人|[黄白黑]种人)")),
    (
        "宗教信仰",
        re.compile(
            r"(无|没有|不得有|不能有|不可有|有)宗教信仰|(信教|教徒|穆斯林)(者|的)?(优先|勿扰|免谈|除外)|"
            rf"{_LIMIT}(信教|教徒|信徒|穆斯林|清真)"
        ),
    ),
    (
        "婚育",
        re.compile(
            r"(限|须|要求)?(未婚|已婚已?育|已育|未育)(者|女性)?(优先|勿扰|除外)?|近?[一二两三]年内不(生育|怀孕)"
        ),
    ),
    (
        "地域",
        re.compile(
            r"(不招收?|不要|谢绝|拒绝)[一-龥]{2,3}(人|籍)|[一-龥]{2,3}(人|籍)(勿扰|免谈|除外)|(只|仅|限)招?本地"
        ),
    ),
    ("健康歧视", re.compile(r"(乙肝|两对半|病原携带)(者)?(勿扰|除外|不招)?")),
)
_WEAK: tuple[tuple[str, re.Pattern[str]], ...] = (("性别", re.compile(r"(?<!男)(男|女)(性|士|生|工|员|裁缝|服务员)")),)


def discrimination(*, demands: str, terms: str = "") -> tuple[str, ...]:
    """What in a job demand may discriminate (《人力资源市场暂行条例》第24条): 「性别：限男性」, each once, in order.

    `demands` are post, skill and requirements, where a mere 女工 is a hint; `terms` are hours, place and welfare, where
    it is not. Blanks and points between characters hide nothing; 男女不限 and the like say the contrary.
    """
    found: dict[str, None] = {}
    for text, patterns in ((demands, (*_STRONG, *_WEAK)), (terms, _STRONG)):
        plain = _FREE.sub("｜", _plain(text))
        taken: set[int] = set()
        for kind, pattern in patterns:
            for match in pattern.finditer(plain):
                places = set(range(*match.span()))
                if not places <= taken:  # what lies within words already told says nothing new
                    found[f"{kind}：{match.group()}"[:60]] = None
                taken |= places
    return tuple(found)


def may_publish(findings: Iterable[str], *, cleared: bool) -> bool:
    """Nothing found, or a person of the centre has cleared it."""
    return cleared or not tuple(findings)


def is_shown(*, published: bool, withdrawn: bool, valid_to: date, on: date) -> bool:
    """Whether the public sees a demand on the day: hidden by itself the day after `valid_to`."""
    return published and not withdrawn and on <= valid_to


def _plain(text: str) -> str:
    """Compatibility forms folded, blanks and separators dropped; sentences stay apart."""
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s·•・._\-—*~'\"“”‘’()（）\[\]【】]+", "", folded)
