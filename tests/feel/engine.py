"""What a host lends to expressions, for tests: the product's regex engine, and a fixed instant."""

from datetime import datetime
from zoneinfo import ZoneInfo

from feel import Host
from workflows.patterns import compile_pattern

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
HOST = Host(patterns=compile_pattern, now=NOW)
