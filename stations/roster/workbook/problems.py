"""What may be wrong in a cell of a workbook: how grave it is, what kinds there are, how they are told together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

ERROR: Final = "error"  # the row stays in staging until it is corrected
ASK: Final = "ask"  # 更正还是再次输送？
WARNING: Final = "warning"  # shown, blocks nothing

TITLES: Final[dict[str, str]] = {
    "name": "姓名有误",
    "name_odd": "姓名含有不常见的字符",
    "empty": "身份证号为空",
    "number": "身份证号被存成数值",
    "scientific": "身份证号成了科学计数",
    "rounded": "身份证号疑似被舍入",
    "fifteen": "15 位身份证号",
    "length": "身份证号位数不对",
    "characters": "身份证号含有其他字符",
    "province": "身份证号前两位不对",
    "birth": "身份证号中的出生日期不对",
    "century": "身份证号中的出生日期过早",
    "future": "身份证号中的出生日期晚于今天",
    "checksum": "身份证号校验码不符",
    "hukou": "户籍为空或有误",
    "hukou_unread": "户籍未能识别省份",
    "employer": "入职企业为空或有误",
    "date_empty": "日期为空",
    "date_month": "日期只有年月",
    "date_short_year": "年份只有两位",
    "date_order": "日期分不清月和日",
    "date_impossible": "日期不存在",
    "date_range": "日期超出范围",
    "date_unreadable": "日期无法识别",
    "entry_future": "入职时间晚于今天",
    "under_age": "入职时未满年龄",
    "leave_early": "离职早于入职",
    "phone": "联系电话有误",
    "text": "文字有误",
    "duplicate": "同一人重复填写",
    "repeat": "同一人出现多次",
}


class Problem(NamedTuple):
    """One thing wrong in one cell: where it is, and a sentence that says what to do."""

    code: str
    row: int
    column: str
    field: str
    message: str
    severity: str = ERROR

    def text(self) -> str:
        """「第 7 行 C 列：……」"""
        return f"第 {self.row} 行{f' {self.column} 列' if self.column else ''}：{self.message}"


@dataclass(slots=True)
class ProblemGroup:
    """Problems of one kind, together with how many there are."""

    code: str
    title: str
    severity: str
    problems: list[Problem] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.problems)


def grouped(problems: Iterable[Problem]) -> list[ProblemGroup]:
    """Problems by kind: errors first, then questions, then warnings; within that the most frequent first."""
    groups: dict[str, ProblemGroup] = {}
    for problem in problems:
        group = groups.get(problem.code)
        if group is None:
            title = TITLES.get(problem.code, "其他问题")
            group = groups[problem.code] = ProblemGroup(problem.code, title, problem.severity)
        group.problems.append(problem)
    order = (ERROR, ASK, WARNING)
    return sorted(groups.values(), key=lambda group: (order.index(group.severity), -group.count, group.code))
