"""Character classes of XPath patterns as sets of code points: categories, blocks, names of XML, and their algebra."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from unicodedata import category

from msgspec import Struct

Ranges = tuple[tuple[int, int], ...]
"""Code points from first to last, both included, in order and without overlaps."""

LAST = 0x10FFFF
SURROGATES = (0xD800, 0xDFFF)
UNASSIGNED: Ranges = ((0x40000, 0xDFFFF), (0xE0200, 0xEFFFF))
TAGS = (0xE0000, 0xE0200)
PRIVATE = (0xF0000, LAST)
CATEGORIES = frozenset(
    (
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps",
        "Pe", "Pi", "Pf", "Po", "Z", "Zs", "Zl", "Zp", "S", "Sm", "Sc", "Sk", "So", "C", "Cc", "Cf", "Co",
    )
)  # fmt: skip
SPACE: Ranges = ((0x9, 0xA), (0xD, 0xD), (0x20, 0x20))
NAME_START: Ranges = (
    (0x3A, 0x3A), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF),
    (0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF),
    (0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF),
)  # fmt: skip
NAME_MORE: Ranges = ((0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040))
BLOCKS: dict[str, tuple[int, int]] = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "IPAExtensions": (0x0250, 0x02AF),
    "SpacingModifierLetters": (0x02B0, 0x02FF),
    "CombiningDiacriticalMarks": (0x0300, 0x036F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Armenian": (0x0530, 0x058F),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Syriac": (0x0700, 0x074F),
    "Devanagari": (0x0900, 0x097F),
    "Bengali": (0x0980, 0x09FF),
    "Tamil": (0x0B80, 0x0BFF),
    "Thai": (0x0E00, 0x0E7F),
    "Lao": (0x0E80, 0x0EFF),
    "Tibetan": (0x0F00, 0x0FFF),
    "Georgian": (0x10A0, 0x10FF),
    "HangulJamo": (0x1100, 0x11FF),
    "Mongolian": (0x1800, 0x18AF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "SuperscriptsandSubscripts": (0x2070, 0x209F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "LetterlikeSymbols": (0x2100, 0x214F),
    "NumberForms": (0x2150, 0x218F),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "MiscellaneousTechnical": (0x2300, 0x23FF),
    "EnclosedAlphanumerics": (0x2460, 0x24FF),
    "BoxDrawing": (0x2500, 0x257F),
    "GeometricShapes": (0x25A0, 0x25FF),
    "MiscellaneousSymbols": (0x2600, 0x26FF),
    "Dingbats": (0x2700, 0x27BF),
    "CJKRadicalsSupplement": (0x2E80, 0x2EFF),
    "KangxiRadicals": (0x2F00, 0x2FDF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "Bopomofo": (0x3100, 0x312F),
    "HangulCompatibilityJamo": (0x3130, 0x318F),
    "EnclosedCJKLettersandMonths": (0x3200, 0x32FF),
    "CJKCompatibility": (0x3300, 0x33FF),
    "CJKUnifiedIdeographsExtensionA": (0x3400, 0x4DBF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "YiSyllables": (0xA000, 0xA48F),
    "HangulSyllables": (0xAC00, 0xD7AF),
    "PrivateUse": (0xE000, 0xF8FF),
    "PrivateUseArea": (0xE000, 0xF8FF),
    "CJKCompatibilityIdeographs": (0xF900, 0xFAFF),
    "CJKCompatibilityForms": (0xFE30, 0xFE4F),
    "SmallFormVariants": (0xFE50, 0xFE6F),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
    "CJKUnifiedIdeographsExtensionB": (0x20000, 0x2A6DF),
}


def union(*parts: Ranges) -> Ranges:
    """Return the code points that lie in any of the sets."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(pair for part in parts for pair in part):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return tuple(joined)


def complement(part: Ranges) -> Ranges:
    """Return all other code points, surrogates left out."""
    gaps = []
    place = 0
    for first, last in union(part, (SURROGATES,)):
        if first > place:
            gaps.append((place, first - 1))
        place = last + 1
    if place <= LAST:
        gaps.append((place, LAST))
    return tuple(gaps)


def difference(one: Ranges, other: Ranges) -> Ranges:
    """Return the code points of the first set that are not in the second."""
    return complement(union(complement(one), other))


def ranges_text(part: Ranges) -> str:
    """Return the set as it stands inside a character class of RE2."""
    return "".join(f"\\x{{{first:x}}}-\\x{{{last:x}}}" for first, last in part)


class Piece(Struct, frozen=True):
    """A part of a character class: as RE2 writes it there, and as a set, which only a subtraction asks for."""

    text: str
    members: Callable[[], Ranges]


def of_ranges(part: Ranges) -> Piece:
    """Return the piece of a set that is known as ranges."""
    return Piece(ranges_text(part), lambda: part)


def of_categories(*names: str, negated: bool = False) -> Piece:
    """Return the piece of all code points in these general categories, or in none of a single one."""
    text = "".join(f"\\{'P' if negated else 'p'}{{{name}}}" for name in names)

    def members() -> Ranges:
        found = union(*(of_category(name) for name in names))
        return complement(found) if negated else found

    return Piece(text, members)


WORD = of_categories("L", "M", "N", "S")
NO_WORD = of_categories("P", "Z", "C")


def escaped(letter: str) -> Piece | None:
    """Return the piece that s, d, w, i or c, or a capital for the opposite, stands for after a backslash, or None."""
    if letter in "dD":
        return of_categories("Nd", negated=letter == "D")
    if letter in "wW":
        return WORD if letter == "w" else NO_WORD
    found = {"s": SPACE, "i": NAME_START, "c": union(NAME_START, NAME_MORE)}.get(letter.lower())
    if found is None:
        return None
    return of_ranges(found if letter.islower() else complement(found))


@lru_cache(maxsize=1)
def _categories() -> dict[str, Ranges]:
    """Return the code points of every two-letter category; beyond plane 3 only tags are assigned, and private use."""
    found: dict[str, list[tuple[int, int]]] = {"Cn": [*UNASSIGNED], "Co": [PRIVATE]}
    for code in (*range(UNASSIGNED[0][0]), *range(*TAGS)):
        joined = found.setdefault(category(chr(code)), [])
        if joined and joined[-1][1] == code - 1:
            joined[-1] = joined[-1][0], code
        else:
            joined.append((code, code))
    del found["Cs"]
    return {name: union(tuple(joined)) for name, joined in found.items()}


@lru_cache(maxsize=64)
def of_category(name: str) -> Ranges:
    """Return the code points of a general category such as `L` or `Lu`, surrogates left out."""
    return union(*(part for key, part in _categories().items() if name in (key, key[0])))
