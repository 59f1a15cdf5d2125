"""Notices for the tests: the made-up one of 2027, changes of it, drawn ones, and writers of TOML and CSV."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta, timezone
from pathlib import Path
from string import ascii_lowercase

from hypothesis import strategies as st

from app.calendars import load_breaks
from app.domain.calendar import Break, Notice
from app.domain.notice import COUNTRY, Publication, apply_publication, publication_data, read_publication

EXAMPLES = Path(__file__).parents[2] / "examples" / "notices"
UNTIL_2026 = load_breaks()
EXAMPLE = read_publication((EXAMPLES / "2027-example.toml").read_text(encoding="utf-8"), "toml")
WITH_2027 = apply_publication(UNTIL_2026, EXAMPLE)
AMENDING = Notice(year=2027, title="示例调整通知", number="示例〔2027〕2号", issued_on=date(2027, 1, 8))
CSV_COLUMNS = "day,kind,name,number,title,issued_on,url,source,year,region,amends,effective_at"


def day(text: str) -> date:
    """Read `05-01` as a day of 2027, and `2026-12-31` as it stands."""
    return date.fromisoformat(text if len(text) > 5 else f"2027-{text}")


def days(*spans: str) -> tuple[date, ...]:
    """Read days and spans: `05-01/05-05`."""
    found: list[date] = []
    for span in spans:
        first, _, last = span.partition("/")
        length = (day(last or first) - day(first)).days + 1
        found += [day(first) + timedelta(days=offset) for offset in range(length)]
    return tuple(found)


def example_with(name: str, **changes: object) -> Publication:
    """Return the notice of 2027 with one break changed."""
    rows = [replace(row, **changes) if row.name == name else row for row in EXAMPLE.breaks]
    return replace(EXAMPLE, breaks=tuple(rows))


def example_and(name: str, off: Iterable[date] = (), make_up: Iterable[date] = ()) -> Publication:
    """Return the notice of 2027 with one break more."""
    return replace(EXAMPLE, breaks=(*EXAMPLE.breaks, Break(name, EXAMPLE.notice, tuple(off), tuple(make_up))))


def noticed(publication: Publication, **changes: object) -> Publication:
    """Return the publication with its notice changed, in the breaks too."""
    notice = replace(publication.notice, **changes)
    return replace(publication, notice=notice, breaks=tuple(replace(row, notice=notice) for row in publication.breaks))


def amendment(*breaks: Break, region: str = COUNTRY, notice: Notice = AMENDING) -> Publication:
    """Return an amendment of 2027."""
    return Publication(region, True, notice, tuple(replace(row, notice=notice) for row in breaks))


def one_break(*off: str, name: str = "调整", make_up: Iterable[str] = ()) -> Break:
    """Return one break of the amending notice."""
    return Break(name, AMENDING, days(*off), days(*make_up))


def toml_text(publication: Publication) -> str:
    """Write a publication as the TOML form has it."""
    data = publication_data(publication)
    lines = [f"{key} = {json.dumps(data[key])}" for key in ("year", "region", "amends")]
    if publication.effective_at:
        lines.append(f"effective_at = {data['effective_at']}")
    lines += ["[notice]", *(f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in data["notice"].items())]
    for row in data["break"]:
        lines.append("[[break]]")
        lines += [f"{key} = {json.dumps(row[key], ensure_ascii=False)}" for key in ("name", "off", "make_up")]
    return "\n".join(lines) + "\n"


def csv_text(
    publication: Publication, *, columns: str = CSV_COLUMNS, kinds: tuple[str, str] = ("off", "make_up")
) -> str:
    """Write a publication as the CSV form has it; what is said of the notice stands in the first row only."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(columns.split(","))
    for index, (row, kind, found) in enumerate(_decided(publication)):
        cells = _first_row(publication) if index == 0 else []
        writer.writerow([found, kinds[kind], row.name, *cells])
    return written.getvalue()


def _decided(publication: Publication) -> list[tuple[Break, int, date]]:
    return [
        (row, kind, found)
        for row in publication.breaks
        for kind, part in enumerate((row.off, row.make_up))
        for found in part
    ]


def _first_row(publication: Publication) -> list[object]:
    notice = publication.notice
    paper = [notice.number, notice.title, notice.issued_on or "", notice.url, notice.source, notice.year]
    effective_at = publication.effective_at.isoformat() if publication.effective_at else ""
    return [*paper, publication.region, str(publication.amends).lower(), effective_at]


TEXTS = st.text("通知节假示例" + ascii_lowercase + "〔〕《》\"',\\", min_size=1, max_size=8)
SPAN = st.tuples(st.integers(0, 364), st.integers(1, 4))
INSTANTS = st.datetimes(timezones=st.just(timezone(timedelta(hours=8))))


@st.composite
def breaks_of_2027(draw: st.DrawFn, notice: Notice = AMENDING) -> tuple[Break, ...]:
    """Draw breaks of 2027 that decide no day twice and make up on weekends."""
    free = {date(2027, 1, 1) + timedelta(days=offset) for offset in range(365)}
    rows = []
    for name in draw(st.lists(TEXTS, min_size=1, max_size=5, unique=True)):
        (first, length), (start, count) = draw(SPAN), draw(SPAN)
        off = [date(2027, 1, 1) + timedelta(days=first + offset) for offset in range(length)]
        make_up = [date(2027, 1, 1) + timedelta(days=start + offset) for offset in range(count)]
        kept_off = tuple(found for found in off if found in free)
        free -= set(kept_off)
        kept_up = tuple(found for found in make_up if found in free and found.weekday() > 4)
        free -= set(kept_up)
        rows += [Break(name, notice, kept_off, kept_up)] if kept_off or kept_up else []
    return tuple(rows)


@st.composite
def publications(draw: st.DrawFn) -> Publication:
    notice = Notice(2027, draw(TEXTS), draw(TEXTS), draw(st.none() | st.dates()), "https://example.org", draw(TEXTS))
    region = draw(st.sampled_from([COUNTRY, "gedian"]))
    rows = draw(breaks_of_2027(notice).filter(len))
    return Publication(region, region != COUNTRY or draw(st.booleans()), notice, rows, draw(st.none() | INSTANTS))
