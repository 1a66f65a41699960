"""The seven materials are complete or not (R-15)."""

from dataclasses import replace

import pytest

from jinhua_labor.policy.load import versions
from stations.applications.enums import Channel
from stations.applications.rules import MaterialFacts, material_problems

POLICY = versions()[0]
SITES = ("M6:inside", "M6:outside")
FILES = {
    1: {"M1": 1},
    2: {"M2": 1},
    3: {"M3": 1},
    4: {"M4A": 1, "M4B": 2, "M4C": 1},
    5: {},
    6: {"M6:inside": 1, "M6:outside": 3},
    7: {"M7": 2},
}
COPIES = {1: 2, 2: 2, 3: 2, 4: 2, 5: 1, 6: 1, 7: 2}


def missing(changes=None, *, channel=Channel.ONLINE, paper=None, rows=62, sites=SITES, settings=POLICY.settings):
    counts = COPIES | (paper or {})
    given = {number: MaterialFacts(files, paper_received=counts[number]) for number, files in FILES.items()}
    for number, change in (changes or {}).items():
        given[number] = replace(given[number], **change)
    problems = material_problems(
        given, site_keys=sites, roster_rows=rows, channel=channel, policy=POLICY, settings=settings
    )
    return [problem.target for problem in problems]


@pytest.mark.parametrize(
    ("changes", "rest", "expected"),
    [
        pytest.param({}, {}, [], id="七项齐全"),
        pytest.param({7: {"files": {}}}, {}, ["M7"], id="七缺一"),
        pytest.param({4: {"files": {"M4A": 1, "M4B": 1}}}, {}, ["M4C"], id="缺务工人员管理办法"),
        pytest.param({4: {"files": {"M4D": 5}}}, {}, ["M4A", "M4B", "M4C"], id="其他制度不能代替"),
        pytest.param({2: {"files": {}, "shared": True}}, {}, [], id="许可证共享获取"),
        pytest.param({3: {"files": {}, "shared": True}}, {}, ["M3"], id="申请表不能共享获取"),
        pytest.param({1: {"stamped": False}}, {}, ["M1"], id="营业执照未盖章"),
        pytest.param({1: {"stamped": True}}, {}, [], id="营业执照已盖章"),
        pytest.param({2: {"stamped": False}}, {}, [], id="许可证未要求盖章"),
        pytest.param({}, {"rows": 0}, ["M5"], id="没有名册"),
        pytest.param({6: {"files": {"M6:inside": 1}}}, {}, ["M6:outside"], id="省外场所没有照片"),
        pytest.param({6: {"files": {}}}, {"sites": ()}, ["M6"], id="没有场所也没有照片"),
    ],
)
def test_线上材料(changes, rest, expected):
    assert missing(changes, **rest) == expected


@pytest.mark.parametrize(
    ("paper", "expected"),
    [
        pytest.param({}, [], id="份数相符"),
        pytest.param({2: 1}, ["M2"], id="许可证只收1份"),
        pytest.param({3: 0, 7: 1}, ["M3", "M7"], id="申请表未收法人证少1份"),
    ],
)
def test_窗口收纸质份数(paper, expected):
    assert missing(channel=Channel.COUNTER, paper=paper) == expected


def test_线上不计纸质除非要求():
    none = dict.fromkeys(COPIES, 0)
    assert missing(paper=none) == []
    assert missing(paper=none, settings=replace(POLICY.settings, paper_required=True)) == [f"M{n}" for n in range(1, 8)]
