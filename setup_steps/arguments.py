"""What argparse says, in Chinese: it asks gettext for its words, and no Chinese catalogue comes with Python."""

import argparse
from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "show this help message and exit": "显示这段说明",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s：%(message)s",
    "unrecognized arguments: %s": "没有这样的选项：%s",
    "the following arguments are required: %s": "还缺：%s",
    "one of the arguments %s is required": "这几个里要给一个：%s",
    "not allowed with argument %s": "不能和 %s 一起用",
    "ignored explicit argument %r": "后面不带值，多了 %r",
    "expected one argument": "后面要带一个值",
    "expected at least one argument": "后面至少要带一个值",
    "expected at most one argument": "后面最多带一个值",
    "invalid %(type)s value: %(value)r": "%(value)r 不是要的那种值（%(type)s）",
    "invalid choice: %(value)r (choose from %(choices)s)": "没有 %(value)r，可以用 %(choices)s",
    "%(prog)s: error: %(message)s\n": "✗ %(message)s\n",
}


def speak_chinese() -> None:
    """Let every parser of this process use these words."""
    argparse._ = lambda text: WORDS.get(text, text)  # type: ignore[attr-defined]  # its own name for gettext
