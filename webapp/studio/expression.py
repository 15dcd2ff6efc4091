"""The page on which an expression is tried, the answer that its script asks for, and the guide of the language."""

from typing import Any

from flask import jsonify, render_template, request
from msgspec import to_builtins
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from webapp.identity import actor, signed_in, the_runtime
from webapp.studio.frame import blueprint
from webapp.studio.guide import read_guide
from webapp.studio.trial import field_words, load_answer, load_trial, read_asked
from workflows.trial.attempts import Tried


@blueprint.get("/expression")
def expression() -> str:
    """Show the page, with what the address asks."""
    return _page(request.args)


@blueprint.post("/expression")
def try_expression() -> str:
    """Show what comes of the form."""
    return _page(request.form)


@blueprint.post("/expression/value")
def expression_value() -> Response:
    """Tell the page's script what comes of an expression."""
    answer = load_answer(the_runtime(), read_asked(request.form), actor())
    return jsonify(_as_data(answer or Tried(None, "", None, (), ())))


@blueprint.get("/feel")
def guide() -> str:
    """Show the guide of the language."""
    return render_template("studio/guide.html", guide=read_guide())


def _page(values: MultiDict[str, str]) -> str:
    page = load_trial(the_runtime(), read_asked(values), actor(), signed_in().org_id)
    return render_template("studio/expression.html", page=page, functions=read_guide().by_group)


def _as_data(answer: Tried) -> dict[str, Any]:  # Any: JSON
    """Return an answer as JSON has it; places are counted in characters, not in units of UTF-16."""
    told: dict[str, Any] = to_builtins(answer)
    if answer.fault is not None:
        told["fault"]["text"] = field_words(answer.fault.field) + answer.fault.text
    return told
