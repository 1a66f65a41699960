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


class Decision(TextChoices):
    """What a row means that brings a known person with another date or employer: asked, never guessed."""

    CORRECT = "CORRECT", "更正原记录"
    AGAIN = "AGAIN", "再次输送"
    DROP = "DROP", "不导入"


class ReasonCode(TextChoices):
    """Why a worker does not (yet) count (R-02). Codes not listed are unused."""

    E01 = "E01", "身份证号校验不符"
    E03 = "E03", "非省外户籍"
    E04 = "E04", "户籍待核实"
    E05 = "E05", "入职时未满16周岁"
    E06 = "E06", "已达法定退休年龄"
    E07 = "E07", "劳务派遣"
    E08 = "E08", "入职企业不是金东区用人主体"
    E09 = "E09", "未连续缴纳2个月"
    E10 = "E10", "参保情况待查"
    E11 = "E11", "参保地不在金东"
    E12 = "E12", "缴费单位不是入职的金东区用人主体"
    E13 = "E13", "已计算过"
    E14 = "E14", "该人员已被其他站点登记"
    E15 = "E15", "补缴待认可"
    E16 = "E16", "入职时间晚于统计日"
    E17 = "E17", "非直接用工"
    E18 = "E18", "岗位证明待补"
    E19 = "E19", "业务外包待核查"


class CountFlag(TextChoices):
    """What a reader should know of a worker without it deciding anything."""

    MINOR = "MINOR", "未成年工"
    DISPATCH_ALARM = "DISPATCH_ALARM", "疑似派遣"
    LOCAL_BEFORE = "LOCAL_BEFORE", "入职前6个月内已在金东参保"


class InsuranceStatus(TextChoices):
    """缴费状态 of a month as the insurance extract writes it."""

    PAID = "实缴", "实缴"
    OWED = "欠缴", "欠缴"
    BACK_PAID = "补缴", "补缴"


class ContractTiming(TextChoices):
    """Whether the labour contract was signed in time (R-08)."""

    TIMELY = "TIMELY", "及时"
    LATE = "LATE", "逾期签订"
    MISSING = "MISSING", "未签订"


class RetentionResult(TextChoices):
    """留用统计 of a delivery, once (第六条（四）7; R-27)."""

    RETAINED = "RETAINED", "留用"
    LEFT = "LEFT", "未留用"
    UNVERIFIED = "UNVERIFIED", "无法核实"


class RetentionSource(TextChoices):
    """Where a result comes from: the station's own answer, or the centre's correction of it."""

    STATION = "STATION", "工作站统计"
    CENTRE = "CENTRE", "中心更正"


class RecountCause(TextChoices):
    """Why a whole station was counted anew."""

    ASKED = "ASKED", "中心重新核算"
    COMMAND = "COMMAND", "后台命令"
    NIGHTLY = "NIGHTLY", "每夜核算"
    INSURANCE = "INSURANCE", "导入参保数据"


class LeaveReason(TextChoices):
    """离职原因 as the operator learnt it."""

    TERM_ENDED = "TERM_ENDED", "合同到期"
    RESIGNED = "RESIGNED", "本人辞职"
    DISMISSED = "DISMISSED", "用人单位解除"
    WENT_HOME = "WENT_HOME", "返乡"
    MOVED = "MOVED", "转到其他企业"
    OTHER = "OTHER", "其他"


class ContractKind(TextChoices):
    """期限 of a labour contract (《劳动合同法》第12条)."""

    FIXED = "FIXED", "固定期限"
    OPEN = "OPEN", "无固定期限"
    TASK = "TASK", "以完成一定工作任务为期限"


class SkillKind(TextChoices):
    """What a certificate attests (附件3 C4, R-66)."""

    SKILL = "SKILL", "职业技能等级"
    QUALIFICATION = "QUALIFICATION", "职业资格"
    TITLE = "TITLE", "专业技术职称"


class SkillLevel(TextChoices):
    """五级 to 一级 of skills and qualifications, 初级 to 正高级 of titles; the value is what the policy compares."""

    L5 = "5", "五级（初级工）"
    L4 = "4", "四级（中级工）"
    L3 = "3", "三级（高级工）"
    L2 = "2", "二级（技师）"
    L1 = "1", "一级（高级技师）"
    JUNIOR = "初级", "初级"
    MIDDLE = "中级", "中级"
    ASSOCIATE_SENIOR = "副高级", "副高级"
    SENIOR = "正高级", "正高级"


SKILL_LEVELS = (SkillLevel.L5, SkillLevel.L4, SkillLevel.L3, SkillLevel.L2, SkillLevel.L1)
TITLE_LEVELS = (SkillLevel.JUNIOR, SkillLevel.MIDDLE, SkillLevel.ASSOCIATE_SENIOR, SkillLevel.SENIOR)


class CertificateResult(TextChoices):
    """核验结果 of the centre's look-up by number."""

    PENDING = "PENDING", "待核验"
    VERIFIED = "VERIFIED", "已核验"
    UNFOUND = "UNFOUND", "查无此证"


class CorrectionKind(TextChoices):
    """What was done to a row that counted, or whose year is frozen."""

    CORRECT = "CORRECT", "更正"
    ADD = "ADD", "补录"
    LEAVE = "LEAVE", "离职登记"


class Kept(TextChoices):
    """Which of two registrations of a person holds (E14)."""

    HOLDER = "HOLDER", "先登记的"
    CLAIMANT = "CLAIMANT", "后登记的"
