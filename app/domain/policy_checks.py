"""What must hold between the parts of a pack once it is merged with its parent."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.clock_kind import CLOCK_NAMES, STATUTORY_CLOCKS, ClockKind
from app.domain.document import Mark, Standing
from app.domain.policy import LEVEL_NAMES, Level
from app.domain.policy_draft import CitedClause, Data
from app.domain.policy_fault import Findings
from app.domain.policy_shape import WINDOWS
from app.domain.track import STARTS_OF

STANDINGS_OF = {
    Mark.DEMANDED: (Standing.ISSUED, Standing.DRAFT),
    Mark.HUBEI: (Standing.SUPERIOR,),
    Mark.LAW: (Standing.LAW,),
    Mark.PRACTICE: tuple(Standing),
}
"""Which documents may carry which mark: a news report demands nothing."""

DOUBTFUL = (Standing.DRAFT, Standing.NEWS, Standing.SUPERIOR)
"""Standings that need a note saying what is uncertain."""


def check_parent(own: Data, parent: Mapping[str, Any] | None, findings: Findings) -> bool:
    """Tell whether the parent that the pack names, if any, is the one at hand."""
    named = own["policy"].get("parent")
    given = None if parent is None else parent["policy"]["jurisdiction"]
    if named == given:
        return True
    if named is None:
        findings.add(("policy",), f"规则包没有写明上级 {given}", f'请填写 parent = "{given}"')
    else:
        findings.add(("policy", "parent"), f"上级规则包 {named} 不可用", "请先提供并改正上级规则包，或删除 parent")
    return False


def check_whole(merged: Data, findings: Findings) -> None:
    """Note every limit, extension and window that is still missing after inheritance."""
    needed = [kind for kind in ClockKind if kind not in STATUTORY_CLOCKS]
    for kind in (kind for kind in needed if Level.ORDINARY not in merged["limit"].get(kind, {})):
        findings.add(("limit", kind), f"缺少时限 {kind}（{CLOCK_NAMES[kind]}）", f"请补充 [limit.{kind}]")
    for level in (level for level in Level if level not in merged["extension"]):
        findings.add(("extension",), f"缺少延期 {level}（{LEVEL_NAMES[level]}）", f"请补充 [extension.{level}]")
    for name in (name for name in WINDOWS if name not in merged["window"]):
        findings.add(("window",), f"缺少期间 {name}", f"请在 [window] 中补充 {name}")


def check_office(merged: Data, findings: Findings) -> None:
    """Note when not exactly one department dispatches."""
    offices = [code for code, row in merged["department"].items() if row.get("dispatches")]
    if len(offices) != 1:
        said = f"派单单位有{len(offices)}个" if offices else "没有派单单位"
        path = ("department", offices[-1], "dispatches") if offices else ("department",)
        findings.add(path, said, "请恰好在一个 [[department]] 中写 dispatches = true")


def check_categories(merged: Data, findings: Findings) -> None:
    """Note every category that points to a department that does not exist, or to its lead twice."""
    known = merged["department"]
    for code, row in merged["category"].items():
        for name in _unknown([row.get("lead")], known):
            findings.add(("category", code, "lead"), f"诉求类别 {code} 的主办单位 {name} 不存在", _one_of(known))
        for name in _unknown(row.get("supports", []), known):
            findings.add(("category", code, "supports"), f"诉求类别 {code} 的协办单位 {name} 不存在", _one_of(known))
        if row.get("lead") in row.get("supports", []):
            findings.add(
                ("category", code, "supports"), f"诉求类别 {code} 的主办单位又列为协办", "请从 supports 中删除"
            )


def check_tracks(merged: Data, findings: Findings) -> None:
    """Note every statutory track without a limit, and every limit that no appeal could ever be held to."""
    tracks, limits = merged["track"], merged["track_limit"]
    for kind in (kind for kind in STATUTORY_CLOCKS if kind in merged["limit"]):
        findings.add(("limit", kind), f"时限 {kind} 是法定期限，不能写在 [limit] 中", "请改写为 [[track_limit]]")
    for code in (code for code in tracks if code not in {row.get("track") for row in limits.values()}):
        findings.add(("track", code), f"法定期限类别 {code} 没有期限", "请至少补充一个 [[track_limit]]")
    for code, row in tracks.items():
        for name in _unknown(row.get("categories", []), merged["category"]):
            what = f"法定期限类别 {code} 的诉求类别 {name} 不存在"
            findings.add(("track", code, "categories"), what, "请改为已有的诉求类别编码，或删除")
    for code, row in limits.items():
        _check_track_limit(code, row, tracks, findings)
    _check_one_limit_each(limits, findings)


def _check_track_limit(code: str, row: Data, tracks: Mapping[str, Data], findings: Findings) -> None:
    for name in _unknown([row.get("track")], tracks):
        findings.add(("track_limit", code, "track"), f"法定期限 {code} 的类别 {name} 不存在", _one_of(tracks))
    clock, starts = row.get("clock"), row.get("starts")
    if clock and starts and starts not in STARTS_OF[ClockKind(clock)]:
        what = f"法定期限 {code} 的 {clock} 不能自 {starts} 起算"
        findings.add(("track_limit", code, "starts"), what, _one_of(STARTS_OF[ClockKind(clock)]))
    clause = row.get("clause", {})
    if clause and not {"words", "note"} & clause.keys():
        what = f"法定期限 {code} 既无条款原文也无说明"
        findings.add(("track_limit", code, "clause"), what, "请填写 words（原文），未见原文的填写 note（转述）")


def _check_one_limit_each(limits: Mapping[str, Data], findings: Findings) -> None:
    places = Counter((row.get("track"), row.get("clock")) for row in limits.values())
    for code, row in limits.items():
        if places[row.get("track"), row.get("clock")] > 1:
            what = f"法定期限 {code} 与同一类别的另一项种类相同"
            findings.add(("track_limit", code), what, "每个类别的每种 clock 只保留一项")


def check_documents(own: Data, findings: Findings) -> None:
    """Note every doubtful document that does not say what is uncertain."""
    for code, row in own["document"].items():
        if row.get("standing") in DOUBTFUL and "note" not in row:
            what = f"文件 {code} 的效力为 {row['standing']}，但没有说明"
            findings.add(("document", code), what, "请填写 note，写明其不确定之处")


def check_clauses(clauses: Iterable[CitedClause], documents: Mapping[str, Data], findings: Findings) -> None:
    """Note every clause whose document is unknown, or whose mark its document cannot carry."""
    for cited in clauses:
        document, mark = cited.clause.get("document"), cited.clause.get("mark")
        if document is None or mark is None:
            continue
        if document not in documents:
            what = f"{cited.label} 的条款所引文件 {document} 不存在"
            findings.add((*cited.path, "document"), what, f"{_one_of(documents)}，或登记 [[document]]")
        else:
            _check_mark(cited, Mark(mark), documents[document].get("standing"), findings)


def _check_mark(cited: CitedClause, mark: Mark, standing: str | None, findings: Findings) -> None:
    if standing is not None and standing not in STANDINGS_OF[mark]:
        what = f"{cited.label} 的条款标记 {mark} 与文件效力 {standing} 不符"
        findings.add(
            (*cited.path, "mark"), what, f"{mark} 只能引用 {'、'.join(STANDINGS_OF[mark])} 的文件，否则请改标记"
        )


def _unknown(names: Iterable[str | None], known: Mapping[str, Data]) -> list[str]:
    return [name for name in names if name is not None and name not in known]


def _one_of(known: Iterable[str]) -> str:
    return f"请改为 {'、'.join(known)} 之一"
