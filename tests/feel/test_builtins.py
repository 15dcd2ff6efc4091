"""Every built-in function: the examples of the standard, the edges of each domain, names of parameters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import feel
from feel.builtins import BUILTINS
from tests.feel.engine import HOST, literal, reasons, rows

CONVERSION = rows("""
    string(1.10)                                       ⇒ "1.1"
    string(null)                                       ⇒ null
    string("a")                                        ⇒ "a"
    string(true)                                       ⇒ "true"
    string(@"2026-05-01")                              ⇒ "2026-05-01"
    string(@"10:00:00Z")                               ⇒ "10:00:00Z"
    string(@"P1Y")                                     ⇒ "P1Y"
    string([1, "a", @"P1D"])                           ⇒ "[1, \\"a\\", @\\"P1D\\"]"
    string({a: "b", "c d": null})                      ⇒ "{a: \\"b\\", \\"c d\\": null}"
    string([1..2))                                     ⇒ "[1..2)"
    string(function(a, b) a)                           ⇒ "function(a, b)"
    string(1e-30)                                      ⇒ "0.000000000000000000000000000001"
    string(-0.0)                                       ⇒ "0"
    string(1e200 - 1e200)                              ⇒ "0"
    string(0 * 1e-100)                                 ⇒ "0"
    [1e200 - 1e200, -0 * 1e200]                        ⇒ [0, 0]
    number("1")                                        ⇒ 1
    number("-1.5e3")                                   ⇒ -1500
    number(".5")                                       ⇒ 0.5
    number("1.")                                       ⇒ null
    number("1,000.5", ",", ".")                        ⇒ 1000.5
    number("1 000,5", " ", ",")                        ⇒ 1000.5
    number("1.000.000,01", ".", ",")                   ⇒ 1000000.01
    number("1000", null, null)                         ⇒ 1000
    number("1.5", null, ",")                           ⇒ null
    number("1", ",", ",")                              ⇒ null
    number("1", "x", ".")                              ⇒ null
    number("1", ",", "x")                              ⇒ null
    number("")                                         ⇒ null
    number("a")                                        ⇒ null
    number("NaN")                                      ⇒ null
    number("Infinity")                                 ⇒ null
    number("9e99999")                                  ⇒ null
    number("1e9999999999")                             ⇒ null
    number(null)                                       ⇒ null
    number(1)                                          ⇒ null
    date("2026-05-01")                                 ⇒ @"2026-05-01"
    date(@"2026-05-01T10:00:00Z")                      ⇒ @"2026-05-01"
    date(@"2026-05-01")                                ⇒ @"2026-05-01"
    date(2026, 5, 1)                                   ⇒ @"2026-05-01"
    date(2026, 13, 1)                                  ⇒ null
    date(2026, 5, 1.5)                                 ⇒ null
    date(@"10:00:00")                                  ⇒ null
    date("2026-5-1")                                   ⇒ null
    time("10:00:00")                                   ⇒ @"10:00:00"
    time(@"10:00:00")                                  ⇒ @"10:00:00"
    time(@"2026-05-01T10:00:00Z")                      ⇒ @"10:00:00Z"
    time(@"2026-05-01")                                ⇒ @"00:00:00Z"
    time(10, 0, 0)                                     ⇒ @"10:00:00"
    time(10, 0, 0.5)                                   ⇒ @"10:00:00.5"
    time(10, 0, 0, @"PT8H")                            ⇒ @"10:00:00+08:00"
    time(10, 0, 0, null)                               ⇒ @"10:00:00"
    time(10, 0, 0, @"PT19H")                           ⇒ null
    time(24, 0, 0)                                     ⇒ null
    time(10, 60, 0)                                    ⇒ null
    time(10, 0, 60)                                    ⇒ null
    time(10.5, 0, 0)                                   ⇒ null
    time("x")                                          ⇒ null
    date and time("2026-05-01T10:00:00")               ⇒ @"2026-05-01T10:00:00"
    date and time("2026-05-01")                        ⇒ @"2026-05-01T00:00:00"
    date and time(@"2026-05-01", @"10:00:00Z")         ⇒ @"2026-05-01T10:00:00Z"
    date and time(@"2026-05-01T09:00:00", @"10:00:00") ⇒ @"2026-05-01T10:00:00"
    date and time(@"2026-05-01")                       ⇒ @"2026-05-01T00:00:00"
    date and time(@"2026-05-01T09:00:00")              ⇒ @"2026-05-01T09:00:00"
    date and time(@"2026-05-01T09:00:00", "Asia/Shanghai") ⇒ @"2026-05-01T09:00:00@Asia/Shanghai"
    date and time(@"2026-05-01", "Asia/Shanghai")      ⇒ @"2026-05-01T00:00:00@Asia/Shanghai"
    date and time(@"2026-05-01", "Nowhere")            ⇒ null
    date and time(2026, 5, 1, 10, 0, 0)                ⇒ @"2026-05-01T10:00:00"
    date and time(2026, 5, 1, 10, 0, 0, @"PT8H")       ⇒ @"2026-05-01T10:00:00+08:00"
    date and time(2026, 5, 32, 10, 0, 0)               ⇒ null
    date and time("x")                                 ⇒ null
    duration("P1Y")                                    ⇒ @"P1Y"
    duration("P1D")                                    ⇒ @"P1D"
    duration(@"P1D")                                   ⇒ @"P1D"
    duration("x")                                      ⇒ null
    years and months duration(@"2011-12-22", @"2013-08-24") ⇒ @"P1Y8M"
    years and months duration(@"2013-08-24", @"2011-12-22") ⇒ @"-P1Y8M"
    years and months duration(@"2026-01-31", @"2026-02-28") ⇒ @"P0M"
    years and months duration(@"2026-01-31T00:00:00", @"2026-03-31") ⇒ @"P2M"
    years and months duration(@"2026-01-31", null)     ⇒ null
""")

STRINGS = rows("""
    substring("foobar", 3)                             ⇒ "obar"
    substring("foobar", 3, 3)                          ⇒ "oba"
    substring("foobar", -2, 1)                         ⇒ "a"
    substring("🐎ab", 2)                               ⇒ "ab"
    substring("foobar", 3.8)                           ⇒ "obar"
    substring("foobar", 0)                             ⇒ null
    substring("foobar", 7)                             ⇒ null
    substring("foobar", 1, 0)                          ⇒ null
    substring("foobar", 1, null)                       ⇒ null
    string length("🐎ab")                              ⇒ 3
    string length("")                                  ⇒ 0
    upper case("aBc4火")                               ⇒ "ABC4火"
    lower case("aBc4")                                 ⇒ "abc4"
    substring before("foobar", "bar")                  ⇒ "foo"
    substring before("foobar", "xyz")                  ⇒ ""
    substring before("foobar", "")                     ⇒ ""
    substring after("foobar", "ob")                    ⇒ "ar"
    substring after("foobar", "xyz")                   ⇒ ""
    substring after("", "a")                           ⇒ ""
    substring after("foobar", "")                      ⇒ "foobar"
    contains("foobar", "of")                           ⇒ false
    contains("安全生产", "生产")                       ⇒ true
    starts with("foobar", "fo")                        ⇒ true
    ends with("foobar", "r")                           ⇒ true
    contains("a", null)                                ⇒ null
    contains(["foobar"], "of")                         ⇒ false
    string join(["a", "b", "c"], "_and_")              ⇒ "a_and_b_and_c"
    string join(["a", "b", "c"], "")                   ⇒ "abc"
    string join(["a", "b", "c"], null)                 ⇒ "abc"
    string join(["a", null, "c"], "X")                 ⇒ "aXc"
    string join([], "X")                               ⇒ ""
    string join("a", "X")                              ⇒ "a"
    string join(["a", 1])                              ⇒ null
    string join(null)                                  ⇒ null
""")

LISTS = rows("""
    list contains([1, 2, 3], 2)                        ⇒ true
    list contains([1, null], null)                     ⇒ true
    list contains([1, "2"], 2)                         ⇒ false
    count([1, [2, 3]])                                 ⇒ 2
    count([])                                          ⇒ 0
    count(1)                                           ⇒ 1
    count(null)                                        ⇒ null
    min([1, 2, 3])                                     ⇒ 1
    max(1, 2, 3)                                       ⇒ 3
    min(1)                                             ⇒ 1
    max([])                                            ⇒ null
    max([1, "a"])                                      ⇒ null
    max([1, null])                                     ⇒ null
    min(["b", "a"])                                    ⇒ "a"
    max(@"P1D", @"PT1H")                               ⇒ @"P1D"
    min()                                              ⇒ null
    sum([1, 2, 3])                                     ⇒ 6
    sum(1)                                             ⇒ 1
    sum([])                                            ⇒ null
    sum([1, null])                                     ⇒ null
    sum([@"P1D", @"PT1H"])                             ⇒ @"P1DT1H"
    sum([@"P1D", 1])                                   ⇒ null
    sum(["a"])                                         ⇒ null
    mean([1, 2, 3])                                    ⇒ 2
    mean([])                                           ⇒ null
    mean(1, 2)                                         ⇒ 1.5
    mean(["a"])                                        ⇒ null
    all([true, true])                                  ⇒ true
    all([false, null, true])                           ⇒ false
    all([true, null])                                  ⇒ null
    all([])                                            ⇒ true
    all(0)                                             ⇒ null
    all(true, false)                                   ⇒ false
    all()                                              ⇒ null
    any([false, null, true])                           ⇒ true
    any([false, null])                                 ⇒ null
    any(false)                                         ⇒ false
    any([])                                            ⇒ false
    any(0)                                             ⇒ null
    sublist([4, 5, 6], 1, 2)                           ⇒ [4, 5]
    sublist([4, 5, 6], -1)                             ⇒ [6]
    sublist([4, 5, 6], -2, 1)                          ⇒ [5]
    sublist([4, 5, 6], 0)                              ⇒ null
    sublist([4, 5, 6], 4)                              ⇒ null
    sublist([4, 5, 6], 2, 3)                           ⇒ null
    sublist([4, 5, 6], 1, 0)                           ⇒ null
    append([1], 2, 3)                                  ⇒ [1, 2, 3]
    append([1], [2])                                   ⇒ [1, [2]]
    append(1, null)                                    ⇒ [1, null]
    append(null, 1)                                    ⇒ null
    append([1])                                        ⇒ null
    concatenate([1, 2], [3])                           ⇒ [1, 2, 3]
    concatenate([1], 2)                                ⇒ [1, 2]
    concatenate([1], null)                             ⇒ null
    insert before([1, 3], 1, 2)                        ⇒ [2, 1, 3]
    insert before([1, 3], -1, 2)                       ⇒ [1, 2, 3]
    insert before([1, 3], 3, 2)                        ⇒ null
    insert before([1, 3], 1e30, 2)                     ⇒ null
    remove([1, 2, 3], 2)                               ⇒ [1, 3]
    remove([1, 2, 3], -1)                              ⇒ [1, 2]
    remove([1, 2, 3], 4)                               ⇒ null
    reverse([1, 2, 3])                                 ⇒ [3, 2, 1]
    index of([1, 2, 3, 2], 2)                          ⇒ [2, 4]
    index of([1, null], null)                          ⇒ [2]
    index of([1], 2)                                   ⇒ []
    union([1, 2], [2, 3])                              ⇒ [1, 2, 3]
    union([1, 1], null)                                ⇒ null
    distinct values([1, 2, 3, 2, 1])                   ⇒ [1, 2, 3]
    distinct values([1, "1", true, null, null])        ⇒ [1, "1", true, null]
    distinct values([[1], [1], {a: 1}, {a: 1}])        ⇒ [[1], {a: 1}]
    duplicate values([1, 2, 1, 2, 1, 3])               ⇒ [1, 2]
    flatten([[1, 2], [[3]], 4])                        ⇒ [1, 2, 3, 4]
    flatten([])                                        ⇒ []
    flatten(1)                                         ⇒ [1]
    product([2, 3, 4])                                 ⇒ 24
    product(2, 3)                                      ⇒ 6
    product([])                                        ⇒ null
    product([1e4000, 1e4000])                          ⇒ null
    median(8, 2, 5, 3, 4)                              ⇒ 4
    median([6, 1, 2, 3])                               ⇒ 2.5
    median([])                                         ⇒ null
    median(["a"])                                      ⇒ null
    stddev(2, 4, 7, 5)                                 ⇒ 2.081665999466132735282297706979931
    stddev([47])                                       ⇒ null
    stddev([])                                         ⇒ null
    mode(6, 3, 9, 6, 6)                                ⇒ [6]
    mode([6, 1, 9, 6, 1])                              ⇒ [1, 6]
    mode([])                                           ⇒ []
    mode([null])                                       ⇒ null
    mode()                                             ⇒ null
    list replace([1, 2, 3], 2, 9)                      ⇒ [1, 9, 3]
    list replace([1, 2, 3], -1, 9)                     ⇒ [1, 2, 9]
    list replace([1, 2, 3], 4, 9)                      ⇒ null
    list replace([1, 2, 3], function(item, new) item > 1, 9) ⇒ [1, 9, 9]
    list replace([1, 2, 3], function(item) true, 9)    ⇒ null
    list replace([1, 2, 3], function(item, new) 1, 9)  ⇒ null
    sort([3, 1, 2])                                    ⇒ [1, 2, 3]
    sort(["b", "a"])                                   ⇒ ["a", "b"]
    sort([1, "a"])                                     ⇒ null
    sort(list: [3, 1, 2], precedes: function(x, y) x > y) ⇒ [3, 2, 1]
    sort([3, 1], function(x) true)                     ⇒ null
    sort([{a: 2, b: 1}, {a: 1, b: 2}, {a: 1, b: 3}], function(x, y) x.a < y.a).b ⇒ [2, 3, 1]
""")

NUMERIC = rows("""
    decimal(1/3, 2)                                    ⇒ 0.33
    decimal(1.5, 0)                                    ⇒ 2
    decimal(2.5, 0)                                    ⇒ 2
    decimal(1234, -2)                                  ⇒ 1200
    decimal(1, 6177)                                   ⇒ null
    decimal(1, -6112)                                  ⇒ null
    decimal(1, null)                                   ⇒ null
    floor(1.5)                                         ⇒ 1
    floor(-1.56, 1)                                    ⇒ -1.6
    floor(1.5, null)                                   ⇒ null
    ceiling(1.5)                                       ⇒ 2
    ceiling(-1.56, 1)                                  ⇒ -1.5
    round up(5.5, 0)                                   ⇒ 6
    round up(-1.126, 2)                                ⇒ -1.13
    round down(1.126, 2)                               ⇒ 1.12
    round half up(1.125, 2)                            ⇒ 1.13
    round half up(-5.5, 0)                             ⇒ -6
    round half down(5.5, 0)                            ⇒ 5
    round half down(1.126, 2)                          ⇒ 1.13
    abs(-10)                                           ⇒ 10
    abs(@"-PT5H")                                      ⇒ @"PT5H"
    abs(@"-P1Y")                                       ⇒ @"P1Y"
    abs("a")                                           ⇒ null
    modulo(12, 5)                                      ⇒ 2
    modulo(-12, 5)                                     ⇒ 3
    modulo(12, -5)                                     ⇒ -3
    modulo(-12, -5)                                    ⇒ -2
    modulo(10.1, 4.5)                                  ⇒ 1.1
    modulo(-10.1, 4.5)                                 ⇒ 3.4
    modulo(5, 0)                                       ⇒ null
    modulo(1e6000, 3)                                  ⇒ null
    sqrt(16)                                           ⇒ 4
    sqrt(-1)                                           ⇒ null
    log(10)                                            ⇒ 2.302585092994045684017991454684364
    log(0)                                             ⇒ null
    exp(5)                                             ⇒ 148.4131591025766034211155800405523
    exp(100000)                                        ⇒ null
    odd(5)                                             ⇒ true
    odd(2.0)                                           ⇒ false
    odd(5.5)                                           ⇒ null
    even(-2)                                           ⇒ true
    even(1e40)                                         ⇒ true
""")

OTHERS = rows("""
    is(@"2012-12-25", @"23:00:50")                     ⇒ false
    is(@"2012-12-25", @"2012-12-25")                   ⇒ true
    is(@"23:00:50Z", @"23:00:50")                      ⇒ false
    is(@"23:00:50Z", @"23:00:50+00:00")                ⇒ true
    is([1], [1])                                       ⇒ true
    is(null, null)                                     ⇒ true
    is(1, "1")                                         ⇒ false
    day of year(@"2019-09-17")                         ⇒ 260
    day of year(@"-0004-12-31")                        ⇒ 366
    day of week(@"2019-09-17T10:00:00")                ⇒ "Tuesday"
    month of year(@"2019-09-17")                       ⇒ "September"
    week of year(@"2019-09-17")                        ⇒ 38
    week of year(@"2003-12-29")                        ⇒ 1
    week of year(@"2005-01-01")                        ⇒ 53
    week of year(@"12005-01-01")                       ⇒ 53
    day of week("2019-09-17")                          ⇒ null
    now()                                              ⇒ @"2026-05-01T09:30:00@Asia/Shanghai"
    today()                                            ⇒ @"2026-05-01"
    get value({a: 1}, "a")                             ⇒ 1
    get value({a: 1}, "b")                             ⇒ null
    get value({a: {b: 1}}, ["a", "b"])                 ⇒ 1
    get value({a: {b: 1}}, ["a", "c"])                 ⇒ null
    get value({a: 1}, ["a", "b"])                      ⇒ null
    get entries({a: 1, b: 2})                          ⇒ [{key: "a", value: 1}, {key: "b", value: 2}]
    context([{key: "a", value: 1}, {key: "b", value: null, more: 1}]) ⇒ {a: 1, b: null}
    context({key: "a", value: 1})                      ⇒ {a: 1}
    context([])                                        ⇒ {}
    context([{key: "a", value: 1}, {key: "b"}])        ⇒ null
    context([{key: "a", value: 1}, {key: "a", value: 2}]) ⇒ null
    context([{key: 1, value: 1}])                      ⇒ null
    context([1])                                       ⇒ null
    context put({x: 1, y: 0, z: 0}, "y", 2)            ⇒ {x: 1, y: 2, z: 0}
    context put({x: 1}, ["y"], 2)                      ⇒ {x: 1, y: 2}
    context put({x: 1, y: {a: 0}}, ["y", "a"], 2)      ⇒ {x: 1, y: {a: 2}}
    context put({x: 1}, ["y", "a"], 2)                 ⇒ {x: 1, y: {a: 2}}
    context put({x: 1}, ["x", "a"], 2)                 ⇒ null
    context put({x: 1}, [], 2)                         ⇒ null
    context put({x: 1}, [1], 2)                        ⇒ null
    context put({x: 1}, null, 2)                       ⇒ null
    context merge([{x: 1, y: 0}, {y: 2}])              ⇒ {x: 1, y: 2}
    context merge({x: 1})                              ⇒ {x: 1}
    context merge([{x: 1}, 2])                         ⇒ null
""")


@pytest.mark.parametrize(("text", "value"), [*CONVERSION, *STRINGS, *LISTS, *NUMERIC, *OTHERS])
def test_a_built_in_gives(text, value):
    assert literal(text) == value


@pytest.mark.parametrize("text", [text for text, value in [*LISTS, *NUMERIC, *STRINGS] if value == "null"])
def test_a_null_of_a_built_in_has_a_reason(text):
    plain = ("max([])", "sum([])", "median([])", "all([true, null])", "any([false, null])")
    assert reasons(text) or text in plain


NAMED = {
    "date": ["from", "year, month, day"],
    "time": ["from", "hour, minute, second, offset"],
    "date and time": ["from", "date, time"],
    "number": ["from", "from, grouping separator, decimal separator"],
    "string": ["from"],
    "duration": ["from"],
    "years and months duration": ["from, to"],
    "range": ["from"],
    "not": ["negand"],
    "substring": ["string, start position, length"],
    "string length": ["string"],
    "upper case": ["string"],
    "lower case": ["string"],
    "substring before": ["string, match"],
    "substring after": ["string, match"],
    "replace": ["input, pattern, replacement, flags"],
    "contains": ["string, match"],
    "starts with": ["string, match"],
    "ends with": ["string, match"],
    "matches": ["input, pattern, flags"],
    "split": ["string, delimiter"],
    "string join": ["list, delimiter"],
    "list contains": ["list, element"],
    **{
        name: ["list"]
        for name in ("count", "min", "max", "sum", "mean", "all", "any", "reverse", "flatten", "mode")
    },
    **{name: ["list"] for name in ("distinct values", "union", "concatenate", "product", "median", "stddev")},
    "sublist": ["list, start position, length"],
    "append": ["list, item"],
    "insert before": ["list, position, newItem"],
    "remove": ["list, position"],
    "index of": ["list, match"],
    "list replace": ["list, position, newItem", "list, match, newItem"],
    "sort": ["list, precedes"],
    "decimal": ["n, scale"],
    **{
        name: ["n, scale"]
        for name in ("floor", "ceiling", "round up", "round down", "round half up", "round half down")
    },
    "abs": ["n"],
    "modulo": ["dividend, divisor"],
    **{name: ["number"] for name in ("sqrt", "log", "exp", "odd", "even")},
    "is": ["value1, value2"],
    **{name: ["date"] for name in ("day of year", "day of week", "month of year", "week of year")},
    "before": ["point1, point2", "point, range", "range, point", "range1, range2"],
    "after": ["point1, point2", "point, range", "range, point", "range1, range2"],
    **{
        name: ["range1, range2"]
        for name in ("meets", "met by", "overlaps", "overlaps before", "overlaps after")
    },
    **{name: ["point, range", "range1, range2"] for name in ("finishes", "during", "starts")},
    **{name: ["range, point", "range1, range2"] for name in ("finished by", "includes", "started by")},
    "coincides": ["point1, point2", "range1, range2"],
    "get value": ["m, key"],
    "get entries": ["m"],
    "context": ["entries"],
    "context put": ["context, key, value", "context, keys, value"],
    "context merge": ["contexts"],
    "now": [""],
    "today": [""],
}
OF_CAMUNDA = {"duplicate values"}


def test_every_function_of_the_standard_is_there_and_no_other():
    assert set(BUILTINS) == set(NAMED) | OF_CAMUNDA


@pytest.mark.parametrize("name", sorted(NAMED))
def test_parameters_are_called_as_in_the_standard(name):
    known = [{parameter.name for parameter in one.parameters} for one in BUILTINS[name]]
    for signature in NAMED[name]:
        assert {part.strip() for part in signature.split(",") if part} in known


@pytest.mark.parametrize("name", ["now", "today"])
def test_without_an_instant_of_the_caller_there_is_no_present(name):
    assert feel.evaluate(f"{name}()", {}) is None


@pytest.mark.parametrize("name", sorted(BUILTINS))
@settings(max_examples=12)
@given(
    arguments=st.lists(
        st.sampled_from(["null", "1", '"a"', "[]", "[1, null]", "{}", "true", '@"P1D"', "[1..2]", "abs"]),
        max_size=4,
    )
)
def test_a_built_in_takes_whatever_it_is_given(name, arguments):
    result = feel.explain(f"{name}({', '.join(arguments)})", {}, HOST)
    assert feel.format_value(result.value)
