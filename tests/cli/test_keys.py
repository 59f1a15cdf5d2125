"""`bihuan keys`: rotation from the command line, and that no key goes that something still needs."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.roles import Actor, Role
from app.gateways.keyring import KeyringFile, SealCipher
from app.gateways.sealing import Sealer
from app.services.appeals import Filing, add_enterprise, file_appeal
from app.services.office import Office
from app.storage import make_engine
from app.storage.ids import new_id
from tests.database import connect
from tests.worker.filing import FILED

Run = Callable[..., int]
Output = pytest.CaptureFixture[str]


@pytest.fixture
def ring(tmp_path: Path) -> Path:
    return tmp_path / "keyring.json"


def file_with_contact(url: str, ring: Path) -> None:
    """File one appeal with a contact on the database."""

    async def act() -> None:
        keys = KeyringFile(ring, SealCipher.AES, lambda: FILED)
        office = Office(make_engine(url), seals=Sealer(keys.current))
        async with office.work() as work:
            enterprise_id = add_enterprise(work, name="葛店光电", uscc=None, now=FILED)
            actor = Actor(new_id(FILED), "葛店光电", frozenset({Role.ENTERPRISE}), enterprise_id=enterprise_id)
            filing = Filing(
                "gedian", "补贴未到账", "未拨付。", "02", contact_name="王建国", contact_phone="13912345678"
            )
            await file_appeal(work, filing, actor=actor, now=FILED)
        await office.engine.dispose()

    asyncio.run(act())


def long_retired(ring: Path) -> None:
    """Let every retired key have been retired two hours ago."""
    values = json.loads(ring.read_text())
    for key in values["keys"]:
        key["retired_at"] = key["retired_at"] and (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    ring.write_text(json.dumps(values))


def lines(output: Output) -> list[list[str]]:
    return [line.split("  ") for line in output.readouterr().out.splitlines()]


def test_a_rotation_from_beginning_to_end(bihuan: Run, capsys: Output, database_url: str, ring: Path) -> None:
    assert bihuan("migrate") == 0
    file_with_contact(database_url, ring)
    capsys.readouterr()
    assert bihuan("keys", "list") == 0
    ((old, cipher, _, state, sealed),) = lines(capsys)
    assert (cipher, state, sealed) == ("aes-gcm", "在用", "1条")
    assert bihuan("keys", "rotate", "--cipher", "sm4-gcm") == 0
    long_retired(ring)
    capsys.readouterr()
    assert bihuan("keys", "list") == 0
    assert [(one[1], one[3], one[4]) for one in lines(capsys)] == [
        ("aes-gcm", "已停用", "1条"),
        ("sm4-gcm", "在用", "0条"),
    ]
    assert bihuan("keys", "reseal", "--drop") == 0
    told = capsys.readouterr().out
    assert "改用现用密钥1条" in told
    assert f"已删去旧密钥：{old}" in told
    assert bihuan("keys", "list") == 0
    ((new, cipher, _, state, sealed),) = lines(capsys)
    assert (cipher, state, sealed) == ("sm4-gcm", "在用", "1条")
    assert new != old
    with connect(database_url) as connection:
        acts = connection.execute(
            "SELECT action, subject, actor_name FROM act WHERE action LIKE 'keyring%' ORDER BY id"
        )
        assert acts.fetchall() == [
            ("keyring.rotated", new, "命令行"),
            ("keyring.resealed", new, "命令行"),
            ("keyring.dropped", old, "命令行"),
        ]


def test_a_key_stays_while_it_is_fresh_or_something_is_sealed_with_it(
    bihuan: Run, capsys: Output, database_url: str, ring: Path
) -> None:
    assert bihuan("migrate") == 0
    file_with_contact(database_url, ring)
    assert bihuan("keys", "rotate") == 0
    assert bihuan("keys", "reseal", "--drop") == 0
    assert len(json.loads(ring.read_text())["keys"]) == 2, "retired a moment ago"
    with connect(database_url) as connection:
        # Sealed with the old key, and damaged: it cannot be sealed anew.
        old = json.loads(ring.read_text())["keys"][0]["id"]
        damaged = b"\x01" + bytes.fromhex(old) + bytes(40)
        connection.execute("UPDATE appeal SET contact_sealed = %s", [damaged])
    long_retired(ring)
    capsys.readouterr()
    assert bihuan("keys", "reseal", "--drop") == 1
    assert "无法解密1条" in capsys.readouterr().out
    assert len(json.loads(ring.read_text())["keys"]) == 2


def test_a_spare_key_is_added_and_taken_into_use(bihuan: Run, capsys: Output, ring: Path) -> None:
    assert bihuan("keys", "add", "--cipher", "sm4-gcm") == 0
    spare = json.loads(ring.read_text())["keys"][1]["id"]
    assert bihuan("keys", "rotate", "--key", spare) == 0
    assert json.loads(ring.read_text())["active"] == spare
    assert bihuan("keys", "rotate", "--key", "00") == 2
    assert "没有这把密钥" in capsys.readouterr().err


def test_a_lost_ring_is_told(bihuan: Run, capsys: Output, database_url: str, ring: Path) -> None:
    assert bihuan("migrate") == 0
    file_with_contact(database_url, ring)
    ring.unlink()
    capsys.readouterr()
    assert bihuan("keys", "list") == 0
    assert "不在本机密钥环中  1条无法解密" in capsys.readouterr().out
    ring.unlink()
    assert bihuan("migrate") == 0
    assert "无法解密1条" in capsys.readouterr().out


def test_no_command_prints_a_secret(bihuan: Run, capsys: Output, ring: Path) -> None:
    for arguments in (("list",), ("add",), ("rotate",), ("reseal",)):
        assert bihuan("keys", *arguments) == 0
    told = capsys.readouterr()
    values = json.loads(ring.read_text())
    secrets = [values["index_key"], *(key["secret"] for key in values["keys"])]
    assert [secret for secret in secrets if secret in told.out + told.err] == []
