"""Facts of what is pushed online: the year against the seven categories, the content, whom it means and reached."""

from forms.context import Choice
from rules.online_push import missing_categories
from rules.vocabulary import label
from store.pages.pushes import categories_of_year, reach_of
from store.tables import Organization, PushContent
from workflows.acts import Act
from workflows.facts.groups import about
from workflows.facts.training import audience_facts
from workflows.operations.pushes import count_published, failed_deliveries_of
from workflows.reading import Facts, found

MOST = 200


def push_of(act: Act) -> PushContent | None:
    """Return the push that the case is about."""
    return found(act, PushContent, act.case.variables.get("content_id"))


def _year(act: Act, content: PushContent) -> Facts:
    missing = missing_categories(categories_of_year(act.session, content.org_id, act.today.year))
    return {
        "push_missing": "、".join(label("push_category", code) for code in missing),
        "push_published": count_published(act),
    }


def _written(_act: Act, content: PushContent) -> Facts:
    return {
        "push_category_name": label("push_category", content.category) if content.category else "",
        "push_title": content.title,
        "push_body": content.body,
        "push_files": len(content.files),
        "push_source": content.source,
        "push_publish_on": content.publish_on,
        "push_opinion": content.opinion,
    }


def _audience(act: Act, content: PushContent) -> Facts:
    return audience_facts(act, content.audience_rule)


def _reach(act: Act, content: PushContent) -> Facts:
    reach = reach_of(act.session, [content.id])[content.id]
    return {
        "push_sent": reach.units,
        "push_delivered": reach.delivered,
        "push_read": reach.read,
        "push_failed_names": "、".join(choice.label for choice in failed_deliveries(act)),
    }


def failed_deliveries(act: Act) -> list[Choice]:
    """Return the units that the case's push has not reached."""
    content = push_of(act)
    rows = failed_deliveries_of(act, content)[:MOST] if content is not None else []
    units = [(row.id, act.session.get(Organization, row.policyholder_id)) for row in rows]
    return [Choice(str(key), unit.name) for key, unit in units if unit is not None]


PUSH_FACTS = (
    about(push_of, _year, "push_missing", "push_published"),
    about(
        push_of,
        _written,
        "push_category_name",
        "push_title",
        "push_body",
        "push_files",
        "push_source",
        "push_publish_on",
        "push_opinion",
    ),
    about(push_of, _audience, "audience_count", "audience_first_time", "audience_names"),
    about(push_of, _reach, "push_sent", "push_delivered", "push_read", "push_failed_names"),
)
"""What forms may read of a push (第十二条)."""
