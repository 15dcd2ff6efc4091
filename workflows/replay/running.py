"""All cases of a process replayed, counted, and grouped by where they part from their history."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

import feel
from store.calendar import load_calendar
from workflows.bundles import Bundle
from workflows.host import feel_host
from workflows.pinned import form_of, spec_of
from workflows.replay.case import ReplayedCase, Surroundings
from workflows.replay.history import BATCH, histories
from workflows.replay.model import EXAMPLES, Group, Report, Result, Verdict


def replay(session: Session, bundle: Bundle, still_at_work: Callable[[], None]) -> Report:
    """Run every case of the bundle's process through it, writing nothing; says between batches that it is at work.

    The session must see all cases. Raises: DiagramError if the bundle does not run.
    """
    return _report(bundle, results(session, bundle, still_at_work))


def results(session: Session, bundle: Bundle, still_at_work: Callable[[], None]) -> Iterator[Result]:
    """Yield how each case fares, the oldest first."""
    calendar = load_calendar(session)

    def feel_at(moment: datetime) -> feel.Host:
        return feel_host(calendar, moment)

    around = Surroundings(bundle, partial(form_of, session), feel_at)
    for n, history in enumerate(histories(session, bundle.spec.key)):
        if n % BATCH == 0:
            still_at_work()
        yield ReplayedCase(around, history, spec_of(session, history.release_id)).result()


def _report(bundle: Bundle, found: Iterable[Result]) -> Report:
    groups: dict[tuple[Verdict, str, str], list[Result]] = {}
    counts: Counter[Verdict] = Counter()
    for result in found:
        counts[result.verdict] += 1
        if result.verdict is not Verdict.SAME:
            groups.setdefault((result.verdict, result.element, result.text), []).append(result)
    listed = [
        Group(verdict, element, _name(bundle, element), text, len(cases), tuple(cases[:EXAMPLES]))
        for (verdict, element, text), cases in groups.items()
    ]
    order = list(Verdict)
    listed.sort(key=lambda group: (-order.index(group.verdict), -group.count, group.element, group.text))
    return Report(bundle.spec.key, counts.total(), dict(counts), tuple(listed))


def _name(bundle: Bundle, element: str) -> str:
    node = bundle.spec.nodes.get(element)
    return element if node is None else str(node["name"])
