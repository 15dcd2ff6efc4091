"""A town where a coordinator enters registers by hand: helpers of the tests of the register pages."""

import re
from datetime import date

from rules.codes import uscc_check_sign
from store.tables import Engagement, InsurerProfile, ProviderProfile
from tests.webapp.conftest import EVERYTHING


def uscc(number):
    """Return a made-up credit code with a true check sign."""
    body = f"91330300DEM{number:06d}"
    return body + uscc_check_sign(body)


def unit(number=1, **changes):
    """Return what is typed into the form of a unit."""
    typed = {
        "name": f"瑞安市汇川{number}号铸造有限公司",
        "uscc": uscc(number),
        "region_code": "瑞安市",
        "address": "汀田街道工业二路 18 号",
        "contact": "黄建洲",
        "mobile": "13812345678",
        "high_risk_kind": "非高危行业",
    }
    return {**typed, **changes}


def policy(number=1, of=1, **changes):
    """Return what is typed into the form of a policy."""
    typed = {
        "number": f"AZX{number:06d}",
        "policyholder_uscc": uscc(of),
        "written_premium": "7000.00",
        "term_start": "2026-11-01",
        "term_end": "2027-10-31",
    }
    return {**typed, **changes}


def open_for_business(web):
    """Let the provider be filed and engaged, and the insurer's channels be published."""
    provider, insurer = web.organization("provider"), web.organization("insurer")
    with web.runtime.database.write(EVERYTHING, now=web.clock()) as session:
        session.add_all(
            [
                Engagement(
                    kind="insurer_provider",
                    party_a_id=insurer,
                    party_b_id=provider,
                    start=date(2026, 1, 1),
                    end=date(2028, 12, 31),
                    org_id=provider,
                ),
                ProviderProfile(organization_id=provider, filing_number="WZ-001", filing_status="filed"),
                InsurerProfile(
                    organization_id=insurer,
                    complaint_phone="0577-1",
                    complaint_procedure="登记、核实、答复",
                    mediation_method="调解",
                ),
            ]
        )


def enter(browser, section, **typed):
    """Fill in the form of a section and follow to what comes of it."""
    return browser.post(f"/registers/{section}/new", typed, follow_redirects=True)


def correct(browser, page, **typed):
    """Open the form of the record that a page shows, change some of it, and send it."""
    address = f"{page.request.path}/edit"
    fields = {**shown(browser.get(address).text), **typed}
    return browser.post(address, fields, follow_redirects=True)


def shown(html):
    """Return what stands in the fields of a form, as a browser would send it."""
    form = html[html.index('<form class="content') :]
    fields = dict(re.findall(r'<input class="form-control[^"]*"[^>]*name="([^"]+)" value="([^"]*)"', form))
    fields |= dict(re.findall(r'<input type="hidden" name="(version|key)" value="([^"]*)"', form))
    fields |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', form))
    fields |= dict(re.findall(r'type="radio"[^>]*name="([^"]+)" value="([^"]*)" checked', form))
    fields |= {
        name: (re.findall(r"<option selected>([^<]*)<", body) or [""])[0]
        for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL)
    }
    boxes: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="checkbox" name="([^"]+)" value="([^"]*)" checked', form):
        boxes.setdefault(name, []).append(value)
    return {**fields, **boxes}
