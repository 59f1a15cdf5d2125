"""`bihuan account password`: what it gives and whom it refuses."""

import json
from collections.abc import Callable

import pytest

from tests.database import connect

Run = Callable[..., int]
Output = pytest.CaptureFixture[str]


def create(bihuan: Run, output: Output, name: str) -> str:
    """Create an account; return its id."""
    assert bihuan("account", "create", "--name", name, "--role", "clerk", "--jurisdiction", "gedian", "--json") == 0
    return str(json.loads(output.readouterr().out)["account_id"])


def test_a_password_is_given_shown_once_and_kept_as_a_hash(bihuan: Run, capsys: Output, database_url: str) -> None:
    account_id = create(bihuan, capsys, "窗口")
    assert bihuan("account", "password", account_id, "--login", "Window.One", "--json") == 0
    first = json.loads(capsys.readouterr().out)
    assert bihuan("account", "password", "window.one", "--without-second-factor") == 0
    text = capsys.readouterr().out
    assert "密码只显示这一次" in text
    assert first["password"] not in text
    with connect(database_url) as connection:
        ((login, kept, must_change),) = connection.execute(
            "SELECT login, password_hash, must_change FROM credential"
        ).fetchall()
        acts = connection.execute("SELECT action, subject, actor_name, payload FROM act ORDER BY id").fetchall()
    assert (login, first["login"], must_change) == ("window.one", "window.one", True)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert acts[1:] == [
        ("password.given", account_id, "命令行", {"first": True, "without_second_factor": False}),
        ("password.given", account_id, "命令行", {"first": False, "without_second_factor": True}),
    ]


def test_nobody_gets_the_password_of_another(bihuan: Run, capsys: Output) -> None:
    create(bihuan, capsys, "窗口")
    create(bihuan, capsys, "窗口")
    for arguments, sentence in (
        (("窗口", "--login", "window"), "有2个账号叫「窗口」"),
        (("nobody", "--login", "window"), "没有账号「nobody」"),
    ):
        assert bihuan("account", "password", *arguments) == 2
        assert sentence in capsys.readouterr().err
    create(bihuan, capsys, "领导")
    assert bihuan("account", "password", "领导") == 2
    assert "login：不能为空" in capsys.readouterr().err
