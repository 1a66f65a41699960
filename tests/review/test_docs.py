"""The table of steps in the docs is the table in the code."""

from pathlib import Path

from jinhua_labor.review.states import STEPS, State

DOC = Path(__file__).resolve().parents[2] / "docs" / "review.md"


def test_文档中的步骤表与代码一致():
    order = list(State)
    rows = [
        [
            step.action.label,
            "、".join(state.label for state in order if state in step.sources),
            step.target.label,
            "、".join(
                sorted(
                    (role.label for role in step.roles), key=["承建单位", "区就业服务中心", "区人社局", "系统"].index
                )
            ),
            "是" if step.comment_required else "否",
        ]
        for step in STEPS.values()
    ]
    lines = [
        line for line in DOC.read_text(encoding="utf-8").splitlines() if line.startswith("| ") and "---" not in line
    ]
    assert [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]] == rows
