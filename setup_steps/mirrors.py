"""pip's mirrors and certificates, in the names under which uv knows them."""

import ast
from collections.abc import Mapping

# uv does not read pip.conf, where people keep the mirror of their country or company.
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
}
# Names that a person set for uv itself count before pip's.
OLDER_NAMES = {"UV_DEFAULT_INDEX": "UV_INDEX_URL", "UV_INDEX": "UV_EXTRA_INDEX_URL"}


def for_uv(pip_config: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return what uv needs to be told in addition, given the output of `pip config list`."""
    told: dict[str, str] = {}
    for option, value in _options(pip_config).items():
        name = UV_NAMES.get(option)
        if name and value and name not in environment and OLDER_NAMES.get(name, name) not in environment:
            told[name] = " ".join(value.split())
    return told


def _options(pip_config: str) -> dict[str, str]:
    """Return pip's options; the environment's win over files, `install.` over `global.`."""
    ranked: dict[str, tuple[int, str]] = {}
    for line in pip_config.splitlines():
        key, separator, quoted = line.partition("=")
        section, dot, option = key.strip().rpartition(".")
        if not separator or not dot:
            continue
        rank = {":env:": 3, "install": 2, "global": 1}.get(section, 0)
        if rank and rank >= ranked.get(option, (0, ""))[0]:
            ranked[option] = (rank, _unquoted(quoted.strip()))
    return {option: value for option, (_, value) in ranked.items()}


def _unquoted(text: str) -> str:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
    return str(value)
