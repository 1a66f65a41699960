"""R-58, R-59, G-25: the sample, what is valid, who is satisfied, what is shown."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest

from assessments.surveys import rules
from assessments.surveys.enums import LINES, Kind, Satisfaction
from assessments.surveys.rules import Answer, Tally
from jinhua_labor.policy.load import versions
from jinhua_labor.policy.periods import Period
from jinhua_labor.policy.scoring import NO_ANSWER, SMALL_SAMPLE, SurveyFact, line_score
from jinhua_labor.policy.types import Policy

OPENS, CLOSES = dt.date(2023, 3, 1), dt.date(2023, 3, 16)
GOOD, FAIR = Satisfaction.GOOD.value, Satisfaction.FAIR.value


@pytest.fixture(scope="module")
def policy() -> Policy:
    return versions()[0]


def answers(satisfied: int, valid: int, day: dt.date = OPENS) -> list[Answer]:
    return [Answer(GOOD if number < satisfied else FAIR, day) for number in range(valid)]


@pytest.mark.parametrize(
    ("population", "needed"),
    [(0, 0), (1, 1), (29, 29), (30, 30), (31, 30), (300, 30), (301, 31), (310, 31), (311, 32), (10_000, 1_000)],
    ids=["无人", "一人全部", "不足三十人全部", "恰三十人", "三十一人取三十", "一成恰为三十", "一成进为三十一",
         "一成恰为三十一", "不足一人按一人", "一万人取一千"],
)  # fmt: skip
def test_务工人员样本_三十人或一成_不足的全部(policy: Policy, population: int, needed: int) -> None:
    assert rules.required(Kind.WORKERS, population, settings=policy.settings) == needed


@pytest.mark.parametrize("population", [0, 1, 5, 80], ids=["无", "一家", "五家", "八十家"])
def test_企业样本_服务过的全部(policy: Policy, population: int) -> None:
    assert rules.required(Kind.EMPLOYERS, population, settings=policy.settings) == population
    assert rules.cards(Kind.EMPLOYERS, population, settings=policy.settings) == population


@pytest.mark.parametrize(
    ("population", "cards"),
    [(20, 20), (45, 45), (60, 60), (61, 60), (311, 64), (10_000, 2_000)],
    ids=["全部", "不到两倍全部", "恰两倍", "两倍", "两倍样本", "一万人"],
)
def test_发卡多于样本_不多于全部(policy: Policy, population: int, cards: int) -> None:
    assert rules.cards(Kind.WORKERS, population, settings=policy.settings) == cards


def test_抽取不重复_不多取() -> None:
    people = list(range(50))
    drawn = rules.draw(people, 30, chance=Random(7))
    assert len(set(drawn)) == 30
    assert set(drawn) <= set(people)
    assert sorted(rules.draw(people, 99, chance=Random(7))) == people


def test_每个人都可能被抽到() -> None:
    chance = Random(7)
    seen = {one for _ in range(200) for one in rules.draw(range(20), 2, chance=chance)}
    assert seen == set(range(20))


@pytest.mark.parametrize(
    ("day", "may"),
    [
        (dt.date(2023, 1, 29), False),
        (dt.date(2023, 1, 30), True),
        (dt.date(2023, 3, 1), True),
        (dt.date(2024, 1, 1), True),
    ],
    ids=["年度结束前三十一日", "年度结束前三十日", "年度末日", "年度之后"],
)
def test_何时可以开展(policy: Policy, day: dt.date, may: bool) -> None:
    period = Period(1, dt.date(2022, 3, 2), dt.date(2023, 3, 1))
    assert (rules.opening_problem(period, on=day, settings=policy.settings) == "") is may


@pytest.mark.parametrize(
    ("closes", "may"),
    [(14, False), (15, True), (60, True), (61, False), (-1, False)],
    ids=["十四日", "十五日", "六十日", "六十一日", "开始之前"],
)
def test_开放多久(policy: Policy, closes: int, may: bool) -> None:
    problem = rules.closing_problem(OPENS, OPENS + dt.timedelta(days=closes), settings=policy.settings)
    assert (problem == "") is may


@pytest.mark.parametrize(
    ("satisfaction", "day", "valid"),
    [
        (GOOD, OPENS, True),
        (GOOD, CLOSES, True),
        (GOOD, OPENS - dt.timedelta(days=1), False),
        (GOOD, CLOSES + dt.timedelta(days=1), False),
        ("", OPENS, False),
        ("OK", OPENS, False),
        (Satisfaction.VERY_BAD.value, OPENS, True),
    ],
    ids=["首日", "末日", "之前", "之后", "没有选", "选项之外", "很不满意也有效"],
)
def test_有效答卷(satisfaction: str, day: dt.date, valid: bool) -> None:
    assert rules.is_valid(Answer(satisfaction, day), opens_on=OPENS, closes_on=CLOSES) is valid


@pytest.mark.parametrize(
    ("satisfaction", "counts"),
    [(one, one in (Satisfaction.VERY_GOOD, Satisfaction.GOOD)) for one in Satisfaction],
    ids=[one.label for one in Satisfaction],
)
def test_满意为满意加很满意(satisfaction: Satisfaction, counts: bool) -> None:
    found = rules.tally([Answer(satisfaction.value, OPENS)], opens_on=OPENS, closes_on=CLOSES)
    assert found == Tally(1, int(counts))


@pytest.mark.parametrize(
    ("satisfied", "valid", "points"),
    [(49, 100, 0), (50, 100, 3), (149, 299, 0), (150, 299, 3), (74, 100, 3), (224, 299, 3), (75, 100, 5), (3, 4, 5),
     (0, 0, 0)],
    ids=["49/100", "50/100", "149/299", "150/299", "74/100", "224/299", "75/100", "3/4", "0/0"],
)  # fmt: skip
def test_R58_从答卷到得分(policy: Policy, satisfied: int, valid: int, points: int) -> None:
    found = rules.tally(answers(satisfied, valid), opens_on=OPENS, closes_on=CLOSES)
    assert line_score("C1", rules.fact(found, 0), policy=policy).points == points


@pytest.mark.parametrize(
    ("satisfied", "valid", "needed", "points", "flags"),
    [
        (1, 2, 2, 3, ()),
        (3, 4, 4, 5, ()),
        (1, 1, 5, 5, (SMALL_SAMPLE,)),
        (0, 0, 5, 0, (NO_ANSWER,)),
    ],
    ids=["两家一家满意", "四家三家满意", "五家只答一家", "没有答卷"],
)
def test_R59_企业(policy: Policy, satisfied: int, valid: int, needed: int, points: int, flags: tuple[str, ...]) -> None:
    found = rules.tally(answers(satisfied, valid), opens_on=OPENS, closes_on=CLOSES)
    score = line_score("C2", rules.fact(found, needed), policy=policy)
    assert (score.points, score.flags) == (points, flags)


def test_R59_同一企业答两次以最后一次有效的为准() -> None:
    late = CLOSES + dt.timedelta(days=1)
    given = [
        ("甲", Answer(GOOD, OPENS)),
        ("乙", Answer(GOOD, OPENS)),
        ("甲", Answer(FAIR, CLOSES)),
        ("乙", Answer(FAIR, late)),
    ]
    stand = rules.standing(given, opens_on=OPENS, closes_on=CLOSES)
    assert rules.tally(stand, opens_on=OPENS, closes_on=CLOSES) == Tally(2, 1)


def test_务工人员不分彼此_各算一份() -> None:
    given = [(None, Answer(GOOD, OPENS)), (None, Answer(GOOD, OPENS))]
    assert len(rules.standing(given, opens_on=OPENS, closes_on=CLOSES)) == 2


def test_没有结束就没有答卷() -> None:
    assert rules.fact(None, 30) == SurveyFact(0, 0, 30)
    assert rules.fact(Tally(40, 33), 30) == SurveyFact(33, 40, 30)


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (41, 60, "68.3%"),
        (1, 2, "50%"),
        (2, 3, "66.7%"),
        (0, 60, "0%"),
        (60, 60, "100%"),
        (1, 2000, "0.1%"),
        (0, 0, "—"),
    ],
    ids=["一位小数", "整数", "四舍五入", "零", "全部", "很少", "没有"],
)
def test_百分比(part: int, whole: int, said: str) -> None:
    assert rules.percent(part, whole) == said


def test_回收率和样本用文字说() -> None:
    assert rules.rate_words(60, 41) == "发出 60 份，收回 41 份，回收率 68.3%"
    assert rules.sample_words(41, 30) == "有效答卷 41 份，达到要求的 30 份"
    assert rules.sample_words(12, 30) == "有效答卷 12 份，样本不足：应有 30 份，少 18 份"


@pytest.mark.parametrize(("answered", "shown"), [(0, False), (4, False), (5, True)], ids=["没有", "四份", "五份"])
def test_五份起才显示分布(policy: Policy, answered: int, shown: bool) -> None:
    assert rules.may_show(answered, settings=policy.settings) is shown


def test_分布按选项次序_没有人选的是零() -> None:
    found = rules.shares({"GOOD": 3, "": 1}, [*Satisfaction.choices, ("", "没有回答")])
    assert [(one.label, one.count, one.share) for one in found] == [
        ("很满意", 0, "0%"),
        ("满意", 3, "75%"),
        ("一般", 0, "0%"),
        ("不满意", 0, "0%"),
        ("很不满意", 0, "0%"),
        ("没有回答", 1, "25%"),
    ]


def test_两个指标都按满意度计分(policy: Policy) -> None:
    assert {policy.indicator(code).function.value for code in LINES.values()} == {policy.indicator("C1").function.value}
