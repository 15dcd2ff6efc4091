"""What each role does first, in its own words; only pages that the role may open are linked."""

from collections.abc import Collection, Mapping

from flask import current_app
from msgspec import Struct

from webapp import access
from webapp.texts import Lazy, lazy


class Step(Struct, frozen=True):
    """One thing to do, and the page where it is done."""

    title: Lazy
    text: Lazy
    endpoint: str
    icon: str = "checklist"


INBOX = Step(
    lazy("先看待办"),
    lazy("红色的已经逾期，黄色的今明两天到期；从上往下办。"),
    "inbox.index",
    "inbox",
)

UNITS = Step(
    lazy("看单位"), lazy("每家单位应服务几次、已做几次，都写着依据。"), "registers.index", "building"
)
FILED = Step(
    lazy("看报送的报告"),
    lazy("每月的隐患统计、每半年的自评，数字点得到记录。"),
    "filed_reports.index",
    "file-text",
)
HAZARDS = Step(lazy("看隐患"), lazy("哪些还没闭环、到了哪一步、谁在办。"), "hazards.index", "alert-triangle")
COMPLAINTS = Step(
    lazy("看投诉"), lazy("每件投诉的答复期限、走到哪一步、答复了什么。"), "complaints.index", "message-circle"
)
CASES = Step(lazy("看办件"), lazy("每一单走到哪里、下一步是谁、到什么时候。"), "cases.index", "briefcase")

STEPS: Mapping[str, tuple[Step, ...]] = {
    "coordinator": (
        INBOX,
        Step(
            lazy("派单和约时间"),
            lazy("保单生效后编制方案，按方案派单，服务前与单位约好时间。"),
            "cases.index",
            "calendar-event",
        ),
        Step(
            lazy("盯住欠次"), lazy("单位页说明应服务几次、为什么，还差几次。"), "registers.index", "building"
        ),
        Step(
            lazy("盯住重大隐患"),
            lazy("到期前要复查，拒不整改的当天报告。"),
            "hazards.index",
            "alert-triangle",
        ),
    ),
    "expert": (
        INBOX,
        Step(
            lazy("进场先签到"),
            lazy("允许进场的四项要素齐了才能签到；服务记录当场写，双方当场签。"),
            "inbox.index",
            "map-pin",
        ),
        Step(
            lazy("复查隐患"), lazy("整改到期的去复查，前后照片放在一起。"), "hazards.index", "clipboard-check"
        ),
    ),
    "return_visitor": (
        INBOX,
        Step(
            lazy("在期限内回访"),
            lazy("电话、网络或现场；打不通的记下来，换个时间再打。"),
            "inbox.index",
            "phone",
        ),
    ),
    "provider_manager": (
        INBOX,
        Step(lazy("审批方案和延期"), lazy("方案、延期、争议都在待办里等你。"), "inbox.index", "checklist"),
        Step(
            lazy("导入单位和保单"),
            lazy("用 Excel 模板导入，错的行会带着原因退回来。"),
            "registers.index",
            "file-import",
        ),
        Step(lazy("看重大隐患"), lazy("没闭环的排在最前，写着谁在办。"), "hazards.index", "alert-triangle"),
    ),
    "provider_finance": (
        INBOX,
        Step(
            lazy("归档了才结算"),
            lazy("服务单归档以后，结算才会出现在待办里。"),
            "inbox.index",
            "report-money",
        ),
        UNITS,
    ),
    "policyholder": (
        INBOX,
        Step(
            lazy("确认和整改"),
            lazy("确认服务时间、允许进场、签服务记录，按期整改隐患。"),
            "inbox.index",
            "checklist",
        ),
        Step(
            lazy("看本单位的服务"),
            lazy("应服务几次、费用用到哪里，都写着依据。"),
            "registers.index",
            "building",
        ),
        Step(
            lazy("不满意可以投诉"),
            lazy("保险机构公示的投诉电话、程序和调处方式都写着，期限内书面答复。"),
            "beginnings.index",
            "message-circle",
        ),
    ),
    "insurer": (
        INBOX,
        Step(lazy("核对费率依据"), lazy("到期前收到三项依据，核对后用于续保。"), "cases.index", "scale"),
        Step(
            lazy("导入保单"),
            lazy("新保单登记后，服务周期自动开始。"),
            "registers.index",
            "file-import",
        ),
    ),
    "insurer_finance": (INBOX, UNITS),
    "complaint_officer": (
        INBOX,
        Step(
            lazy("在期限内答复投诉"),
            lazy("先受理，再核实，答复要书面。"),
            "inbox.index",
            "message-circle",
        ),
        COMPLAINTS,
    ),
    "joint_office": (INBOX, FILED, HAZARDS, UNITS, CASES, COMPLAINTS),
    "agency_manager": (
        INBOX,
        Step(
            lazy("看本机构的服务"),
            lazy("派给本机构的服务单，归档后还能看三十天。"),
            "cases.index",
            "briefcase",
        ),
    ),
    "process_designer": (
        Step(
            lazy("看流程"),
            lazy("每张流程图现在是第几版、有哪些步骤、谁来办、填什么表、在办多少件。"),
            "studio.index",
            "sitemap",
        ),
        Step(
            lazy("试表达式"),
            lazy("写一个条件或公式，看它得到什么、错在哪里；例子和函数都有说明。"),
            "studio.expression",
            "player-play",
        ),
    ),
    "system_admin": (
        Step(
            lazy("处理停住的办件"),
            lazy("每一件写着原因和怎么办；排除原因后重试。"),
            "admin.incidents",
            "alert-triangle",
        ),
        Step(lazy("看后台任务"), lazy("打印、消息、导入有没有做不成的。"), "admin.jobs", "refresh"),
        Step(
            lazy("核对参数和日历"),
            lazy("标准里的每个数都有出处；新一年的放假安排公布后更新。"),
            "admin.parameters",
            "gavel",
        ),
    ),
    "security_admin": (
        Step(lazy("建账号"), lazy("初始密码只显示一次，第一次登录要改掉。"), "admin.new_person", "user-plus"),
        Step(
            lazy("给角色、收角色"),
            lazy("下一次打开页面就生效；三类管理员不能由同一人兼任。"),
            "admin.people",
            "shield-lock",
        ),
        Step(
            lazy("送离职的人"),
            lazy("当场退出登录，名下待办退回本组。"),
            "admin.people",
            "logout",
        ),
    ),
    "auditor": (
        Step(
            lazy("校验事件链"),
            lazy("从头算一遍，说出第一处不对的地方。"),
            "admin.verification",
            "shield-lock",
        ),
        Step(
            lazy("查变更"), lazy("账号、角色、台账、设置：谁在什么时候改了什么。"), "admin.changes", "history"
        ),
        Step(
            lazy("按授权调阅"),
            lazy("授权的起止日内，看得到授权对象的办件、台账、隐患和费用；每看一页记一条。"),
            "cases.index",
            "briefcase",
        ),
        Step(lazy("查访问"), lazy("登录、被拒绝的访问。"), "admin.accesses", "eye"),
    ),
}
READ_ONLY = (CASES, HAZARDS, UNITS)


def first_steps(roles: Collection[str]) -> list[Step]:
    """Return what a person with these roles does first, each page once."""
    known = [step for role in sorted(roles) for step in STEPS.get(role, ())]
    if not known:
        known = [*([INBOX] if access.may_open("inbox.index", frozenset(roles)) else []), *READ_ONLY]
    found: dict[str, Step] = {}
    for step in known:
        if step.endpoint in current_app.view_functions and access.may_open(step.endpoint, frozenset(roles)):
            found.setdefault(str(step.title), step)
    return list(found.values())
