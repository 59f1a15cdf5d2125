"""The name of an enterprise and what people call it for short."""

import re
from collections.abc import Iterator
from typing import Final

SHORTEST: Final = 2
MOST_STEPS: Final = 4
"""So often is a kind of word taken off; a name that has more of it is none that anybody registers."""

_LEGAL_WORDS: Final = (
    r"\(?(?:普通合伙|有限合伙|特殊普通合伙|个人独资|个体工商户)\)?|股份有限公司|有限责任公司|集团有限公司|控股有限公司|有限公司|"
    r"股份公司|分公司|子公司|总公司|公司|集团|控股|总厂|分厂|厂|商行|经营部|门市部|专业合作社|合作社|事务所|工作室|商店|商铺|店"
)
_PLACES: Final = (
    "中国|湖北|武汉|鄂州|葛店|荆门|东宝|掇刀|荆州|沙市|洪山|黄石|黄冈|孝感|宜昌|襄阳|十堰|咸宁|随州|恩施|仙桃|潜江|"
    "天门|钟祥|京山|沙洋|光谷|东湖|北京|上海|广东|深圳|广州|浙江|杭州|江苏|南京|苏州|湖南|长沙|河南|郑州|江西|安徽|"
    "四川|成都|重庆|天津|山东|福建"
)
_REGION: Final = re.compile(
    rf"^(?:[\u4e00-\u9fff]{{2,6}}?(?:自治区|开发区|高新区|新区|省|市|区|县|州|镇|乡)|{_PLACES})(?=.{{2}})"
)
_TRADES: Final = (
    "信息技术|生物科技|电子科技|网络科技|新材料|新能源|电子商务|物业管理|人力资源|建筑工程|建设工程|装饰工程|工程技术|机械制造|"
    "进出口|供应链|房地产|房地产开发|国际贸易|光电|光电子|半导体|科技|技术|电子|电气|电器|机械|设备|制造|制药|医药|药业|化工|"
    "材料|建材|建筑|建设|工程|装饰|市政|园林|贸易|商贸|物流|运输|食品|饮料|农业|农牧|纺织|服装|家具|印刷|包装|餐饮|酒店|"
    "置业|地产|投资|发展|实业|产业|企业管理|管理|服务|咨询|传媒|广告|文化|教育|能源|环保|汽车|汽配|电力|水务|燃气|劳务|金属|"
    "钢构|钢铁|塑料|塑业|橡胶|玻璃|陶瓷|仪器|通信|软件|智能|数据"
)
_LEGAL_FORM: Final = re.compile(rf"(?:{_LEGAL_WORDS})$")
_TRADE: Final = re.compile(rf"(?:{_TRADES})$")
_BRACKETS: Final = re.compile(r"\([^()]{1,20}\)")
_COMMON: Final = re.compile(rf"(?:{_PLACES}|{_LEGAL_WORDS}|{_TRADES}|企业|[本我]公司|项目|中心|园区|区|市|县|省)++")


def short_forms(name: str) -> frozenset[str]:
    """Return a name and what may be said for it, with less and less of its place, legal form and trade.

    Words that anybody uses are no name, unless they are the whole of it.
    """
    whole = "".join(name.split())
    bare = [one for said in (whole, _BRACKETS.sub("", whole)) for one in _less_and_less(_LEGAL_FORM, said)]
    local = [one for said in bare for one in _less_and_less(_REGION, said)]
    forms = {one for said in local for one in _less_and_less(_TRADE, said)}
    named = (form for form in forms if len(form) >= SHORTEST and not _COMMON.fullmatch(form))
    return frozenset({*named, whole}) if len(whole) >= SHORTEST else frozenset()


def _less_and_less(pattern: re.Pattern[str], name: str) -> Iterator[str]:
    """Yield a name, and what is left each time when something that the pattern finds is taken off."""
    yield name
    for _ in range(MOST_STEPS):
        shorter = pattern.sub("", name)
        if shorter == name or len(shorter) < SHORTEST:
            return
        yield shorter
        name = shorter
