"""The options of `python3 run.py`, read before anything is installed."""

import argparse
from collections.abc import Sequence


def options_of(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options of `serve`."""
    parser = argparse.ArgumentParser(prog="run.py", description="安装、迁移并启动。", allow_abbrev=False)
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址，默认只有本机")
    parser.add_argument("--port", default=8000, type=int, help="端口，默认 8000")
    parser.add_argument("--no-demo", dest="demo", action="store_false", help="不装演示数据和演示账号")
    parser.add_argument(  # taken out before, by run.py; here for --help
        "--database", metavar="URL", help="数据库网址，或 SQLite 文件；默认是 instance 里的一个文件"
    )
    return parser.parse_args(arguments)
