"""The anonymised copy: a table of what must not remain, what must, and that no text makes it slow."""

import time

import pytest

from app.domain.anonymity import Identity, anonymised
from app.domain.company_names import short_forms

FIRM = Identity(
    names=("葛店宏泰光电科技有限公司",),
    uscc="91421003MA00000152",
    contact_name="王建国",
    contact_phone="13912345678 / 0711-5921234",
)
NOBODY = Identity()


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        ("葛店宏泰光电科技有限公司反映", "〔企业〕反映"),
        ("葛店 宏泰 光电科技 有限公司反映", "〔企业〕反映"),
        ("葛店宏泰光电科技反映", "〔企业〕反映"),
        ("宏泰光电的补贴", "〔企业〕的补贴"),
        ("宏泰公司与宏泰", "〔企业〕公司与〔企业〕"),
        ("宏\u200b泰公司", "〔企业〕公司"),
        ("代码91421003MA00000152。", "代码〔统一社会信用代码〕。"),
        ("代码９１４２１００３ＭＡ００００ ０１５２。", "代码〔统一社会信用代码〕。"),
        ("代码9142-1003-ma00-0001-52", "代码〔统一社会信用代码〕"),
        ("机构代码MA0000015。", "机构代码〔组织机构代码〕。"),
        ("请找王建国或王总", "请找〔联系人〕或〔联系人〕"),
        ("王 建 国，王经理、王女士", "〔联系人〕，〔联系人〕、〔联系人〕"),
        ("电话5921234", "电话〔电话〕"),
        ("139-1234-5678", "〔电话〕"),
    ],
)
def test_the_filers_own_names_and_numbers_give_way(text: str, copy: str) -> None:
    assert anonymised(text, FIRM) == copy


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        ("手机13800138000，", "手机〔电话〕，"),
        ("手机138 0013 8000，", "手机〔电话〕，"),
        ("手机１３８－００１３－８０００", "手机〔电话〕"),
        ("+86 138 0013 8000", "〔电话〕"),
        ("0086-13800138000", "〔电话〕"),
        ("1 3 8 0 0 1 3 8 0 0 0", "〔电话〕"),
        ("138.0013.8000", "〔电话〕"),
        ("一三八零零一三八零零零", "〔电话〕"),
        ("幺三八〇〇幺三八〇〇〇", "〔电话〕"),
        ("①③⑧００１３８０００", "〔电话〕"),
        ("座机0711-5921234", "座机〔电话〕"),
        ("座机(0711)5921234转8012", "座机〔电话〕"),
        ("027 8765 4321", "〔电话〕"),
        ("400-123-4567", "〔电话〕"),
        ("联系方式：59212345", "联系方式：〔电话〕"),
        ("身份证420700198703021234", "身份证〔身份证号〕"),
        ("身份证 4207 0019 8703 0212 3X", "身份证 〔身份证号〕"),
        ("４２０７００１９８７０３０２１２３ｘ", "〔身份证号〕"),
        ("account@example.com.cn", "〔邮箱〕"),
        ("zhang.san ＠ qq．com", "〔邮箱〕"),
        ("见https://www.hongtai.example/a?b=1。", "见〔网址〕。"),
        ("微信号：hongtai_2020", "微信号：〔社交账号〕"),
        ("QQ 12345678", "QQ 〔社交账号〕"),
        ("车辆鄂G12345被扣", "车辆〔车牌〕被扣"),
        ("鄂 G·D12345", "〔车牌〕"),
        ("卡号6222 0212 3456 7890 123", "卡号〔编号〕"),
        ("账号42050163860800001234", "账号〔编号〕"),
        ("受理单号202503020012345", "受理单号〔编号〕"),
        ("我公司位于高新大道108号", "我公司位于〔地址〕"),
        ("葛店镇建设路１２号３栋２单元５０１室", "葛店镇〔地址〕"),
        ("人民路一百二十号附3", "〔地址〕附3"),
        ("岳王村3组12号", "〔地址〕"),
        ("联系人：李四，", "联系人：〔姓名〕，"),
        ("法定代表人 张三丰电话", "法定代表人 〔姓名〕电话"),
        ("我叫赵六，", "我叫〔姓名〕，"),
        ("代码91420100MA4KXXXX1B", "代码〔统一社会信用代码〕"),
    ],
)
def test_what_tells_of_anybody_gives_way(text: str, copy: str) -> None:
    assert anonymised(text, NOBODY) == copy


@pytest.mark.parametrize(
    "text",
    [
        "公示期满已两个月，款项58000元仍未到账。",
        "2026年3月2日申报，2026-03-05受理，2026/04/01答复。",
        "按《优化营商环境条例》第49条、鄂政办发〔2020〕66号办理。",
        "停电3次，每次2小时，损失1,234,567.89元。",
        "要求5个工作日内答复；15个工作日办结。",
        "窗口人员态度差，第3号窗口，10:30到11:45无人。",
        "市场监管分局、经发局均答复不一。",
        "",
    ],
)
def test_the_matter_itself_stays(text: str) -> None:
    assert anonymised(text, FIRM) == text


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("湖北省武汉市宏泰科技有限公司", {"宏泰", "宏泰科技", "湖北省武汉市宏泰"}),
        ("宏泰（湖北）建筑工程有限责任公司", {"宏泰", "宏泰建筑工程"}),
        ("鄂州市葛店开发区好运来餐饮店", {"好运来", "好运来餐饮"}),
        ("Hongtai Optical 有限公司", {"HongtaiOptical"}),
        ("葛店enterprise公司", {"enterprise", "葛店enterprise"}),
    ],
)
def test_short_forms_of_a_name(name: str, forms: set[str]) -> None:
    found = short_forms(name.replace("（", "(").replace("）", ")"))
    assert forms <= found, found


@pytest.mark.parametrize("name", ["中国公司", "湖北科技公司", "有限公司", "店", "发展集团有限公司"])
def test_common_words_are_no_name(name: str) -> None:
    assert not short_forms(name) & {"中国", "湖北", "公司", "科技", "发展", "集团"}


def test_a_copy_of_a_copy_is_the_copy() -> None:
    text = "葛店宏泰光电科技有限公司，91421003MA00000152，13912345678，建设路12号，联系人：王建国"
    copy = anonymised(text, FIRM)
    assert anonymised(copy, FIRM) == copy
    assert copy.count("〔") == 5


HOSTILE = {
    "digits": "1 " * 10_000,
    "letters": "a" * 20_000,
    "mail": "a@" * 10_000,
    "roads": "路路路路路1" * 3_300,
    "code": "9A" * 10_000,
    "gaps": "- . " * 5_000,
    "labels": "联系人: " * 4_000,
    "name": "宏" * 20_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_makes_it_slow(text: str) -> None:
    started = time.perf_counter()
    anonymised(text, FIRM)
    assert time.perf_counter() - started < 2.0


@pytest.mark.parametrize(
    "name", ["建筑工程" * 49 + "x", "武汉" * 30 + "科技" * 40 + "公司" * 30, "(a" * 99, "市" * 200]
)
def test_no_name_makes_it_slow(name: str) -> None:
    started = time.perf_counter()
    anonymised("某公司反映。" * 1_000, Identity(names=(name,)))
    assert time.perf_counter() - started < 3.0
