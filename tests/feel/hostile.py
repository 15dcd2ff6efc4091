"""Expressions that want to take time, memory or what is not theirs; and how each has to end.

The second part is the bound that is met (`fuel`, `string` …), `syntax` for a refused text, `null`, or `value`.
"""

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LONG = 'string join(for i in 1..1000 return "' + "a" * 90 + '")'
TRIPLED = "a0: [1, 1, 1], " + ", ".join(f"a{i + 1}: [a{i}, a{i}, a{i}]" for i in range(15))
DOUBLED = 'a: "' + "z" * 1000 + '", ' + ", ".join(
    f"{b}: {'+'.join([a] * 10)}" for a, b in zip("abcde", "bcdef", strict=True)
)  # fmt: skip

HOSTILE: dict[str, tuple[str, str]] = {
    "power": ("9 ** (9 ** 9)", "null"),
    "powers in a row": ("9**9**9", "value"),
    "negative power": ("0.1 ** 9999", "value"),
    "powers with a fraction": ("for i in 1..9999 return 2 ** 9999.5", "fuel"),
    "logarithms": ("for i in 1..9999 return log(i ** 0.333)", "fuel"),
    "exponentials": ("for i in 1..9999 return exp(i)", "fuel"),
    "long digits": ('for i in 1..9999 return number("' + "9" * 900 + '")', "fuel"),
    "digits of a string": ("string(9 ** 5000)", "digits"),
    "scale": ("decimal(1e-6000, 6176)", "value"),
    "parentheses": ("(" * 1990 + "1" + ")" * 1990, "syntax"),
    "lists": ("[" * 1990 + "]" * 1990, "syntax"),
    "minus signs": ("-" * 3990 + "1", "syntax"),
    "conditions": ("if true then " * 200 + "1" + " else 1" * 200, "syntax"),
    "length": ("1 " + "+ 1 " * 1000, "syntax"),
    "parts": ("1" + "+1" * 1500, "syntax"),
    "text doubled": ("{" + DOUBLED + "}.f", "string"),
    "text joined": ("{s: " + LONG + ", r: string join([s, s])}.r", "string"),
    "text replaced": ("{s: " + LONG + ', r: replace(s, "a", s)}.r', "fuel"),
    "texts cut": ("{s: " + LONG + ", r: for i in 1..9999 return substring(s, 2)}.r", "fuel"),
    "texts searched": (
        "{s: " + LONG + ', r: for i in 1..9999 return contains(s, "' + "a" * 60 + 'b")}.r',
        "fuel",
    ),
    "texts split": ("{s: " + LONG + ', r: for i in 1..999 return split(s, "a")}.r', "fuel"),
    "lists in lists": ("{" + TRIPLED + "}.a15", "fuel"),
    "lists as text": ("{" + TRIPLED + ", r: string(a15)}.r", "fuel"),
    "lists compared": ("{" + TRIPLED + ", r: a15 = a15}.r", "fuel"),
    "lists flattened": ("{" + TRIPLED + ", r: flatten(a15)}.r", "fuel"),
    "lists typed": (
        "{" + TRIPLED + ", r: a15 instance of " + "list<" * 16 + "number" + ">" * 16 + "}.r",
        "fuel",
    ),
    "lists grown": ("{l: for i in 1..9999 return i, r: concatenate(l, l)}.r", "list"),
    "lists copied": ("{l: for i in 1..9999 return i, r: for i in 1..9999 return reverse(l)}.r", "fuel"),
    "lists asked": ("{l: for i in 1..9999 return true, r: for i in 1..9999 return all(l)}.r", "fuel"),
    "lists sorted": ("sort(for i in 1..9999 return modulo(i * 7919, 9999), function(a, b) a < b)", "fuel"),
    "lists made unique": ("distinct values(for i in 1..9999 return [i])", "fuel"),
    "context grown": ("context(for i in 1..5000 return {key: string(i), value: i})", "context"),
    "contexts copied": (
        (
            "{c: context(for i in 1..999 return {key: string(i), value: i}),"
            ' r: for i in 1..9999 return context put(c, "z", i)}.r'
        ),
        "fuel",
    ),
    "numbers": ("for i in 1..1000000000 return i", "range"),
    "numbers backwards": ("for i in 1000000000..1 return i", "range"),
    "numbers of a range": ("for i in [1..1000000000] return i", "range"),
    "far numbers": ("for i in 1..1e33 return i", "range"),
    "days": ('count(for d in @"0001-01-01"..@"9999-12-31" return d)', "range"),
    "nested loops": ("for a in 1..50, b in 1..50, c in 1..50, d in 1..50, e in 1..50 return a", "fuel"),
    "nested quantifiers": ("every a in 1..99, b in 1..99, c in 1..99 satisfies a < 100", "fuel"),
    "partial results": ("for i in 1..9999 return count(partial)", "fuel"),
    "nested filters": ("{l: for i in 1..999 return i, r: l[count(l[item > 1]) > item]}.r", "fuel"),
    "recursion": ("{f: function(n) f(n + 1), r: f(0)}.r", "null"),
    "recursion twice": ("{f: function(n) if n = 0 then 0 else f(n - 1) + f(n - 1), r: f(60)}.r", "fuel"),
    "functions to themselves": ("{w: function(f) f(f), r: w(w)}.r", "null"),
    "functions in sort": ("{f: function(a, b) sort([a, b], f)[1] < b, r: sort([2, 1], f)}.r", "fuel"),
    "pattern with choices": ("{s: " + LONG + ', r: matches(s, "(a|aa)+$")}.r', "value"),
    "pattern of doubts": ("{s: " + LONG + ', r: matches(s, "(a?){900}b")}.r', "fuel"),
    "patterns of letters": ('for i in 1..9999 return matches("a", "\\p{L}{900}" + string(i))', "fuel"),
    "pattern for each match": ("{s: " + LONG + ', r: replace(s, "a.{0,99}a", "")}.r', "fuel"),
    "back-reference": ('matches("aaaaaaaaaaaaaaaaaaaa", "(a*)*\\1b")', "null"),
    "durations": ('@"P999999999999999999999999999999Y" * 999999999999', "null"),
    "far days": ('@"999999999-12-31" + @"P999999999999999Y"', "null"),
    "months one by one": ('years and months duration(@"-999999999-01-01", @"999999999-12-31")', "value"),
    "weeks": ('for i in 1..9999 return week of year(@"999999999-01-01")', "fuel"),
    "attribute": ("().__class__.__bases__[0].__subclasses__()", "syntax"),
    "import": ("__import__('os').system('id')", "syntax"),
    "dunder of a name": ("x.__class__.__mro__", "null"),
    "open": ('open("/etc/passwd").read()', "null"),
    "lambda": ("(lambda: 1)()", "syntax"),
    "format": ('"%1000000000d" + 1', "null"),
    "not a number": ('[number("NaN"), number("Infinity"), number("-inf"), 0 / 0]', "value"),
    "external": (
        '(function(c) external {java: {class: "java.lang.Runtime", method signature: "exec(x)"}})("id")',
        "null",
    ),
}
