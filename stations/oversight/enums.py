"""Words of supervision (第六条（一）（三）, 第八条): changes, visits and what they find, activities, revocation."""

from django.db.models import TextChoices

# --- 变更报备 ---------------------------------------------------------------------------------------------------------


class ChangeKind(TextChoices):
    """What a station changes; 负责人 is the 专人 as well as the head of the unit (R-23)."""

    OPERATOR = "OPERATOR", "承建单位"
    LIAISON = "LIAISON", "站点负责人（专人）"
    HEAD = "HEAD", "机构负责人"
    ADDRESS = "ADDRESS", "工作站地址"
    PARTNER = "PARTNER", "合作机构"
    NAME = "NAME", "工作站名称"


PERSON_CHANGES = frozenset({ChangeKind.LIAISON, ChangeKind.HEAD})
"""负责人员变动 (附件3): late or never counts as a case."""
HANDED_OVER = frozenset({ChangeKind.OPERATOR, *PERSON_CHANGES})
"""After these the work is handed over with a list both sign (及时做好工作交接)."""


class ChangeSource(TextChoices):
    REPORTED = "REPORTED", "站点报备"
    FOUND = "FOUND", "检查发现未报备"


class ChangeState(TextChoices):
    """报备 → 备案 or 退回; a change of 承建单位 goes through both steps of the review instead."""

    SUBMITTED = "SUBMITTED", "待备案"
    RETURNED = "RETURNED", "退回修改"
    FILED = "FILED", "已备案"
    REFUSED = "REFUSED", "不予变更"
    WITHDRAWN = "WITHDRAWN", "已撤回"


OPEN_CHANGES = (ChangeState.SUBMITTED, ChangeState.RETURNED)


class ChangePaperSlot(TextChoices):
    """Papers of a change; those of the new unit only where 承建单位 changes."""

    FORM = "FORM", "变更报备表（盖章）"
    LICENCE = "LICENCE", "接收单位人力资源服务许可证"
    PLACES = "PLACES", "接收单位办公场所证明和照片"
    RULES = "RULES", "接收单位工作管理制度"
    PACT = "PACT", "接收单位劳务协作协议"
    HANDOVER = "HANDOVER", "工作交接清单（双方签字）"
    OTHER = "OTHER", "其他材料"


UNIT_PAPERS = (ChangePaperSlot.LICENCE, ChangePaperSlot.PLACES, ChangePaperSlot.RULES, ChangePaperSlot.PACT)
"""What the new unit must show (第三条（一）至（三））; the 50 persons are inherited."""


class UnitCondition(TextChoices):
    """What the centre judges of a new unit; the conditions (四)(五) stay with the station."""

    GENERAL = "GENERAL", "总体要求"
    PLACES = "PLACES", "实体化运作"
    ORDER = "ORDER", "管理规范"


UNIT_CLAUSES: dict[str, str] = {
    UnitCondition.GENERAL: "第三条（一）",
    UnitCondition.PLACES: "第三条（二）",
    UnitCondition.ORDER: "第三条（三）",
}


class UnitVerdict(TextChoices):
    MET = "MET", "符合"
    UNMET = "UNMET", "不符合"


class UnitCredit(TextChoices):
    """信用核查 of the new unit (R-09)."""

    NONE = "NONE", "无不良记录"
    FOUND = "FOUND", "有不良记录"
    DOUBT = "DOUBT", "存疑"


# --- 走访检查 ---------------------------------------------------------------------------------------------------------


class VisitKind(TextChoices):
    ROUTINE = "ROUTINE", "日常走访"
    SUPERVISION = "SUPERVISION", "监督检查"
    SPECIAL = "SPECIAL", "专项检查"
    ASSESSMENT = "ASSESSMENT", "实地评估"


class VisitSide(TextChoices):
    DISTRICT = "DISTRICT", "金东区工作地点"
    AREA = "AREA", "省外工作地点"
    EMPLOYER = "EMPLOYER", "用工企业"
    OTHER = "OTHER", "其他"


class VisitState(TextChoices):
    PLANNED = "PLANNED", "待走访"
    DONE = "DONE", "已完成"
    CANCELLED = "CANCELLED", "已取消"


class CheckResult(TextChoices):
    """One line of 附件3 as seen on the spot; lines nobody looked at have no row."""

    GOOD = "GOOD", "正常"
    PROBLEM = "PROBLEM", "有问题"


class FindingState(TextChoices):
    OPEN = "OPEN", "待整改"
    ANSWERED = "ANSWERED", "待复查"
    CLOSED = "CLOSED", "已整改"


# --- 劳务对接活动 -----------------------------------------------------------------------------------------------------


class ActivityKind(TextChoices):
    FAIR = "FAIR", "招聘会"
    SCHOOL = "SCHOOL", "校企合作"
    EXCHANGE = "EXCHANGE", "考察对接"
    ONLINE = "ONLINE", "线上对接"
    OTHER = "OTHER", "其他形式"


class ActivityMode(TextChoices):
    ONSITE = "ONSITE", "现场"
    ONLINE = "ONLINE", "线上"
    MIXED = "MIXED", "现场和线上"


class ActivityRole(TextChoices):
    """What a station was to an event; who only helped did not organise it (附件3 C3)."""

    HOST = "HOST", "主办"
    JOINT = "JOINT", "联合主办"
    UNDERTAKE = "UNDERTAKE", "承办"
    ASSIST = "ASSIST", "协办"


ORGANISING_ROLES = frozenset({ActivityRole.HOST, ActivityRole.JOINT, ActivityRole.UNDERTAKE})


class ActivityState(TextChoices):
    SUBMITTED = "SUBMITTED", "待确认"
    RETURNED = "RETURNED", "退回修改"
    CONFIRMED = "CONFIRMED", "已确认"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class ActivityPaperSlot(TextChoices):
    PHOTO = "PHOTO", "活动照片"
    SIGN_IN = "SIGN_IN", "签到表"
    OTHER = "OTHER", "其他佐证"


# --- 取消资格 ---------------------------------------------------------------------------------------------------------


class Ground(TextChoices):
    """第八条（一）至（五）."""

    G1 = "G1", "（一）主动申请取消资格"
    G2 = "G2", "（二）因自身原因或不可抗力因素，不再具备设立条件"
    G3 = "G3", "（三）连续两个年度评估不合格"
    G4 = "G4", "（四）弄虚作假、虚报冒领补贴"
    G5 = "G5", "（五）发生重大安全责任事故，或严重损害务工人员、企业权益受到投诉并核实"


class GraveLimb(TextChoices):
    """Which half of （五）."""

    ACCIDENT = "ACCIDENT", "重大安全责任事故"
    COMPLAINT = "COMPLAINT", "受到投诉并核实"


class RevocationStage(TextChoices):
    """How far the procedure has come; where the review is open, its state says whose turn it is."""

    DRAFT = "DRAFT", "系统拟稿"
    PROPOSED = "PROPOSED", "拟取消"
    NOTIFIED = "NOTIFIED", "已告知"
    REPORTED = "REPORTED", "已报审"
    DECIDED = "DECIDED", "已取消"
    DISMISSED = "DISMISSED", "不予取消"
    REVERSED = "REVERSED", "决定已撤销"
    WITHDRAWN = "WITHDRAWN", "已撤回"
    DROPPED = "DROPPED", "不予提出"


OPEN_REVOCATION = (RevocationStage.PROPOSED, RevocationStage.NOTIFIED, RevocationStage.REPORTED)
"""While one of these lasts the station is 取消程序中."""


class RevocationPaperSlot(TextChoices):
    APPLICATION = "APPLICATION", "取消资格申请书（签字盖章）"
    EVIDENCE = "EVIDENCE", "事实证据"
    STATEMENT = "STATEMENT", "陈述申辩材料"
    REVERSAL = "REVERSAL", "撤销决定的文书"


class ReversalCause(TextChoices):
    """Why a decision fell."""

    REVIEW = "REVIEW", "行政复议"
    COURT = "COURT", "行政诉讼"
    SELF = "SELF", "自行纠正"


# --- 投诉与安全责任事故 -----------------------------------------------------------------------------------------------


class ComplaintChannel(TextChoices):
    PHONE = "PHONE", "电话"
    VISIT = "VISIT", "来访"
    ONLINE = "ONLINE", "网络"
    HOTLINE = "HOTLINE", "12345"
    REFERRED = "REFERRED", "转办"


class ComplainantKind(TextChoices):
    WORKER = "WORKER", "务工人员"
    EMPLOYER = "EMPLOYER", "企业"
    OTHER = "OTHER", "其他"


class RightsOf(TextChoices):
    """Whose rights are said to be harmed (第八条（五）)."""

    WORKER = "WORKER", "务工人员"
    EMPLOYER = "EMPLOYER", "企业"


class ComplaintState(TextChoices):
    """登记 → 已告知, under inquiry → 核实 → 办结."""

    REGISTERED = "REGISTERED", "待告知"
    TOLD = "TOLD", "调查核实中"
    VERIFIED = "VERIFIED", "待答复办结"
    CLOSED = "CLOSED", "已办结"


class Verdict(TextChoices):
    """是否核实; 部分 counts as 是 (dictionary §4.6)."""

    YES = "YES", "属实"
    PARTLY = "PARTLY", "部分属实"
    NO = "NO", "不属实"


COUNTING_VERDICTS = (Verdict.YES, Verdict.PARTLY)


class AccidentState(TextChoices):
    REGISTERED = "REGISTERED", "待认定责任"
    PROPOSED = "PROPOSED", "待第二人复核"
    DECIDED = "DECIDED", "已认定"


class AccidentBasis(TextChoices):
    """Who found the responsibility (R-64); what the centre finds needs a second person of it."""

    AUTHORITY = "AUTHORITY", "主管部门的认定文书"
    CENTRE = "CENTRE", "区就业服务中心认定"


class AccidentGrade(TextChoices):
    ORDINARY = "ORDINARY", "一般事故"
    LARGER = "LARGER", "较大事故"
    MAJOR = "MAJOR", "重大事故"
    EXTREME = "EXTREME", "特别重大事故"


# --- 委托协会检查 -----------------------------------------------------------------------------------------------------


class SharedSection(TextChoices):
    """What an assignment shows beside the station's masked facts and the chosen files (R-21)."""

    ROSTER = "ROSTER", "名册（姓名、身份证号遮盖，没有电话）"
    VISITS = "VISITS", "走访检查与问题整改"
    ACTIVITIES = "ACTIVITIES", "劳务对接活动"
