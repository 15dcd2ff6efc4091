"""Texts of the pages: Chinese message ids, looked up in the catalogue of the reader's language."""

from flask_babel import gettext, lazy_gettext


def _(text: str, **values: object) -> str:
    """Return the text in the reader's language, with values filled in."""
    return str(gettext(text, **values))


class Lazy:
    """A text of a module: it is looked up when it is shown, not when it is loaded."""

    def __init__(self, text: str) -> None:
        self._text = lazy_gettext(text)

    def __str__(self) -> str:
        return str(self._text)


def lazy(text: str) -> Lazy:
    """Return a text that is looked up when it is shown."""
    return Lazy(text)
