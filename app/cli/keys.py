"""`bihuan keys`: the keys that contacts and secrets are sealed with."""

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from app.cli.arguments import Commands
from app.cli.database import keyring_file, read_settings
from app.cli.offices import in_office
from app.domain.act_kind import ActKind
from app.domain.clock import OFFICE_TIMEZONE
from app.domain.roles import COMMAND_LINE
from app.gateways.keyring import Key, Keyring, SealCipher, new_key
from app.services.acts import record_act
from app.services.office import Office
from app.services.resealing import ResealCount, reseal
from app.storage.queries.contacts import contacts_in_clear
from app.storage.queries.sealed import sealed_by_key
from app.system_time import utc_now

DROPPED_AFTER = timedelta(hours=1)
"""So long a retired key stays at least: what was begun with it when it was retired is in the database by then."""


def add_keys_parser(subparsers: Commands) -> None:
    """Add the commands to the program's commands."""
    parser = subparsers.add_parser("keys", help="加密密钥（联系信息、二次验证等）：查看、增加、轮换、重新加密")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True)
    commands.add_parser("list", help="列出密钥，及各自加密了多少条").set_defaults(run=run_list)
    add = commands.add_parser("add", help="增加一把备用密钥，暂不启用")
    rotate = commands.add_parser("rotate", help="启用另一把密钥；此后新登记的用它加密")
    for one in (add, rotate):
        one.add_argument("--cipher", choices=[*SealCipher], help="算法，缺省按 BIHUAN_CIPHER")
    rotate.add_argument("--key", metavar="编号", help="启用已有的这一把；不写则新生成一把")
    again = commands.add_parser("reseal", help="把明文的联系信息和旧密钥加密的内容，全部改用现用密钥加密")
    again.add_argument("--drop", action="store_true", help="随后删去停用满一小时、已无数据使用的旧密钥")
    add.set_defaults(run=run_add)
    rotate.set_defaults(run=run_rotate)
    again.set_defaults(run=run_reseal)


def run_list(_namespace: argparse.Namespace) -> int:
    """Print every key with how many values are sealed with it, and keys that are missing here."""
    ring = keyring_file(read_settings()).current()
    counts, in_clear = in_office(_counts)
    print("\n".join((*_key_lines(ring, counts), *_other_lines(ring, counts, in_clear))))
    return 0


def run_add(namespace: argparse.Namespace) -> int:
    """Add a key that is not used yet."""
    key = _fresh(namespace.cipher)
    keyring_file(read_settings()).change(lambda ring: ring.with_key(key))
    _record(ActKind.KEYRING_ADDED, key.id, {"cipher": key.cipher})
    print(f"已增加密钥 {key.id}（{key.cipher}），尚未启用。请重新备份密钥环。")
    return 0


def run_rotate(namespace: argparse.Namespace) -> int:
    """Use another key from now on; every process notices at its next use."""
    file, now = keyring_file(read_settings()), utc_now()
    fresh = None if namespace.key else _fresh(namespace.cipher)
    ring = file.change(lambda ring: _rotated(ring, fresh, namespace.key, now))
    _record(ActKind.KEYRING_ROTATED, ring.active, {"cipher": ring.key_in_use.cipher})
    print(f"现用密钥 {ring.active}（{ring.key_in_use.cipher}）。请重新备份密钥环，再运行 bihuan keys reseal。")
    return 0


def run_reseal(namespace: argparse.Namespace) -> int:
    """Seal everything with the key in use; with `--drop`, forget the keys that nothing needs any more."""
    count = in_office(reseal)
    _record(ActKind.KEYRING_RESEALED, keyring_file(read_settings()).current().active, asdict(count))
    print(resealed_line(count))
    if namespace.drop:
        dropped = _drop_unused()
        for key_id in dropped:
            _record(ActKind.KEYRING_DROPPED, key_id, {})
        print(f"已删去旧密钥：{'、'.join(dropped) or '无'}。旧的数据库备份仍须用旧密钥才能读，请保留相应的密钥环备份。")
    return 1 if count.unreadable else 0


def resealed_line(count: ResealCount) -> str:
    """Return in one line what a run has done."""
    line = f"加密内容：新加密{count.sealed}条，改用现用密钥{count.resealed}条"
    return f"{line}，无法解密{count.unreadable}条（缺少密钥或已损坏，原样保留）" if count.unreadable else line


def _fresh(cipher: str | None) -> Key:
    return new_key(SealCipher(cipher or read_settings().cipher), now=utc_now())


def _rotated(ring: Keyring, fresh: Key | None, key_id: str, now: datetime) -> Keyring:
    return ring.using(key_id, now=now) if fresh is None else ring.with_key(fresh).using(fresh.id, now=now)


def _drop_unused() -> list[str]:
    now = utc_now()
    counts, _ = in_office(_counts)
    file = keyring_file(read_settings())
    unused = frozenset(
        key.id
        for key in file.current().keys.values()
        if key.retired_at is not None and now - key.retired_at >= DROPPED_AFTER and key.id not in counts
    )
    file.change(lambda ring: ring.without(unused))
    return sorted(unused)


def _record(kind: ActKind, key_id: str, payload: Mapping[str, object]) -> None:
    async def act(office: Office) -> None:
        async with office.work() as work:
            await record_act(work, kind, subject=key_id, payload=payload, actor=COMMAND_LINE, now=utc_now())

    in_office(act)


async def _counts(office: Office) -> tuple[dict[str, int], int]:
    async with office.look() as work:
        return await sealed_by_key(work.connection), await contacts_in_clear(work.connection)


def _key_lines(ring: Keyring, counts: dict[str, int]) -> Iterator[str]:
    for key in ring.keys.values():
        state = "在用" if key.id == ring.active else "已停用" if key.retired_at else "备用"
        created = key.created_at.astimezone(OFFICE_TIMEZONE)
        yield f"{key.id}  {key.cipher}  {created:%Y-%m-%d %H:%M}  {state}  {counts.get(key.id, 0)}条"


def _other_lines(ring: Keyring, counts: dict[str, int], in_clear: int) -> Iterator[str]:
    for key_id, sealed in counts.items():
        if key_id not in ring.keys:
            yield f"{key_id}  不在本机密钥环中  {sealed}条无法解密，请从备份恢复密钥环"
    if in_clear:
        yield f"另有{in_clear}条联系信息仍为明文，请运行 bihuan keys reseal"
