"""`bihuan due`: compute one due date from the command line, or a stream of them, without a database unless asked."""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from difflib import get_close_matches
from typing import Any, TextIO

import orjson

from app.calendars import load_calendar
from app.cli.chosen_calendar import add_region, chosen_calendar
from app.domain.calendar import WorkCalendar
from app.domain.clock import Due, Switch
from app.domain.errors import Fault, Invalid
from app.domain.explanation import Explanation, chinese_day, explain, origin_sentence
from app.domain.promise_reading import due_as_stated, read_promise

FIELDS = frozenset({"id", "received", "limit", "pauses", "extensions", "switches", "clause", "explain"})
BAD_ARGUMENTS = 2


def add_due_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its options to the program's commands."""
    parser = subparsers.add_parser("due", help="计算到期日：单个，或用 --batch 成批")
    parser.add_argument("--received", metavar="时间", help="收到时间，须带时区，例如 2024-09-27T10:15+08:00")
    ways = "5 WD（工作日）、0.5 WD、7 d（自然日）、3 m（月）、2 h（小时）、3 WH（工作小时）"
    parser.add_argument("--limit", metavar="期限", help=ways)
    parser.add_argument("--pause", metavar="起/止", action="append", default=[], help="暂停与恢复时间，可多次")
    parser.add_argument("--extend", metavar="期限", action="append", default=[], help="延长的期限，可多次")
    parser.add_argument("--switch", metavar="开关", action="append", default=[], help="、".join(Switch))
    parser.add_argument("--clause", metavar="条款", help="期限所依据的条款，原样写入结果")
    parser.add_argument("--explain", action="store_true", help="逐日说明")
    parser.add_argument("--json", action="store_true", help="以JSON输出")
    parser.add_argument("--batch", metavar="文件", help="每行一个JSON对象的文件，- 表示标准输入；逐行输出JSON")
    add_region(parser)
    parser.set_defaults(run=run_due)


def run_due(namespace: argparse.Namespace) -> int:
    """Run the command; return 0, or 2 with a Chinese sentence on the error stream."""
    try:
        run = _run_batch if namespace.batch else _run_one
        run(namespace)
    except Invalid as error:
        print(_sentence(error), file=sys.stderr)
        return BAD_ARGUMENTS
    except BrokenPipeError:
        # The reader has gone (`| head`); keep the interpreter from failing again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def due_one(arguments: Mapping[str, Any], calendar: WorkCalendar | None = None) -> dict[str, Any]:
    """Compute one due date from plain data, in the fields of a batch line; raise `Invalid` for anything unusable.

    Returns `due_day`, `due_at` (ISO, +08:00), `provisional`, `clause`, `calendar`; `explanation` if `explain` is true.
    """
    _refuse_misspelt(arguments)
    promise, calendar = read_promise(arguments), calendar or load_calendar()
    answer = _answer(due_as_stated(promise, calendar)) | {
        "clause": arguments.get("clause"),
        "calendar": calendar.version,
    }
    if arguments.get("explain"):
        answer["explanation"] = _explanation(explain(promise, calendar), arguments.get("clause"))
    return answer


def due_batch(lines: Iterable[str], calendar: WorkCalendar) -> Iterator[str]:
    """Answer each line with one line, in order: the due date, or `error` with a sentence; a bad line stops nothing."""
    return (orjson.dumps(_line_answer(line, calendar)).decode() for line in lines)


def _run_one(namespace: argparse.Namespace) -> None:
    arguments = {
        "received": namespace.received,
        "limit": namespace.limit,
        "pauses": [text.split("/") for text in namespace.pause],
        "extensions": namespace.extend,
        "switches": namespace.switch,
        "clause": namespace.clause,
        "explain": namespace.explain,
    }
    answer = due_one(arguments, chosen_calendar(namespace.region))
    print(orjson.dumps(answer).decode() if namespace.json else "\n".join(_plain(answer)))


def _run_batch(namespace: argparse.Namespace) -> None:
    if namespace.received or namespace.limit:
        raise Invalid("--batch 从文件逐行读取收到时间与期限，不能与 --received、--limit 同用，请去掉其一。")
    calendar = chosen_calendar(namespace.region)
    with _open(namespace.batch) as lines:
        for answer in due_batch(lines, calendar):
            sys.stdout.write(answer + "\n")
    sys.stdout.flush()


def _open(name: str) -> TextIO:
    # Broken UTF-8 must spoil its own line only: it passes as lone surrogates, which the JSON reader refuses.
    source = sys.stdin.fileno() if name == "-" else name
    try:
        return open(source, encoding="utf-8-sig", errors="surrogateescape", closefd=name != "-")
    except OSError as error:
        raise Invalid(f"文件{name}无法读取，请核对路径与权限。") from error


def _line_answer(line: str, calendar: WorkCalendar) -> dict[str, Any]:
    try:
        request = _read_object(line)
    except Invalid as error:
        return {"error": _sentence(error)}
    name = {"id": request["id"]} if "id" in request else {}
    try:
        return name | due_one(request, calendar)
    except Invalid as error:
        return name | {"error": _sentence(error)}


def _read_object(line: str) -> dict[str, Any]:
    try:
        request = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise Invalid("这一行不是有效的JSON，请每行写一个完整的JSON对象，并以UTF-8编码。") from None
    if not isinstance(request, dict):
        raise Invalid('这一行不是JSON对象，请写作{"received": …, "limit": …}。')
    return request


def _refuse_misspelt(arguments: Mapping[str, Any]) -> None:
    # A slip such as `pause` would silently give a wrong date; other fields belong to the sender and are left alone.
    for name in arguments.keys() - FIELDS:
        for meant in get_close_matches(name, FIELDS, n=1, cutoff=0.75):
            raise Invalid(f"没有字段「{name}」，请改为「{meant}」。", Fault(name, f"应为{meant}"))


def _answer(due: Due) -> dict[str, Any]:
    return {"due_day": due.day.isoformat(), "due_at": due.at.isoformat(), "provisional": due.provisional}


def _explanation(explanation: Explanation, clause: str | None) -> dict[str, Any]:
    return {
        "sentences": [*explanation.sentences, origin_sentence(clause)],
        "days": [asdict(day) for day in explanation.days],
        "pauses": [asdict(pause) for pause in explanation.pauses],
        "extensions": [asdict(one) | {"limit": str(one.limit)} for one in explanation.extensions],
        "switches": [asdict(switch) for switch in explanation.switches],
        "notices": [asdict(notice) for notice in explanation.notices],
    }


def _plain(answer: Mapping[str, Any]) -> Iterator[str]:
    day, at = datetime.fromisoformat(answer["due_day"]).date(), datetime.fromisoformat(answer["due_at"])
    yield f"到期日：{chinese_day(day)}"
    yield f"自{at:%Y-%m-%d %H:%M:%S}（北京时间）起即为超期"
    if answer["provisional"]:
        yield f"注意：{day.year}年放假通知尚未发布，以上为推算，不得据以认定超期"
    if answer["clause"]:
        yield f"条款：{answer['clause']}"
    if "explanation" in answer:
        yield from ("", *answer["explanation"]["sentences"], "")
        yield from (_plain_day(row) for row in answer["explanation"]["days"])


def _plain_day(row: Mapping[str, Any]) -> str:
    return f"{row['day']} {row['weekday']} {'计' if row['counted'] else '－'} {row['why']}"


def _sentence(error: Invalid) -> str:
    reasons = "；".join(fault.reason.rstrip("。") for fault in error.faults if fault.reason not in error.message)
    return f"{error.message}（{reasons}）" if reasons else error.message
