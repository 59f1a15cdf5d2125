"""What in a text may tell who wrote it, as patterns over folded text (half-width, one character for one).

Every repetition is bounded, so that no text makes a search slow. What is found too much is lost to the reader of a
copy; what is found too little betrays a person: so patterns reach rather too far, and a person may correct the copy.
Where a pattern has a group `it`, the group alone is replaced.
"""

import re
from typing import Final

GAP: Final = r"[\s\-‐-―·.•_\u200b-\u200f\u2060\ufeff]{0,3}"
"""What people put between the digits of a number."""

_D = rf"{GAP}\d"
_HAN = r"[\u4e00-\u9fff]"
_START, _END = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_CODE = r"[0-9A-HJ-NP-RTUWXY]"
_TITLED = (
    "联系人|法定代表人|法人代表|企业法人|法人|经营者|实际控制人|总经理|董事长|"
    "经办人|投诉人|举报人|反映人|诉求人|申请人|姓名"
)
_NOT_ROAD = "于|地址|住所|注册地|经营地|办公地|坐落|在|至|到|从|和|与|及|的|省|市|区|县|镇|乡|沿|往"
_ROAD = (
    rf"(?:(?!{_NOT_ROAD}){_HAN}|[A-Za-z0-9]){{1,10}}?"
    r"(?:大道|大街|路|街|巷|弄|胡同|村|湾|组|社区|小区|花园|广场|大厦|园区|产业园|工业园)"
)
_NUMERAL = r"[0-9一二三四五六七八九十百零〇]"
_HOUSE = (
    rf"\s?第?{_NUMERAL}{{1,6}}(?:[\-‐-―附之#]{_NUMERAL}{{1,5}}){{0,3}}"
    r"\s?(?:号楼|号|弄|栋|幢|座|单元|层|楼|室|组|院|铺|门|户|#)"
)

DATES: Final = re.compile(r"(?<!\d)(?:19|20)\d{2}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?(?!\d)")
"""Numbers of nobody; they are set aside before everything else."""

PERSONAL_ID: Final = (
    rf"{_START}[1-9](?:{_D}){{5}}{GAP}(?:1{GAP}9|2{GAP}0)(?:{_D}){{2}}{GAP}[01]{_D}{GAP}[0-3]{_D}(?:{_D}){{3}}"
    rf"{GAP}[0-9X]{_END}"
)
MOBILE: Final = rf"(?<!\d)(?:(?:\+|00)?{GAP}86{GAP})?1{GAP}[3-9](?:{_D}){{9}}(?!\d)"
_AREA_AND_NUMBER = (
    rf"(?<!\d)\(?0{GAP}[1-9]{GAP}\d(?:{GAP}\d)?\)?{GAP}[2-9](?:{_D}){{6,7}}"
    r"(?:\s?(?:-|转|分机|ext\.?)\s?\d{1,6})?(?!\d)"
)
_LONG_NUMBER = r"(?<!\d)(?:\d{12,40}|\d{4,6}(?:[\s\-‐-―]\d{3,5}){3,8}(?:[\s\-‐-―]\d{1,4})?)(?!\d)"

_WRITTEN: Final = (
    ("网址", r"(?:https?://|www\.)[0-9a-z\-._~:/?#@!$&'()*+,;=%]{3,300}"),
    ("邮箱", r"[0-9a-z._%+\-]{1,64}\s?@\s?[0-9a-z\-]{1,63}(?:\.[0-9a-z\-]{1,63}){1,5}"),
    ("身份证号", PERSONAL_ID),
    ("统一社会信用代码", rf"{_START}{_CODE}{GAP}{_CODE}(?:{_D}){{6}}(?:{GAP}{_CODE}){{10}}{_END}"),
    ("电话", MOBILE),
    ("编号", _LONG_NUMBER),
    ("电话", _AREA_AND_NUMBER),
    ("电话", rf"(?<!\d)[48]{GAP}0{GAP}0(?:{_D}){{7}}(?!\d)"),
    ("电话", rf"(?:电话|座机|传真|热线|固话|联系方式)[:为是\s]{{0,4}}(?P<it>[2-9](?:{_D}){{6,7}})(?!\d)"),
    ("社交账号", r"(?:qq|微信|wechat|weixin|vx|钉钉|抖音)号?码?[:为是\s]{0,3}(?P<it>[0-9a-z][0-9a-z_\-]{4,29})"),
    ("车牌", rf"[{_PROVINCES}]\s?[A-HJ-NP-Z]{GAP}[A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳]{_END}"),
    ("地址", rf"{_ROAD}(?:{_HOUSE}){{1,6}}"),
    ("姓名", rf"(?:{_TITLED})[:\s]{{1,3}}(?P<it>{_HAN}{{2,3}}(?=电话|手机|联系|身份)|{_HAN}{{2,4}}(?!{_HAN}))"),
    ("姓名", rf"我叫(?P<it>{_HAN}{{2,3}})"),
)
KINDS: Final = tuple((mark, re.compile(pattern, re.IGNORECASE)) for mark, pattern in _WRITTEN)
"""What a thing is called in a copy, and how it is found; in this order."""

SPELT_KINDS: Final = tuple((mark, re.compile(one)) for mark, one in (("身份证号", PERSONAL_ID), ("电话", MOBILE)))
"""What is also found where its digits are written in Chinese."""
