"""Imports a ledger row by row, each in its own transaction: what cannot be read is refused, the rest goes on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.errors import DomainError, Fault, Invalid
from app.domain.ledger import FIELD_NAMES, Header, LedgerMap, LedgerRow, one_line, read_row, written
from app.domain.policy import Policy
from app.services.ledger_entry import Desk, category_code, enter_row, find_entered
from app.services.ledger_figures import Figures, figures_of
from app.services.ledger_map import find_header
from app.services.office import Office, Work
from app.storage import IntegrityError

NUMBER_TAKEN = "uq_appeal_channel_external_number"
SHOWN_LENGTH = 200
"""Characters of a refused cell that the report repeats."""


class RowResult(StrEnum):
    """What became of a row."""

    IMPORTED = "imported"
    EXISTING = "existing"
    REFUSED = "refused"


RESULT_NAMES = {RowResult.IMPORTED: "已导入", RowResult.EXISTING: "已存在", RowResult.REFUSED: "拒收"}


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of one row; a refused one has faults (heading, reason), the others their figures."""

    row_number: int
    external_number: str
    title: str
    enterprise_name: str
    result: RowResult
    row: LedgerRow | None = None
    appeal_number: str = ""
    figures: Figures | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of every row, and the rules that were applied."""

    rows: tuple[RowReport, ...]
    policy: Policy
    calendar_version: str
    now: datetime
    dry_run: bool

    def count(self, result: RowResult) -> int:
        """Return how many rows ended so."""
        return sum(one.result is result for one in self.rows)

    @property
    def figures(self) -> list[Figures]:
        """The figures of every row that was imported now or before."""
        return [one.figures for one in self.rows if one.figures is not None]


@dataclass(slots=True)
class _Import:
    """One run over one table; `seen` keeps where each external number stood first."""

    office: Office
    desk: Desk
    header: Header
    dry_run: bool
    seen: dict[str, int] = field(default_factory=dict)

    async def report_on(self, row_number: int, cells: Sequence[object]) -> RowReport:
        """Enter one row, or say why not."""
        try:
            row = read_row(
                cells,
                row_number=row_number,
                header=self.header,
                ledger_map=self.desk.ledger_map,
                now=self.desk.recorded_at,
            )
            self._refuse_repeated(row)
            return await self._enter(row)
        except DomainError as refusal:
            return self._refused(row_number, cells, refusal)

    def _refuse_repeated(self, row: LedgerRow) -> None:
        first = self.seen.setdefault(row.external_number, row.row_number)
        if first != row.row_number:
            raise Invalid("外部编号重复。", self._fault("external_number", f"与第{first}行的编号重复，请核对"))

    async def _enter(self, row: LedgerRow) -> RowReport:
        try:
            async with self.office.work() as work:
                report = await self._entered(work, row)
                if self.dry_run:
                    await work.changes.flush(work.connection)
                    raise _NotKeptError(report)
        except _NotKeptError as trial:
            return trial.report
        except IntegrityError as error:
            if NUMBER_TAKEN not in str(error):
                raise
            raise Invalid("外部编号已被使用。", self._fault("external_number", _TAKEN)) from error
        return report

    async def _entered(self, work: Work, row: LedgerRow) -> RowReport:
        _, policy = await work.rules.current(
            work.connection, self.desk.jurisdiction, received_at=row.received_at, now=self.desk.recorded_at
        )
        figures = self._figures(row, policy)
        number = await find_entered(work, row, self.desk)
        if number is not None:
            return _known(row, RowResult.EXISTING, number, figures)
        case = await enter_row(work, row, self.desk, policy)
        return _known(row, RowResult.IMPORTED, "" if self.dry_run else case.appeal.number, figures)

    def _figures(self, row: LedgerRow, policy: Policy) -> Figures:
        try:
            return figures_of(row, policy, self.office.calendars.of(self.desk.jurisdiction), now=self.desk.recorded_at)
        except Invalid as refusal:
            raise Invalid(refusal.message, self._fault("received_at", refusal.message)) from refusal

    def _fault(self, name: str, reason: str) -> Fault:
        return Fault(self._heading(name), reason)

    def _heading(self, name: str) -> str:
        return self.header.columns.get(name, (0, FIELD_NAMES.get(name, name)))[1]

    def _refused(self, row_number: int, cells: Sequence[object], refusal: DomainError) -> RowReport:
        external_number = self._shown("external_number", cells)
        if external_number:
            self.seen.setdefault(external_number, row_number)
        given = refusal.faults if isinstance(refusal, Invalid) else ()
        faults = tuple(Fault(self._heading(one.field), one.reason) for one in given)
        return RowReport(
            row_number=row_number,
            external_number=external_number,
            title=self._shown("title", cells),
            enterprise_name=self._shown("enterprise_name", cells),
            result=RowResult.REFUSED,
            faults=faults or (Fault("", refusal.message),),
        )

    def _shown(self, name: str, cells: Sequence[object]) -> str:
        place = self.header.columns[name][0]
        return one_line(written(cells[place]))[:SHOWN_LENGTH] if place < len(cells) else ""


class _NotKeptError(Exception):
    """Ends the unit of work of a trial run, so that nothing of it stays."""

    def __init__(self, report: RowReport) -> None:
        super().__init__()
        self.report = report


_TAKEN = "该渠道已有相同的外部编号（在其他辖区，或由同时进行的另一次导入登记），请查询原诉求"


async def import_ledger(
    office: Office,
    table: Sequence[Sequence[object]],
    ledger_map: LedgerMap,
    *,
    jurisdiction: str,
    now: datetime,
    dry_run: bool = False,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> ImportReport:
    """Import every row of a table; `tell` hears how many of how many rows are done.

    Raise before the first row is touched if the headings, the jurisdiction or the default category are wrong.
    """
    header = find_header(table, ledger_map)
    policy = await _policy(office, jurisdiction, ledger_map, now)
    run = _Import(office, Desk(jurisdiction, ledger_map, now), header, dry_run)
    rows, reports = list(_filled(table, header)), []
    for done, (row_number, cells) in enumerate(rows, start=1):
        reports.append(await run.report_on(row_number, cells))
        tell(done, len(rows))
    calendar = office.calendars.of(jurisdiction)
    return ImportReport(tuple(reports), policy, calendar.version, now, dry_run)


async def _policy(office: Office, jurisdiction: str, ledger_map: LedgerMap, now: datetime) -> Policy:
    async with office.look() as work:
        _, policy = await work.rules.current(work.connection, jurisdiction, received_at=now, now=now)
    if ledger_map.category:
        category_code(ledger_map.category, policy)
    return policy


def _filled(table: Sequence[Sequence[object]], header: Header) -> Iterator[tuple[int, Sequence[object]]]:
    """Yield each row below the header that is not blank, with the number that a spreadsheet shows for it."""
    for row_number, cells in enumerate(table[header.place + 1 :], start=header.place + 2):
        if any(written(cell).strip() for cell in cells):
            yield row_number, cells


def _known(row: LedgerRow, result: RowResult, number: str, figures: Figures) -> RowReport:
    return RowReport(
        row_number=row.row_number,
        external_number=row.external_number,
        title=row.title,
        enterprise_name=row.enterprise_name,
        result=result,
        row=row,
        appeal_number=number,
        figures=figures,
    )
