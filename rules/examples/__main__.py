"""`python -m rules.examples FILE`."""

import sys

from rules.examples.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
