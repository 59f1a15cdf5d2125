"""Notices as text and as stored data: every form gives back what was written, and says what it cannot read."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendars import load_statutory_days
from app.domain.calendar import Break
from app.domain.errors import Invalid
from app.domain.notice import (
    Publication,
    breaks_data,
    breaks_of,
    check_publication,
    compose,
    publication_data,
    publication_of,
    read_publication,
)
from tests.domain.notice_texts import (
    AMENDING,
    EXAMPLE,
    EXAMPLES,
    UNTIL_2026,
    WITH_2027,
    breaks_of_2027,
    csv_text,
    days,
    example_with,
    publications,
    toml_text,
)

CHINESE_COLUMNS = "日期,类型,名称,文号,标题,发文日期,网址,来源,年份,辖区,修改,生效时间"


@pytest.mark.parametrize("form", ["toml", "json", "csv"])
def test_the_example_says_the_same_in_every_form_and_may_be_published(form: str) -> None:
    read = read_publication((EXAMPLES / f"2027-example.{form}").read_text(encoding="utf-8"), form)
    check_publication(read, UNTIL_2026, load_statutory_days())
    assert read == EXAMPLE
    assert "样例" in read.notice.title


@settings(deadline=None)
@given(publication=publications())
def test_every_form_gives_back_the_publication_that_was_written(publication: Publication) -> None:
    assert publication_of(json.loads(json.dumps(publication_data(publication)))) == publication
    assert read_publication(json.dumps(publication_data(publication)), "json") == publication
    assert read_publication("\ufeff" + toml_text(publication), "toml") == publication
    assert read_publication("\ufeff" + csv_text(publication), "csv") == publication
    chinese = csv_text(publication, columns=CHINESE_COLUMNS, kinds=("放假", "上班"))
    assert read_publication(chinese, "csv") == publication


@settings(deadline=None)
@given(overlays=st.lists(breaks_of_2027(), max_size=3))
def test_stored_breaks_come_back_as_they_were(overlays: list[tuple[Break, ...]]) -> None:
    composed = compose(WITH_2027, *overlays)
    assert breaks_of(json.loads(json.dumps(breaks_data(composed)))) == composed


def test_days_in_any_order_and_long_breaks_are_stored_as_they_are() -> None:
    row = Break("假", AMENDING, off=days("06-02", "06-01", "06-01", "07-01/09-30"), make_up=days("05-30"))
    assert breaks_of(breaks_data([row])) == (row,)


HEAD = "日期,类型,名称,标题,年份\n"
TOML = 'year = 2027\n[notice]\ntitle = "通知"\n'
SPAN_SHAPE = "应写作「2027-01-01」或「2027-01-01/2027-01-03」"


def in_toml(line: str) -> str:
    return f'{TOML}[[break]]\nname = "元旦"\n{line}\n'


UNREADABLE = [
    (
        "toml",
        "year = 2027\ntitle = 通知\n",
        "notice：第2行不是有效的TOML，请检查该处的引号、括号和等号，以及是否重复定义",
    ),
    ("toml", "a = " + "[" * 5000, "notice：文件不是有效的TOML，请检查该处的引号、括号和等号，以及是否重复定义"),
    ("json", '{\n"year": 2027,,}', "notice：第2行不是有效的JSON，请检查该处的引号、括号和逗号，以及是否重复定义"),
    (
        "json",
        '{"year": 2026, "year": 2027}',
        "notice：文件不是有效的JSON，请检查该处的引号、括号和逗号，以及是否重复定义",
    ),
    ("json", "[" * 5000, "notice：文件不是有效的JSON，请检查该处的引号、括号和逗号，以及是否重复定义"),
    ("json", "[]", "notice：应为表（JSON对象），请按样例填写", "year：必填，应为四位年份，例如 2027"),
    ("xml", "<a/>", "form：格式只能是 toml、json、csv"),
    ("toml", "#" * 200_001, "notice：文件过长，一份放假通知不会超过20万字，请核对"),
    ("toml", "", "year：必填，应为四位年份，例如 2027"),
    ("toml", "year = true", "year：应为四位年份，例如 2027"),
    (
        "toml",
        f"months = 3\n{TOML}",
        "months：没有这个字段，只能有：year、region、amends、effective_at、notice、break；请改正或删去",
    ),
    (
        "toml",
        f'{TOML}numbre = "7"',
        "notice.numbre：没有这个字段，只能有：number、title、issued_on、url、source；请改正或删去",
    ),
    (
        "toml",
        in_toml('on = ["2027-01-01"]'),
        "break.0.on：没有这个字段，只能有：name、off、make_up、notice；请改正或删去",
    ),
    ("toml", f'region = "Wuhan;"\n{TOML}', "region：应为 CN（全国）或辖区编码（小写字母、数字和下划线）"),
    ("toml", f'amends = "true"\n{TOML}', "amends：应为 true 或 false"),
    (
        "toml",
        f"effective_at = 2026-12-01T00:00:00\n{TOML}",
        "effective_at：应为带时区的时间，例如 2026-11-05T00:00:00+08:00",
    ),
    ("toml", f'effective_at = "soon"\n{TOML}', "effective_at：应为带时区的时间，例如 2026-11-05T00:00:00+08:00"),
    ("toml", f'{TOML}issued_on = "20261105"', "notice.issued_on：不是有效日期，应写作「2027-01-01」"),
    ("toml", f'{TOML}url = "javascript:alert(1)"', "notice.url：应为以 https:// 开头的网址；没有网址的请留空"),
    ("toml", f"{TOML}number = 7", "notice.number：应为文字，请加引号"),
    ("toml", f'{TOML}number = "{"7" * 81}"', "notice.number：最多80个字，请缩短"),
    ("toml", f'{TOML}number = "七\\n号"', "notice.number：含有换行或不可见字符，请删去"),
    ("json", '{"year": 2027, "notice": {"title": "\\ud800"}}', "notice.title：含有换行或不可见字符，请删去"),
    ("toml", f'{TOML}[[break]]\noff = ["2027-01-01"]', "break.0.name：必填，请写明节日名称，例如 元旦"),
    ("toml", in_toml('off = "2027-01-01"'), "break.0.off：应为列表，请按样例填写"),
    ("toml", in_toml('off = ["2027-01-01", "2027-02-29"]'), f"break.0.off.1：不是有效日期，{SPAN_SHAPE}"),
    ("toml", in_toml('off = ["2027-01-01/"]'), f"break.0.off.0：不是有效日期，{SPAN_SHAPE}"),
    ("toml", in_toml("off = [2027-01-01T08:00:00]"), f"break.0.off.0：不是有效日期，{SPAN_SHAPE}"),
    ("toml", in_toml('make_up = ["2027-01-03/2027-01-01"]'), f"break.0.make_up.0：起始日晚于结束日，{SPAN_SHAPE}"),
    ("toml", in_toml('off = ["2027-01-01/9999-12-31"]'), "break.0.off.0：一段最多40天，请核对起止日期"),
    ("toml", in_toml(f"off = {['2027-01-01/2027-02-09'] * 11}"), "break：全部日子不得超过400天，请核对起止日期"),
    ("toml", TOML + '[[break]]\nname = "元旦"\n' * 41, "break：最多40项，请核对"),
    (
        "csv",
        "",
        "第1行：缺少表头「日期」（day），请补上这一列",
        "第1行：缺少表头「类型」（kind），请补上这一列",
        "第1行：缺少表头「名称」（name），请补上这一列",
        "第1行：缺少表头「年份」（year），请补上这一列",
        "第1行：缺少表头「标题」（title），请补上这一列",
    ),
    (
        "csv",
        "day,kind,name,title,year,=cmd()\n",
        "第1行：第6列的表头不认识，"
        "只能是：日期、类型、名称、文号、标题、发文日期、网址、来源、年份、辖区、修改、生效时间",
    ),
    ("csv", "day,日期,kind,name,title,year\n", "第1行：表头「日期」重复，请删去一列"),
    ("csv", f"{HEAD}2027-01-01,放假,元旦,通知,2027,\n", "第2行：多于表头的5列，请检查逗号是否多写"),
    ("csv", f'{HEAD}2027-01-01,放假,"元"旦,通知,2027\n', "第2行：不是有效的CSV，请检查引号和逗号"),
    ("csv", f"{HEAD}2027/1/1,放假,元旦,通知,2027\n", "第2行日期：不是有效日期，应写作「2027-01-01」"),
    ("csv", f"{HEAD}2027-01-01,休息,元旦,通知,2027\n", "第2行：类型只能是 off（放假）或 make_up（上班）"),
    ("csv", f"{HEAD}2027-01-01,放假,元旦,通知,2027\n2027-01-02,放假\n", "第3行：名称必填，例如 元旦"),
    (
        "csv",
        f"{HEAD}2027-01-01,放假,元旦,通知,2027\n\n2027-01-02,放假,元旦,通告\n",
        "第4行：「标题」与前面各行不一致，只须在第一行填写",
    ),
    ("csv", f"{HEAD}2027-01-01,放假,元旦,通知,{'9' * 5000}\n", "year：应在第一行写明年份，例如 2027"),
    ("csv", HEAD + "2027-01-01,放假,元旦,通知,2027\n" * 1001, "文件：最多1000行，请核对"),
    (
        "csv",
        "day,kind,name,title,year,amends\n2027-01-01,off,元旦,通知,2027,maybe\n",
        "amends：修改一栏应为 true（是）或 false（否）",
    ),
]


@pytest.mark.parametrize("row", UNREADABLE, ids=[f"{row[0]}-{index}" for index, row in enumerate(UNREADABLE)])
def test_what_cannot_be_read_is_refused_with_its_field_or_line(row: tuple[str, str, str]) -> None:
    with pytest.raises(Invalid, match="放假通知无法读取") as refusal:
        read_publication(row[1], row[0])
    assert [f"{fault.field}：{fault.reason}" for fault in refusal.value.faults] == list(row[2:])


def test_a_local_notice_amends_whatever_it_says() -> None:
    assert read_publication(f'region = "gedian"\namends = false\n{TOML}', "toml").amends
    assert not read_publication(TOML, "toml").amends


def test_a_break_may_cite_a_paper_of_its_own() -> None:
    cited = example_with("中秋节", notice=replace(EXAMPLE.notice, title="另一通知", number=""))
    assert publication_of(publication_data(cited)) == cited


@pytest.mark.parametrize("data", [[{"name": "元旦"}], [{"name": "元旦", "notice": {"year": 0}}]])
def test_stored_breaks_without_their_year_are_refused(data: list[dict[str, object]]) -> None:
    with pytest.raises(Invalid, match=r"break\.0\.notice\.year：(必填，)?应为四位年份"):
        breaks_of(data)
