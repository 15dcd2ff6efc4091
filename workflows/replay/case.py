"""One case replayed: its recorded commands, one after the other, on another diagram."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import feel
from forms.model import Form
from workflows.bundles import Bundle, digest_of
from workflows.engine import (
    Cancel,
    Complete,
    Deliver,
    EngineError,
    Fire,
    MoveTokens,
    Outcome,
    Return,
    Spec,
    Token,
    advance,
    mapping_from_json,
    move,
    peek,
    return_points,
    sentence,
    start,
)
from workflows.recording import CANCELLED, DELIVERED, STARTED, STRAIGHT, TOLD, kept_variables
from workflows.replay import history as told
from workflows.replay.answers import never_answered, typed_answers
from workflows.replay.host import NotRecordedError, ReplayHost
from workflows.replay.model import History, Move, Result, Verdict

_KINDS = {told.FIRED: ("timer",), told.COMPLETED: ("step",)}


class PartedError(Exception):
    """The case cannot follow its history any further."""

    def __init__(self, verdict: Verdict, element: str, text: str) -> None:
        super().__init__(text)
        self.verdict, self.element, self.text = verdict, element, text


class Surroundings:
    """What all cases of one replay have in common: the files that are tried, and what reads the recorded ones."""

    def __init__(
        self, bundle: Bundle, form_of: Callable[[str], Form], feel_at: Callable[[datetime], feel.Host]
    ) -> None:
        """Try this bundle; `form_of` reads a recorded form by its digest, `feel_at` lends the functions of a moment."""
        self.bundle, self.spec = bundle, bundle.spec
        self.form_of, self.feel_at = form_of, feel_at
        self.articles = _articles(self.spec, self.spec.nodes)

    def form_changed(self, element: str, digest: str) -> Form | None:
        """Return the form that a step asks in the bundle, None if it asked the same one then."""
        step = self.spec.steps.get(element)
        content = None if step is None else self.bundle.files.get(f"forms/{step.form}.json")
        if step is None or content is None or digest_of(content) == digest:
            return None
        return self.bundle.form(step.form)


class ReplayedCase:
    """A case on its way through the bundle."""

    def __init__(self, around: Surroundings, history: History, own: Spec) -> None:
        """Replay this history, recorded on `own`."""
        self.around, self.history, self.own = around, history, own
        self.waits = sorted(token.element for token in peek(own, history.state)) if history.state else []
        self.outcome: Outcome | None = None
        self.passed: set[str] = set()
        self.heard = {one.element for one in history.moves} | {
            e for one in history.moves for _, e in one.told
        }
        self.earlier: dict[str, object] = {}
        self.parted: PartedError | None = None

    def result(self) -> Result:
        """Return how the case fares."""
        try:
            self._run()
        except PartedError as error:
            self.parted = error
        broken = self._article_broken()
        found = broken or self.parted
        number = self.history.number
        if found is None:
            return Result(self.history.case_id, number, Verdict.SAME)
        return Result(self.history.case_id, number, found.verdict, found.element, found.text)

    def _run(self) -> None:
        for one in self.history.moves:
            self._follow(one)
        tokens = () if self.outcome is None else self.outcome.tokens
        if self.history.status in told.LIVE:
            self._same_place(tokens)
        elif self.outcome is not None and self.outcome.status == "open":
            raise self._left_waiting(tokens)
        elif self.outcome is not None and self.outcome.end_event != self.history.end_event:
            self._part(
                Verdict.OTHER, self.outcome.end_event or "", f"结束在“{self._name(self.outcome.end_event)}”"
            )

    def _follow(self, one: Move) -> None:
        if self.outcome is not None and self.outcome.status != "open":
            self._part(Verdict.OTHER, self.outcome.end_event or "", "比历史早结束")
            return
        host = ReplayHost(self.around.bundle, self.around.feel_at(one.at), self.earlier)
        host.expect(one)
        try:
            outcome = self._carried_out(one, host)
        except NotRecordedError as error:
            text = f"历史里没有“{self._name(error.element)}”的操作结果"
            raise PartedError(Verdict.MISSING, error.element or "", text) from error
        except EngineError as error:
            raise PartedError(Verdict.STUCK, error.element or one.element, sentence(error)) from error
        if outcome is None:
            return
        self.outcome = outcome
        self.passed |= {done.element for done in outcome.trail} | {one.element}
        self._same_way(one, outcome)

    def _carried_out(self, one: Move, host: ReplayHost) -> Outcome | None:
        if one.kind == told.OPENED:
            return self._begun(one, host)
        if self.outcome is None:
            return None
        if one.kind == told.MOVED:
            return self._moved_by_hand(one, host, self.outcome)
        if one.kind == told.CANCELLED:
            return move(self.around.spec, self.outcome.state, Cancel(""), host, one.at)
        return self._gone_on(one, host, self.outcome)

    def _gone_on(self, one: Move, host: ReplayHost, before: Outcome) -> Outcome | None:
        token = self._token(one, before.tokens)
        if token is None:
            return None
        if one.kind in (told.RETURNED, told.WITHDRAWN):
            return self._returned(one, token, host, before.state)
        return advance(self.around.spec, before.state, self._instruction(one, token), host, one.at)

    def _begun(self, one: Move, host: ReplayHost) -> Outcome:
        spec = self.around.spec
        if one.element and one.element not in spec.starts:
            raise PartedError(Verdict.STUCK, one.element, f"开始事件“{self._name(one.element)}”不在了")
        answers = self._answers(one)
        return start(spec, kept_variables(one.body), host, one.at, one.element or None, answers)

    def _instruction(self, one: Move, token: Token) -> Complete | Fire | Deliver:
        if one.kind == told.FIRED:
            return Fire(token.id)
        if one.kind == told.COMPLETED:
            self._ask(one)
            return Complete(token.id, self._answers(one))
        if DELIVERED in one.body:
            return Deliver(token.id, mapping_from_json(one.body[DELIVERED]))
        kept = one.body.get("payload") or one.body.get("answers")
        return Deliver(token.id, kept if isinstance(kept, Mapping) else {})

    def _answers(self, one: Move) -> dict[str, object]:
        kept, digest = one.body.get("answers"), one.body.get("form_sha256")
        if not isinstance(kept, Mapping):
            return {}
        return typed_answers(self.around.form_of(str(digest)), kept) if digest else dict(kept)

    def _ask(self, one: Move) -> None:
        """Ask whether the recorded answers suffice for another form. Raises: PartedError."""
        form = self.around.form_changed(one.element, str(one.body.get("form_sha256")))
        kept = one.body.get("answers")
        if form is not None and (label := never_answered(form, kept if isinstance(kept, Mapping) else {})):
            raise PartedError(Verdict.MISSING, one.element, f"必填的“{label}”历史里没有答案")

    def _token(self, one: Move, tokens: tuple[Token, ...]) -> Token | None:
        """Return the open token that a recorded command is about; None where the case has come another way."""
        kinds = _KINDS.get(one.kind, ())
        for token in tokens:
            if token.element == one.element and (not kinds or token.kind in kinds):
                return token
        if one.element not in self.around.spec.nodes:
            self._part(Verdict.OTHER, one.element, f"“{self._name(one.element)}”不在了")
            return None
        unanswered = [token for token in tokens if token.kind == "step" and token.element not in self.heard]
        if unanswered:
            raise self._unanswered(unanswered[0])
        self._part(Verdict.OTHER, one.element, f"没有走到“{self._name(one.element)}”")
        return None

    def _returned(self, one: Move, token: Token, host: ReplayHost, state: bytes) -> Outcome | None:
        spec = self.around.spec
        for point in return_points(spec, state, token.id):
            if point.element == one.body.get("to"):
                back = Return(token.id, point.activation, "" if one.body.get(STRAIGHT) else None)
                return move(spec, state, back, host, one.at)
        self._part(Verdict.OTHER, one.element, f"不能退回“{self._name(str(one.body.get('to')))}”")
        return None

    def _moved_by_hand(self, one: Move, host: ReplayHost, before: Outcome) -> Outcome:
        gone = one.body.get(CANCELLED)
        begun = one.body.get(STARTED)
        if not isinstance(gone, list) or not isinstance(begun, list):
            raise PartedError(Verdict.MISSING, "", "管理员改走环节的经过没有记全")
        ids = tuple(token.id for token in before.tokens if token.element in gone)
        by_hand = MoveTokens(ids, tuple(map(str, begun)))
        return move(self.around.spec, before.state, by_hand, host, one.at)

    def _same_way(self, one: Move, outcome: Outcome) -> None:
        """Compare what the engine told then and now."""
        now = [(done.kind, done.element) for done in outcome.trail if done.kind in TOLD]
        for was, came in zip(one.told, now, strict=False):
            if was != came:
                self._part(
                    Verdict.OTHER, came[1], f"走到“{self._name(came[1])}”，当时是“{self._name(was[1])}”"
                )
                return
        if len(one.told) != len(now):
            longer = (*one.told, *now)[min(len(one.told), len(now)) :]
            element = next((e for _, e in longer if e), one.element)
            self._part(Verdict.OTHER, element, f"在“{self._name(element)}”前后与当时不同")

    def _same_place(self, tokens: tuple[Token, ...]) -> None:
        here = sorted(token.element for token in tokens)
        if here == self.waits:
            return
        for token in tokens:
            if token.element not in self.waits:
                if token.kind == "step" and token.element not in self.own.nodes:
                    raise self._unanswered(token)
                self._part(Verdict.OTHER, token.element, f"现在停在“{token.name}”")
                return
        element = next((one for one in self.waits if one not in here), "")
        self._part(Verdict.OTHER, element, f"不停在“{self._name(element)}”")

    def _left_waiting(self, tokens: tuple[Token, ...]) -> PartedError:
        for token in tokens:
            if token.kind == "step":
                return self._unanswered(token)
        element, name = (tokens[0].element, tokens[0].name) if tokens else ("", "")
        return PartedError(Verdict.STUCK, element, f"停在“{name}”，历史里等的事没有来")

    def _unanswered(self, token: Token) -> PartedError:
        return PartedError(Verdict.MISSING, token.element, f"停在“{token.name}”，历史里没有它的答案")

    def _article_broken(self) -> PartedError | None:
        """Tell whether the case came to an article then that it does not come to now."""
        had = _articles(self.own, self.heard | {f for one in self.history.moves for f, _, _ in one.found})
        lost = sorted(had.keys() - self.around.articles.keys())
        ended = self.outcome is not None and self.outcome.status == "completed"
        if ended and self.history.status == "completed":
            lost = lost or sorted(had.keys() - _articles(self.around.spec, self.passed).keys())
        if not lost:
            return None
        element = had[lost[0]]
        return PartedError(Verdict.BROKEN, element, f"没有走到第 {lost[0]} 条要的“{self._name(element)}”")

    def _part(self, verdict: Verdict, element: str, text: str) -> None:
        """Remember where the case first left its way; it is followed further, since worse may come."""
        if self.parted is None:
            self.parted = PartedError(verdict, element, text)

    def _name(self, element: str | None) -> str:
        for spec in (self.around.spec, self.own):
            if element in spec.nodes:
                return str(spec.nodes[str(element)]["name"])
        return element or ""


def _articles(spec: Spec, elements: Iterable[str]) -> dict[str, str]:
    """Return the articles on which these elements rest, each with the first element of it."""
    found: dict[str, str] = {}
    for element in sorted(elements):
        if element in spec.nodes and (article := spec.nodes[element].get("article")):
            found.setdefault(str(article), element)
    return found
