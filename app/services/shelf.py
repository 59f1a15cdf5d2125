"""Where attachments are kept and what watches over them, as long as the process lives."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from app.domain.attachment import AttachmentLimits
from app.domain.attachment_errors import StorageFull, StorageUnavailable, TooManyUploads
from app.domain.errors import Fault, Invalid
from app.gateways.file_store import FileStore
from app.gateways.file_store_local import LocalStore
from app.gateways.file_store_remote import open_remote
from app.gateways.virus_scanner import Clamd, Scanner

UPLOADS_AT_ONCE, UPLOADS_OF_ONE = 32, 4
"""How many uploads one process takes at once, of everybody and of one account: each may send slowly."""


@dataclass(slots=True)
class Shelf:
    """The file store, the folder where files arrive, the scanner (None: none is set up), and the limits."""

    files: FileStore
    arriving: Path
    scanner: Scanner | None = None
    limits: AttachmentLimits = field(default_factory=AttachmentLimits)
    upload_seconds: float = 300
    under_way: Counter[UUID] = field(default_factory=Counter)

    async def drop(self, file_id: UUID) -> None:
        """Remove a file that belongs to nothing; what cannot be removed now is removed by the worker."""
        with suppress(StorageUnavailable, StorageFull):
            await self.files.delete(file_id)

    @contextmanager
    def place_for(self, account_id: UUID) -> Iterator[None]:
        """Hold a place for one upload; raise `TooManyUploads` where all are taken."""
        if self.under_way[account_id] >= UPLOADS_OF_ONE or self.under_way.total() >= UPLOADS_AT_ONCE:
            raise TooManyUploads("正在上传的文件过多，请等其中一个完成后再上传。")
        self.under_way[account_id] += 1
        try:
            yield
        finally:
            self.under_way -= Counter([account_id])


def open_shelf(place: str, *, home: Path, clamd: str | None, limits: AttachmentLimits, upload_seconds: float) -> Shelf:
    """Open the shelf that the settings name: a folder, or an object store such as s3://bucket/prefix."""
    store: FileStore = open_remote(place) if "://" in place else LocalStore(Path(place))
    arriving = (home if "://" in place else Path(place)) / "arriving"
    scanner = None if clamd is None else Clamd(_scanner_address(clamd))
    return Shelf(store, arriving, scanner, limits, upload_seconds)


def _scanner_address(clamd: str) -> str:
    scheme, _, rest = clamd.partition(":")
    if (scheme == "unix" and rest) or (scheme == "tcp" and rest.rpartition(":")[2].isdecimal()):
        return clamd
    raise Invalid("设置有误。", Fault("BIHUAN_CLAMD", "应写作 unix:/路径 或 tcp:主机:端口"))
