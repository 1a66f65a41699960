"""Words of the roster: forms of employment, states of an import, who counts."""

from django.db.models import TextChoices


class CountStatus(TextChoices):
    """Whether a delivered person counts (第一条, R-02)."""

    COUNTED = "COUNTED", "计入"
    PENDING = "PENDING", "待核"
    EXCLUDED = "EXCLUDED", "不计"


class EmploymentForm(TextChoices):
    """用工形式; only direct employment counts (R-06)."""

    DIRECT = "DIRECT", "直接用工"
    DISPATCH = "DISPATCH", "劳务派遣"
    OUTSOURCING = "OUTSOURCING", "业务外包"
    PART_TIME = "PART_TIME", "非全日制"
    FLEXIBLE = "FLEXIBLE", "灵活就业"
    INTERN = "INTERN", "实习"


class BatchState(TextChoices):
    """Where an uploaded roster stands: ① 选文件 → ② 核对 → ③ 提交."""

    READING = "READING", "正在读取"
    CHOOSING = "CHOOSING", "待选工作表"
    CHECKING = "CHECKING", "核对中"
    COMMITTED = "COMMITTED", "已提交"
    DISCARDED = "DISCARDED", "已放弃"
    FAILED = "FAILED", "未能读取"


class StagedState(TextChoices):
    """GOOD rows are committed at 提交, BAD ones wait to be corrected, ASK ones for 「更正还是再次输送？」."""

    GOOD = "GOOD", "可提交"
    BAD = "BAD", "有问题"
    ASK = "ASK", "待确认"
    KNOWN = "KNOWN", "已登记"
    DONE = "DONE", "已提交"
    DROPPED = "DROPPED", "不导入"
