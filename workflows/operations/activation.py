"""Whether a policy may be served at all: channels published, provider engaged and filed (第五、二十二条)."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.dispatch import activation_gate
from store.tables import Engagement, InsurerProfile, Policy, ProviderProfile


def missing_for_activation(session: Session, policy: Policy, on: date) -> tuple[str, ...]:
    """Return the codes of activation_gap that stand against serving the policy; empty if nothing does."""
    insurer = session.get(InsurerProfile, policy.insurer_id) if policy.insurer_id else None
    provider = session.get(ProviderProfile, policy.org_id)
    engaged = session.scalar(
        select(Engagement.id)
        .where(
            Engagement.party_a_id == policy.insurer_id,
            Engagement.party_b_id == policy.org_id,
            Engagement.start <= on,
            Engagement.end >= on,
        )
        .limit(1)
    )
    published = {
        "complaint_channel": insurer.complaint_phone if insurer is not None else None,
        "complaint_procedure": insurer.complaint_procedure if insurer is not None else None,
        "mediation_method": insurer.mediation_method if insurer is not None else None,
    }
    return activation_gate(
        published,
        is_engaged=engaged is not None,
        is_provider_filed=provider is not None and bool(provider.filing_number),
    ).missing
