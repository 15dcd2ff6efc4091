"""Papers about records that offices keep beside the daily work (第四、五、六、十条)."""

from __future__ import annotations

from documents.papers.common import Content, Paper


class GuidanceOrder(Paper, frozen=True):
    """督办单 of the joint office or a district office (第四条); the days stand as they were written."""

    form: str
    order_number: str
    matter: str
    addressee: str
    demand: str
    day: str
    until: str
    state: str
    result: str


class FilingRegistration(Paper, frozen=True):
    """第三方服务机构备案登记表 (第五条)."""

    filing_number: str
    filing_status: str
    filing_date: str
    valid_until: str


class EngagementLetter(Paper, frozen=True):
    """聘书 of a professional whom a provider engages by a contract (第五、十条)."""

    person: str
    contract_number: str
    start: str
    end: str


class Payment(Content, frozen=True):
    """A payment for a unit."""

    day: str
    category: str
    payee: str
    amount: str


class FundStatement(Paper, frozen=True):
    """每户费用通报单: what was set aside and spent for a unit in a year (第六条)."""

    year: int
    premium: str
    accrued: str
    spent: str
    visits: int
    payments: tuple[Payment, ...]
