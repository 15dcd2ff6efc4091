"""The child process that typesets: it limits itself first, then compiles what it is handed; see ``documents.press``.

It is run as a file, knows nothing of the product, and reads one JSON object from standard input. It answers with one:
``{"pages": [base64 …]}``, or ``{"message": …, "diagnostic": …}`` where the template is broken.
"""

import base64
import contextlib
import ctypes
import json
import resource
import sys
from datetime import datetime

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def main() -> None:
    """Read the order, limit this process, compile, answer."""
    order = json.load(sys.stdin)
    limit(order["memory"], order["seconds"])
    import typst  # noqa: PLC0415  # the limits hold from here on

    try:
        made = typst.compile(
            {name: text.encode() for name, text in order["sources"].items()},
            root=order["root"],
            font_paths=typst.Fonts(
                include_system_fonts=False, include_embedded_fonts=False, font_paths=order["fonts"]
            ),
            ignore_system_fonts=True,
            package_path=order["root"],
            package_cache_path=order["root"],
            sys_inputs=order["inputs"],
            timestamp=datetime.fromisoformat(order["timestamp"]),
            **order["output"],
        )
    except typst.TypstError as error:
        json.dump({"message": error.message, "diagnostic": str(error.diagnostic)}, sys.stdout)
    else:
        pages = made if isinstance(made, list) else [made]
        json.dump({"pages": [base64.b64encode(page).decode() for page in pages]}, sys.stdout)


def limit(memory: int, seconds: int) -> None:
    """Bound memory and time, forbid writing files, and leave the network where the system allows it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with contextlib.suppress(AttributeError, OSError):  # no Linux: the proxy that nobody answers remains
        ctypes.CDLL(None).unshare(CLONE_NEWUSER | CLONE_NEWNET)


if __name__ == "__main__":
    main()
