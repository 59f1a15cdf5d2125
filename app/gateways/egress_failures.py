"""How sending can go wrong."""

import ssl
from collections.abc import Iterator
from typing import Literal

import httpx

Kind = Literal["refused", "timeout", "tls", "reset", "protocol", "too-large", "name"]

# From the particular to the general: a TLS error is an OSError too, and a refused connection a ConnectError.
_KINDS: tuple[tuple[tuple[type[BaseException], ...], Kind], ...] = (
    ((httpx.TimeoutException, TimeoutError), "timeout"),
    ((ssl.SSLError, ssl.CertificateError), "tls"),
    ((ConnectionRefusedError,), "refused"),
    ((ConnectionResetError, BrokenPipeError, httpx.ReadError, httpx.WriteError), "reset"),
    ((httpx.ProtocolError,), "protocol"),
    ((OSError, httpx.NetworkError), "refused"),
)


class EgressBlocked(Exception):
    """The request may not leave; the reason is Chinese and says what to do."""


class EgressFailed(Exception):
    """No whole answer came; `kind` says why, and `status` is set where the answer had begun."""

    def __init__(self, kind: Kind, *, status: int | None = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.status = status


def kind_of(error: BaseException) -> Kind:
    """Name what went wrong, from the error or what brought it about."""
    causes = list(_causes(error))
    return next((kind for types, kind in _KINDS if any(isinstance(one, types) for one in causes)), "protocol")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    # Not by __context__, which may be what the caller was dealing with; the client hands its cause on as an argument.
    while error is not None:
        yield error
        error = error.__cause__ or next((one for one in error.args if isinstance(one, BaseException)), None)
