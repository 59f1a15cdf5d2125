"""Administrative acts: every kind has a name that its readers understand."""

import re

from app.domain.act_kind import ACT_NAMES, OTHER_ACT, ActKind


def test_every_kind_of_act_has_a_chinese_name_of_its_own() -> None:
    assert set(ACT_NAMES) == set(ActKind)
    names = [*ACT_NAMES.values(), OTHER_ACT]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[\u4e00-\u9fff]+", name)] == []
