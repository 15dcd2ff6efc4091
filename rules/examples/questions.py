"""Finding the question that an input asks, by its topic and its keys, and answering it."""

from collections.abc import Mapping

from rules.errors import UnknownCodeError
from rules.examples import checks, duties, files, fund, hazards, scores, visits
from rules.examples.reading import Answer, Input, Question

QUESTIONS: tuple[Question, ...] = (
    *visits.QUESTIONS,
    *fund.QUESTIONS,
    *files.QUESTIONS,
    *hazards.QUESTIONS,
    *duties.QUESTIONS,
    *scores.QUESTIONS,
    *checks.QUESTIONS,
)
# Topics whose questions are near relations: an example of one may ask a question of another.
FAMILIES: Mapping[str, str] = {
    "refusal": "hazard",
    "coverage": "hazard",
    "exchange": "training",
    "reporting": "training",
    "validation": "complaint",
}


def answer(topic: str, given: Input) -> Answer:
    """Return the answer to every question that the input asks, as one mapping.

    The topic's own questions come first, then those of its family, then any other.

    Raises: UnknownCodeError if no question is recognised.
    """
    asked = [question for question in QUESTIONS if question.is_asked_by(given)]
    family = [question for question in asked if _family(question.topic) == _family(topic)]
    chosen = sorted(family or asked, key=lambda question: question.topic != topic)
    if not chosen:
        raise UnknownCodeError(table="question", code=", ".join(sorted(given)))
    found: Answer = {"must_not_raise": True}
    for question in reversed(chosen):
        found |= question.answer(given)
    return found


def _family(topic: str) -> str:
    return FAMILIES.get(topic, topic)
