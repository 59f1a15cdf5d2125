"""Lets `python -m app.cli` run the commands."""

import sys

from app.cli.commands import main

if __name__ == "__main__":
    sys.exit(main())
