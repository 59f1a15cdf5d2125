"""Attachments in an object store that speaks S3; credentials come from the environment (AWS_…)."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from app.domain.attachment_errors import StorageUnavailable
from app.gateways.disk import CHUNK
from app.gateways.file_store import KeptFile, id_in, key_of

ANSWER_WITHIN = timedelta(seconds=30)
RETRIES = 2


class RemoteStore:
    """Objects under the bucket and prefix of a store."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def keep(self, file_id: UUID, arrived: Path) -> None:
        """Send a whole file; the object appears when it is complete, or not at all."""
        with _remote_faults():
            await obstore.put_async(self._store, key_of(file_id), arrived)

    async def size(self, file_id: UUID) -> int:
        """Return the size in bytes."""
        with _remote_faults():
            return (await obstore.head_async(self._store, key_of(file_id)))["size"]

    async def read(self, file_id: UUID) -> AsyncIterator[bytes]:
        """Return the content piece by piece."""
        with _remote_faults():
            pieces = aiter((await obstore.get_async(self._store, key_of(file_id))).stream(min_chunk_size=CHUNK))
        while True:
            with _remote_faults():
                piece = await anext(pieces, None)
            if piece is None:
                return
            yield bytes(piece)

    async def delete(self, file_id: UUID) -> None:
        """Remove a file; one that is not there is no error."""
        try:
            with _remote_faults():
                await obstore.delete_async(self._store, key_of(file_id))
        except FileNotFoundError:
            return

    async def list(self) -> AsyncIterator[KeptFile]:
        """Return every file in the store."""
        batches = aiter(obstore.list(self._store))
        while True:
            with _remote_faults():
                batch = await anext(batches, None)
            if batch is None:
                return
            for one in batch:
                file_id = id_in(one["path"].rpartition("/")[2])
                if file_id is not None:
                    yield KeptFile(file_id, one["last_modified"])


def open_remote(url: str) -> RemoteStore:
    """Open the store that a URL names, such as s3://bucket/prefix."""
    store = from_url(
        url,
        client_options={"timeout": ANSWER_WITHIN, "connect_timeout": ANSWER_WITHIN},
        retry_config={"max_retries": RETRIES, "retry_timeout": ANSWER_WITHIN},
    )
    return RemoteStore(store)


@contextmanager
def _remote_faults() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        raise StorageUnavailable from error
