"""The command line, which starts everything."""

from app.cli.commands import main

__all__ = ["main"]
