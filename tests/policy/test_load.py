"""The file holds the notice word for word, and a version that cannot be right is refused."""

import copy
import hashlib
import tomllib
from datetime import date
from decimal import Decimal

import pytest

from jinhua_labor.policy.checks import full_text, plain
from jinhua_labor.policy.load import FOLDER, build, parse_band, read, versions
from jinhua_labor.policy.types import Band, PolicyError

# SHA-256 of the notice as issued, without white space, in the order of `full_text`: changed by any changed character.
CODES = ["A1", "A2", "A3", "A4", "B1", "B2", "B3", "C1", "C2", "C3", "C4", "C5", "D1"]
AS_ISSUED = "cf7c7e418b5562a5f6a8ad6933e5edfa73e43ce8f170e1f04e785e3ccf802502"


@pytest.fixture(scope="module")
def file():
    return tomllib.loads((FOLDER / "2021-14.toml").read_text(encoding="utf-8"))


@pytest.fixture
def raw(file):
    return copy.deepcopy(file)


def test_条文逐字与印发文本一致(policy):
    assert hashlib.sha256(plain(full_text(policy)).encode()).hexdigest() == AS_ISSUED


@pytest.mark.parametrize(
    "slip",
    [
        "第2章",
        "劳务协作工作站评估表（附件2）",
        "7.外务工人员留用名册",
        "单位法人身份证复印件2份",
        "办公室2021年3月23日印发",
    ],
    ids=["第2章", "正文误作附件2", "省字脱漏", "法人身份证", "印发机关"],
)
def test_原文的瑕疵照录(policy, slip):
    assert slip in plain(full_text(policy))


def test_十五条六章三附件十三指标七材料(policy):
    document = policy.document
    assert [len(document.articles), len(document.chapters), len(document.annexes)] == [15, 6, 3]
    assert [line.code for line in policy.indicators] == [
        "A1",
        "A2",
        "A3",
        "A4",
        "B1",
        "B2",
        "B3",
        "C1",
        "C2",
        "C3",
        "C4",
        "C5",
        "D1",
    ]
    assert [line.weight for line in policy.indicators] == [5, 5, 5, 5, 5, 5, 10, 5, 5, 10, 15, 15, 10]
    assert [material.copies for material in policy.materials] == [2, 2, 2, 2, 1, 1, 2]
    assert [part.label for part in policy.materials[3].parts if part.required] == [
        "单位简介",
        "劳务协作协议",
        "务工人员管理办法",
    ]
    assert document.article(15).label == "第十五条"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("min_si_months", 2),
        ("min_delivered", 50),
        ("pass_score", 60),
        ("ban_months", 24),
        ("retention_months", 6),
        ("excellent_min_workers", 300),
        ("effective_from", date(2021, 1, 1)),
        ("effective_to", date(2023, 12, 31)),
        ("setup_amount", Decimal(10000)),
        ("excellent_amount", Decimal(20000)),
        ("min50_lookback_months", None),
    ],
)
def test_参数的值(policy, name, value):
    assert getattr(policy, name) == value


def test_解释口径都写明了另一种读法或出处(policy):
    for reading in policy.readings.values():
        assert reading.clause, reading.name
        assert not reading.interpretive or reading.alternative or reading.gap, reading.name
        assert reading.quote or reading.interpretive or reading.name in {"doc_no"}, reading.name


def weights(raw):
    raw["indicators"][0]["weight"] = 6


def overlap(raw):
    raw["indicators"][10]["bands"][1]["range"] = "[100,201]"


def both_inclusive(raw):
    raw["indicators"][11]["bands"][2]["range"] = "[50,60]"


def gap(raw):
    raw["indicators"][11]["bands"][1]["range"] = "[40,49]"


def point_gap(raw):
    raw["indicators"][7]["bands"][1]["range"] = "(50,75)"


def no_start(raw):
    raw["indicators"][10]["bands"][0]["range"] = "[1,100)"


def no_end(raw):
    raw["indicators"][11]["bands"][-1]["range"] = "(60,99]"


def band_spelling(raw):
    raw["indicators"][11]["bands"][-1]["range"] = "60-100"


def unknown_key(raw):
    raw["pv"]["min_si_month"] = raw["pv"]["min_si_months"]


def unknown_field(raw):
    raw["pv"]["min_si_months"]["vlaue"] = 3


def missing(raw):
    del raw["pv"]["veto_mode"]


def kind(raw):
    raw["pv"]["min_si_months"]["value"] = "2"


def truth(raw):
    raw["pv"]["min_si_months"]["value"] = True


def choice(raw):
    raw["pv"]["veto_mode"]["value"] = "D"


def unset(raw):
    raw["pv"]["min_si_months"] = {"unset": True, "clause": "第一条"}


def tiers(raw):
    raw["tiers"][1], raw["tiers"][2] = raw["tiers"][2], raw["tiers"][1]


def tier_start(raw):
    raw["tiers"][0]["floor"] = 61


def quote(raw):
    raw["pv"]["min_si_months"]["quote"] = "连续缴纳3个月以上"


def dates(raw):
    raw["pv"]["effective_to"]["value"] = date(2020, 12, 31)


def setting(raw):
    del raw["settings"]["notice_workdays"]


def best(raw):
    raw["indicators"][9]["bands"][-1]["score"] = 9


def article(raw):
    del raw["articles"][4]


def no_publicity(raw):
    raw["pv"]["publicity_workdays_assessment"]["value"] = 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(no_publicity, "应不小于1", id="评估结果不公示"),
        pytest.param(weights, "权重合计为101", id="权重不是一百"),
        pytest.param(overlap, "在200处重叠", id="分档重叠"),
        pytest.param(both_inclusive, "在50处重叠", id="两档都含同一数"),
        pytest.param(gap, "在49与50之间留有空档", id="分档有空档"),
        pytest.param(point_gap, "在50处留有空档", id="两档都不含同一数"),
        pytest.param(no_start, "没有从0开始", id="分档不从零起"),
        pytest.param(no_end, "没有到100为止", id="分档不到头"),
        pytest.param(band_spelling, "写法有误", id="分档写法"),
        pytest.param(unknown_key, "不认识的键 min_si_month", id="不认识的参数"),
        pytest.param(unknown_field, "不认识的键 vlaue", id="不认识的字段"),
        pytest.param(missing, "缺少参数 pv.veto_mode", id="缺参数"),
        pytest.param(kind, "类型不对", id="文字当数字"),
        pytest.param(truth, "类型不对", id="真假当数字"),
        pytest.param(choice, "“D”不是可选的值", id="没有的读法"),
        pytest.param(unset, "类型不对", id="不能空的参数"),
        pytest.param(tiers, "没有递增", id="奖励不递增"),
        pytest.param(tier_start, "两者不一致", id="奖励与合格线之间"),
        pytest.param(quote, "不在文件中", id="引文不实"),
        pytest.param(dates, "晚于截止日", id="施行日期颠倒"),
        pytest.param(setting, "缺少设置 settings.notice_workdays", id="缺设置"),
        pytest.param(best, "最高分9与权重10不符", id="最高分与权重"),
        pytest.param(article, "条文序号不连续", id="缺一条"),
    ],
)
def test_有误的版本不能载入(raw, change, message):
    build(raw)  # what is refused below is refused for the change alone
    change(raw)
    with pytest.raises(PolicyError) as refused:
        build(raw)
    assert message in str(refused.value)


def test_无穷档在中间算重叠(raw):
    raw["indicators"][10]["bands"][2]["range"] = "(200,∞)"
    with pytest.raises(PolicyError, match="重叠"):
        build(raw)


def test_文件有误时说明是哪个文件(tmp_path):
    broken = tmp_path / "2099-1.toml"
    broken.write_text("id = ", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"2099-1\.toml：文件格式有误"):
        read(broken)


def test_所有版本按施行日排列():
    assert [policy.id for policy in versions()] == ["JD-2021-14"]


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("[50,75)", Band(50, True, 75, False, 3)),
        ("(300,∞)", Band(300, False, None, False, 3)),
    ],
)
def test_分档写法(text, band):
    assert parse_band(text, 3) == band
