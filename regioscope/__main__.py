"""``python -m regioscope``: the command line, where its script is not at hand."""

import sys

from regioscope.command_line import main

__all__: list[str] = []

if __name__ == "__main__":
    sys.exit(main())
