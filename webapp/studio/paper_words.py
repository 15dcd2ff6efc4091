"""What is wrong with a template, as a sentence with its line."""

import re
from collections.abc import Mapping

from documents.press import MEMORY, OUTPUT, SECONDS, SOURCE, Broken
from documents.sources import FRAME
from webapp.texts import Lazy, _, lazy

_KNOWN: tuple[tuple[str, Lazy], ...] = (
    (r"unknown variable: (\S+)", lazy("没有叫“%(what)s”的名称，看看是不是拼错了")),
    (r'dictionary does not contain key "(.+?)"', lazy("这份文书的内容里没有“%(what)s”这一项")),
    (r"type \S+ has no (?:method|field) `(.+?)`", lazy("这种值没有“%(what)s”")),
    (r"unexpected argument: (\S+)", lazy("这里不能给“%(what)s”")),
    (r"missing argument: (\S+)", lazy("这里少了“%(what)s”")),
    (r"unclosed (?:delimiter|string|raw text|label)", lazy("括号或引号只有一半，没有配上另一半")),
    (r"unexpected closing|unexpected .*(?:paren|bracket|brace)", lazy("多了一个括号，或者少了前面的一半")),
    (r"expected (.+)", lazy("这里还缺东西，写到一半了")),
    (r"unexpected (.+)", lazy("这里多了“%(what)s”")),
    (r"always true|infinite", lazy("循环没有尽头")),
    (r"depth exceeded|recursion", lazy("一层套一层没有尽头")),
    (r"file not found|escape|failed to load file|access denied", lazy("模板不能读别的文件，只能用共用版式")),
    (
        r"cannot (?:add|join|multiply|divide|subtract|compare|apply)",
        lazy("两个值的种类不同，不能这样连在一起算"),
    ),
    (r"out of bounds", lazy("取的是第几项，那一项不存在")),
    (r"divide by zero", lazy("除数是零")),
)

_BOUNDS: Mapping[str, Lazy] = {
    "outside": lazy("模板不能引用外面的包和插件，只能用共用版式"),
    "source": lazy("模板太长，最多 %(source)s 个字符"),
    "seconds": lazy("排版超过 %(seconds)s 秒还没有完，可能有没有尽头的循环"),
    "memory": lazy("排版要用的内存超过 %(memory)s MB，可能有成倍变长的内容"),
    "output": lazy("印出来超过 %(output)s MB，太大了"),
    "died": lazy("排版程序中途停了，这个写法它受不了"),
}


def sentence_of(broken: Broken) -> str:
    """Return why a template gives no paper, with the line where it stops."""
    return place_of(broken) + reason_of(broken)


def place_of(broken: Broken) -> str:
    """Return the line as a sentence begins with it; nothing where the typesetter named none."""
    if not broken.line:
        return ""
    if broken.file == FRAME:
        return _("共用版式第 %(n)s 行：", n=broken.line)
    return _("第 %(n)s 行：", n=broken.line)


def reason_of(broken: Broken) -> str:
    """Return why, without the place."""
    if broken.kind != "broken":
        millions = 1_000_000
        bounds = {
            "source": SOURCE,
            "seconds": SECONDS,
            "memory": MEMORY // millions,
            "output": OUTPUT // millions,
        }
        return str(_BOUNDS[broken.kind]) % bounds
    for pattern, words in _KNOWN:
        if found := re.search(pattern, broken.message):
            what = found[1].rstrip(".,;") if found.re.groups else ""
            return str(words) % {"what": what}
    return _("排版程序不认识这个写法（%(message)s）", message=broken.message)
