"""`bihuan account`: what it makes, lists, revokes and refuses."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.database import connect

Run = Callable[..., int]
Output = pytest.CaptureFixture[str]
CLERK = ("account", "create", "--name", "窗口", "--role", "clerk", "--jurisdiction", "gedian")
OFFICER = ("create", "--name", "甲", "--role", "officer", "--jurisdiction", "gedian")
FIRM = ("account", "create", "--name", "甲", "--role", "enterprise", "--enterprise-name", "葛店甲公司")


def created(bihuan: Run, output: Output, *arguments: str) -> dict[str, str]:
    assert bihuan(*arguments, "--json") == 0
    answer: dict[str, str] = json.loads(output.readouterr().out)
    return answer


def listed(bihuan: Run, output: Output) -> list[dict[str, Any]]:
    assert bihuan("account", "list", "--json") == 0
    rows: list[dict[str, Any]] = json.loads(output.readouterr().out)
    return rows


def test_a_new_account_has_the_scope_that_was_asked_for(bihuan: Run, capsys: Output) -> None:
    made = created(bihuan, capsys, *CLERK)
    (row,) = listed(bihuan, capsys)
    assert row["id"] == made["account_id"]
    assert (row["name"], row["roles"], row["jurisdictions"]) == ("窗口", ["clerk"], ["gedian"])
    assert made["key"].startswith("bh_")


def test_a_key_is_shown_once_and_kept_as_a_digest_only(bihuan: Run, capsys: Output, database_url: str) -> None:
    key = created(bihuan, capsys, *CLERK)["key"]
    with connect(database_url) as connection:
        kept = connection.execute("SELECT api_key::text FROM api_key").fetchall()
    assert len(kept) == 1
    assert key not in kept[0][0]
    assert key not in json.dumps(listed(bihuan, capsys))


def test_plain_text_says_that_the_key_is_not_shown_again(bihuan: Run, capsys: Output) -> None:
    assert bihuan(*CLERK) == 0
    assert "密钥只显示这一次" in capsys.readouterr().out


def test_two_accounts_of_one_enterprise_share_it(bihuan: Run, capsys: Output) -> None:
    created(bihuan, capsys, *FIRM)
    created(bihuan, capsys, *FIRM)
    first, second = listed(bihuan, capsys)
    assert first["enterprise_id"] == second["enterprise_id"]
    assert first["enterprise_id"] is not None


def test_a_key_can_end_by_itself(bihuan: Run, capsys: Output, database_url: str) -> None:
    created(bihuan, capsys, *CLERK, "--expires", "2027-01-01T00:00+08:00")
    with connect(database_url) as connection:
        (ends,) = connection.execute("SELECT expires_at AT TIME ZONE 'UTC' FROM api_key").fetchone() or (None,)
    assert str(ends) == "2026-12-31 16:00:00"


def test_revoking_ends_every_key_of_the_account_and_no_other(bihuan: Run, capsys: Output, database_url: str) -> None:
    lost, other = created(bihuan, capsys, *CLERK), created(bihuan, capsys, *CLERK)
    assert bihuan("account", "revoke", lost["account_id"]) == 0
    with connect(database_url) as connection:
        rows = connection.execute("SELECT account_id::text, revoked_at IS NOT NULL FROM api_key").fetchall()
    assert dict(rows) == {lost["account_id"]: True, other["account_id"]: False}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("create", "--name", "甲", "--role", "clerk"), "须指定辖区"),
        (OFFICER, "承办单位角色须指定部门"),
        (("create", "--name", "甲", "--role", "clerk", "--jurisdiction", "nowhere"), "没有辖区「nowhere」"),
        ((*OFFICER, "--department", "none"), "economy（经发局）"),
        (("create", "--name", "甲", "--role", "enterprise", "--uscc", "91420700"), "请用 --enterprise-name 写明"),
        (("create", "--name", "甲", "--role", "system"), "没有「system」"),
        ((*OFFICER, "--department", "economy", "--role", "head"), "不能由同一账号兼任"),
        (("create", "--name", "甲", "--role", "auditor", "--scope", "all"), "没有「all」"),
        (("create", "--role", "clerk"), "缺少参数：--name"),
        (("create", "--name", "甲", "--role", "clerk", "--expires", "2027-01-01"), "须带时区"),
        (("revoke", "7"), "「7」不是有效的编号"),
        (("revoke", "00000000-0000-7000-8000-000000000000"), "没有账号"),
    ],
)
def test_what_cannot_be_done_is_refused_in_chinese(
    bihuan: Run, capsys: Output, arguments: tuple[str, ...], sentence: str
) -> None:
    assert bihuan("account", *arguments) == 2
    assert sentence in capsys.readouterr().err
    assert listed(bihuan, capsys) == []


def test_what_is_done_to_accounts_is_recorded_without_any_key(bihuan: Run, capsys: Output, database_url: str) -> None:
    made = created(bihuan, capsys, *CLERK)
    assert bihuan("account", "revoke", made["account_id"]) == 0
    with connect(database_url) as connection:
        acts = connection.execute("SELECT action, subject, actor_name, act::text FROM act ORDER BY id").fetchall()
    assert [act[:3] for act in acts] == [
        ("account.created", made["account_id"], "命令行"),
        ("account.keys_revoked", made["account_id"], "命令行"),
    ]
    assert made["key"] not in str(acts)
