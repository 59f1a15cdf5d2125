"""Texts that some spreadsheet takes for a formula."""

from typing import Final

STARTS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
BEFORE: Final = ("", " ", "  ", "\u3000", "\u00a0", '"', "'", "“", ' "', "\ufeff")
LEFT_ALONE_IN_TEXT: Final = ("{=1+1}", "cmd|' /C calc'!A0")
"""What only a program that writes workbooks would make a formula of, and what trimming leaves of one."""
FORMULAS: Final = tuple(
    dict.fromkeys(
        [
            *(f"{before}{start}1+1" for start in STARTS for before in BEFORE),
            *(f"{before}cmd|' /C calc'!A0" for before in ("=", "\t", "\r", "\n", "|")),
            "\t=1+1",
            "\r=1+1",
            '=HYPERLINK("http://evil.example","a")',
            '=IMPORTXML("http://evil.example","//a")',
            "=cmd|'/C calc'!A0",
            "{=1+1}",
            "@SUM(1+1)",
            "%0A=1+1",
        ]
    )
)
