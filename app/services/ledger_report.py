"""What an import tells: one line per row, the totals, and every refusal, as tables with Chinese headings."""

from collections.abc import Sequence
from datetime import datetime

from app.domain.clock import OFFICE_TIMEZONE
from app.domain.limit import Unit
from app.gateways.workbook_file import Cell, Sheet
from app.services.ledger import RESULT_NAMES, ImportReport, RowReport, RowResult
from app.services.ledger_figures import VERDICT_NAMES, Figures, Share, Verdict, middle_and_most, shares

ROW_HEADINGS = (
    "行号",
    "外部编号",
    "诉求编号",
    "标题",
    "企业",
    "收到时间",
    "期限",
    "到期日",
    "依据条款",
    "答复时间",
    "是否按期",
    "用时工作日",
    "结果",
    "说明",
)
ROW_WIDTHS = {1: 14, 2: 20, 3: 40, 4: 24, 5: 20, 6: 12, 7: 12, 8: 50, 9: 20, 13: 50}
PROVISIONAL_DUE = "到期年份的放假通知尚未发布，到期日为推算，不据以认定超期"
LATE_ON_A_REST_DAY = "在到期日之后的休息日答复：用时不再增加工作日，但已经超期"


def report_sheets(report: ImportReport) -> list[Sheet]:
    """Return the sheets of the report: 明细, 汇总, 拒收."""
    return [
        Sheet("明细", ROW_HEADINGS, [_row_line(one) for one in report.rows], ROW_WIDTHS),
        Sheet("汇总", ("项目", "数值"), summary_lines(report), {0: 28, 1: 60}),
        Sheet("拒收", ("行号", "列", "原因"), refusal_lines(report), {1: 20, 2: 80}),
    ]


def summary_lines(report: ImportReport) -> list[tuple[str, str]]:
    """Return the totals as pairs of name and value."""
    figures = report.figures
    middle, most = middle_and_most(figures)
    return [
        ("方式", "试运行，未写入任何数据" if report.dry_run else "导入"),
        ("读取行数", str(len(report.rows))),
        *((name, str(report.count(result))) for result, name in RESULT_NAMES.items()),
        *((VERDICT_NAMES[verdict], str(_count(figures, verdict))) for verdict in Verdict),
        *(_share_line(share) for share in shares(figures)),
        ("用时工作日中位数", "—" if middle is None else f"{middle:g}"),
        ("用时工作日最大值", "—" if most is None else str(most)),
        ("工作日历版本", report.calendar_version),
        ("规则包版本", f"{report.policy.name} {report.policy.version}"),
        ("导入时间", _time(report.now)),
    ]


def refusal_lines(report: ImportReport) -> list[tuple[int, str, str]]:
    """Return row number, heading and reason of every fault for which a row was refused."""
    refused = (one for one in report.rows if one.result is RowResult.REFUSED)
    return [(one.row_number, fault.field, fault.reason) for one in refused for fault in one.faults]


def _row_line(one: RowReport) -> Sequence[Cell | None]:
    received_at, replied_at = (one.row.received_at, one.row.replied_at) if one.row else (None, None)
    return (
        one.row_number,
        one.external_number,
        one.appeal_number,
        one.title,
        one.enterprise_name,
        _time(received_at),
        *_due_cells(one.figures),
        _time(replied_at),
        *_verdict_cells(one.figures),
        RESULT_NAMES[one.result],
        _remark(one),
    )


def _due_cells(figures: Figures | None) -> tuple[Cell, Cell, Cell]:
    if figures is None:
        return "", "", ""
    return figures.limit.chinese, figures.due.day.isoformat(), figures.clause


def _verdict_cells(figures: Figures | None) -> tuple[Cell, Cell | None]:
    return ("", None) if figures is None else (VERDICT_NAMES[figures.verdict], figures.days_used)


def _remark(one: RowReport) -> str:
    if one.figures is not None:
        return _remark_on(one.figures)
    return "；".join(f"{fault.field}：{fault.reason}" if fault.field else fault.reason for fault in one.faults)


def _remark_on(figures: Figures) -> str:
    if figures.due.provisional:
        return PROVISIONAL_DUE
    used, limit = figures.days_used, figures.limit
    within = limit.unit is Unit.WORKING_DAY and used is not None and used <= limit.amount
    return LATE_ON_A_REST_DAY if figures.verdict is Verdict.LATE and within else ""


def _count(figures: Sequence[Figures], verdict: Verdict) -> int:
    return sum(one.verdict is verdict for one in figures)


def _share_line(share: Share) -> tuple[str, str]:
    return f"{share.days}个工作日内答复", f"{share.in_time}/{share.decided}（{share.percentage}）"


def _time(instant: datetime | None) -> str:
    return "" if instant is None else f"{instant.astimezone(OFFICE_TIMEZONE):%Y-%m-%d %H:%M:%S}"
