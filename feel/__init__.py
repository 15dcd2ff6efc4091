"""FEEL, the expression language of DMN: parse, compile, evaluate, within limits.

Pure and thread-safe; imports the standard library only. What a text may use of its surroundings is in `Host`.
"""

from feel.errors import (
    FeelError,
    FeelLimitError,
    FeelSyntaxError,
    FeelTypeError,
    NullReason,
    reason_sentence,
)
from feel.exchange import format_value, kind_of
from feel.limits import ADVANCE_FUEL, PLAIN, Host, HostFunction, Meter
from feel.parser import parse_expression as parse
from feel.parser import parse_unary_tests
from feel.printer import format_expression
from feel.program import (
    Mention,
    Program,
    References,
    Result,
    compile_unary_tests,
    evaluate,
    explain,
    mentions,
    names_in,
    references,
    unary_test,
)
from feel.program import compile_expression as compile  # noqa: A004 - the word of the design; never star-imported
from feel.types import kind_name
from feel.values import DaysTime, Range, YearsMonths

__all__ = [
    "ADVANCE_FUEL",
    "PLAIN",
    "DaysTime",
    "FeelError",
    "FeelLimitError",
    "FeelSyntaxError",
    "FeelTypeError",
    "Host",
    "HostFunction",
    "Mention",
    "Meter",
    "NullReason",
    "Program",
    "Range",
    "References",
    "Result",
    "YearsMonths",
    "compile",
    "compile_unary_tests",
    "evaluate",
    "explain",
    "format_expression",
    "format_value",
    "kind_name",
    "kind_of",
    "mentions",
    "names_in",
    "parse",
    "parse_unary_tests",
    "reason_sentence",
    "references",
    "unary_test",
]
