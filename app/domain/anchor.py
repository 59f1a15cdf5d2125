"""Anchors: one signed seal over each finished day of history, linked to the one before.

An insider who rewrites a history together with its chain head leaves no trace in the history itself; the anchor of the
day no longer fits it, and whoever kept a copy of the anchor can show that.
"""

from enum import StrEnum


class Algorithm(StrEnum):
    """The hash functions that anchors are made with."""

    SHA256 = "sha256"
    SM3 = "sm3"
