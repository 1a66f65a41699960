"""Words of the satisfaction surveys (附件3 C1, C2): who is asked, what can be answered."""

from django.db.models import TextChoices


class Kind(TextChoices):
    """Whose satisfaction is asked for."""

    WORKERS = "WORKERS", "务工人员"
    EMPLOYERS = "EMPLOYERS", "企业"


class Satisfaction(TextChoices):
    """The five steps of the question that is scored."""

    VERY_GOOD = "VERY_GOOD", "很满意"
    GOOD = "GOOD", "满意"
    FAIR = "FAIR", "一般"
    BAD = "BAD", "不满意"
    VERY_BAD = "VERY_BAD", "很不满意"


SATISFIED = (Satisfaction.VERY_GOOD, Satisfaction.GOOD)
"""What counts as satisfied (R-58/59)."""


class Second(TextChoices):
    """Whether it is as it was promised: the work for the person, the people for the employer."""

    ALL = "ALL", "都符合"
    MOST = "MOST", "大部分符合"
    FEW = "FEW", "不太符合"


class Third(TextChoices):
    """Whether the station helped when something was wrong."""

    HELPED = "HELPED", "帮助解决了"
    LEFT = "LEFT", "没有帮助"
    NONE = "NONE", "没有遇到问题"


LINES = {Kind.WORKERS: "C1", Kind.EMPLOYERS: "C2"}
"""The line of 附件3 a survey is scored in."""

QUESTIONS: dict[str, tuple[str, str, str]] = {
    Kind.WORKERS: (
        "您对工作站的服务满意吗？",
        "工作和当初介绍的一样吗？",
        "遇到困难时，工作站帮您解决了吗？",
    ),
    Kind.EMPLOYERS: (
        "贵单位对工作站的服务满意吗？",
        "送来的人员符合岗位要求吗？",
        "用工中遇到问题时，工作站帮助解决了吗？",
    ),
}
"""What is asked: the first question is scored, the other two say why."""
