"""`python -m rules.examples FILE`."""

import sys

from rules.examples.command import main

sys.exit(main(sys.argv[1:]))
