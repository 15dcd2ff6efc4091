"""Small registers: 指导督办、口径答复、制度标准、监督检查、宣传推广、服务目录、调阅授权 (第四、六、八、二十八条)."""

from __future__ import annotations

from documents.sheets.columns import Column, Register, Row, choice, code, day, text, whole
from documents.sheets.offices import Dated


def _day(title: str) -> Column:
    return day(title, key="day", required=True, example="2026-03-02")


def _until(title: str) -> Column:
    return day(title, key="until", example="2026-12-31")


def _title(title: str, example: str) -> Column:
    return text(title, key="title", required=True, most=100, width=34, example=f"示例：{example}")


def _text(title: str, example: str, *, required: bool = False) -> Column:
    return text(title, key="text", required=required, most=500, width=40, example=example)


def _party(title: str) -> Column:
    hint, example = "名称或信用代码", "某某安全技术服务有限公司"
    return text(title, key="party", required=True, hint=hint, width=30, example=example)


def _number(title: str, *, required: bool = False) -> Column:
    return code(title, key="number", required=required, width=26, example="温安责办2026-8号")


_SUPERVISED = choice("进展", "supervision_state", key="state", required=True, example="待整改")

GUIDANCE = Register(
    "guidance",
    "指导督办",
    Dated,
    ("number",),
    ("联席会议办公室、县区安委办对各方的指导、督办和通报（第四条）。",),
    (
        _title("事项", "服务单未按期归档"),
        _number("文号", required=True),
        choice("形式", "guidance_form", key="form", required=True, example="督办"),
        _party("对象"),
        _text("要求", "限期补齐回访和归档", required=True),
        _day("下达日期"),
        _until("整改期限"),
        _SUPERVISED,
        text("整改结果", key="result", most=500, width=40),
    ),
)

INTERPRETATIONS = Register(
    "interpretations",
    "口径答复",
    Row,
    ("number",),
    ("联席会议办公室对标准的解释（第二十八条）；口径改变的，另在规则参数里增加一行。",),
    (
        _title("问题", "三万元整按几次服务"),
        _number("文号", required=True),
        text("所依条款", key="article", most=50, example="第十四条"),
        _text("口径", "按两次服务", required=True),
        _day("答复日期"),
        text("影响的参数", key="parameters", most=200, width=30),
    ),
)

LIBRARY = Register(
    "documents",
    "制度标准",
    Dated,
    ("title", "version"),
    ("本机构的制度和执行的标准，一个版本一行（第八条）；联席会议办公室登记的，各方都看得到。",),
    (
        _title("文件名称", "服务质量控制制度"),
        code("版本", key="version", required=True, most=20, example="2026-1"),
        choice("类别", "system_document", key="category", required=True, example="质量控制制度"),
        _number("文号"),
        _day("生效日期"),
        _until("失效日期"),
        _text("说明", "替代 2025 年版"),
    ),
)

SUPERVISIONS = Register(
    "supervisions",
    "监督检查",
    Dated,
    ("number",),
    ("保险机构、联席会议办公室对第三方服务和费用使用的监督检查（第六条）。",),
    (
        _title("检查事项", "事故预防费用使用情况"),
        _number("检查编号", required=True),
        _party("被检查机构"),
        _day("检查日期"),
        _text("发现的问题", "两笔支出没有凭证", required=True),
        _until("整改期限"),
        _SUPERVISED,
        text("整改情况", key="result", most=500, width=40),
    ),
)

PROMOTIONS = Register(
    "promotions",
    "宣传推广",
    Dated,
    ("title", "day"),
    ("安责险和事故预防服务的宣传推广活动（第十三、二十四条）。",),
    (
        _title("活动名称", "安全生产月进园区宣讲"),
        choice("形式", "promotion_form", key="form", required=True, example="宣讲"),
        text("受众", key="audience", required=True, most=100, example="园区规上企业"),
        whole("人次", key="people", example="120"),
        _day("活动日期"),
        _text("内容", "讲解第三档和服务流程"),
    ),
)

SKILLS = Register(
    "skill_trainings",
    "专职人员技能培训",
    Row,
    ("title", "day"),
    ("保险机构从事事故预防的专职人员，每年至少参加一次技能培训（第五条）。",),
    (
        _title("培训内容", "隐患排查和风险辨识"),
        _day("培训日期"),
        whole("人数", key="people", required=True, example="6"),
        text("参加人员", key="attendees", most=200, width=30, example="张三、李四"),
        _text("说明", "由安全评价机构授课"),
    ),
)

SERVICES = Register(
    "services",
    "服务目录",
    Dated,
    ("title",),
    ("本机构向投保单位免费提供的服务项目，归入第十二条的六大类。",),
    (
        _title("服务项目", "粉尘涉爆专项排查"),
        choice("所属大类", "service_item", key="item", required=True, example="生产安全事故隐患排查"),
        _text("服务内容", "对照判定标准逐项排查", required=True),
        text("交付成果", key="deliverable", most=200, example="隐患告知书"),
        _day("启用日期"),
        _until("停用日期"),
    ),
)

GRANTS = Register(
    "grants",
    "调阅授权",
    Dated,
    ("number",),
    ("联席会议办公室或保险机构授权审计调阅业务内容：对象、目的、起止（第八条）。",),
    (
        _title("目的", "核查费用列支"),
        _number("授权编号", required=True),
        _party("调阅对象"),
        _day("起始日"),
        day("截止日", key="until", required=True, example="2026-06-30"),
        _text("范围", "2026 年一季度的台账和凭证"),
    ),
)

REGISTERS = (GUIDANCE, INTERPRETATIONS, LIBRARY, SUPERVISIONS, PROMOTIONS, SKILLS, SERVICES, GRANTS)
