"""The tree of refusals.

Every refusal carries a stable `code`, a Chinese sentence for its reader, and what to do next; never an HTTP status.

    DomainError
    ├── Invalid              what was sent cannot be used: one reason per field
    ├── NotSignedIn          nobody, or a key that no longer counts
    ├── NotAllowed           this actor may not do this here
    ├── NotFound             unknown and foreign are the same
    ├── Conflict             the state of things forbids it
    │   ├── ActionNotPossible    the process has no such move from here; names the moves it has
    │   └── CalendarSuperseded   decided by a working calendar that another has just replaced; to be done again
    ├── NotRecorded          what must leave a record cannot leave one now, so it is not done
    ├── Stale                written on the basis of an older reading
    └── PreconditionMissing  the reading that the write is based on was not named
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one field, in words for the person who sent it."""

    field: str
    reason: str


class DomainError(Exception):
    """A refusal: `message` is Chinese and says what is wrong and what to do."""

    code = "refused"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code


class Invalid(DomainError):
    """What was sent cannot be used; `faults` names each field and the reason."""

    code = "invalid"

    def __init__(self, message: str, *faults: Fault, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.faults = faults


class NotSignedIn(DomainError):
    """No key, or one that is unknown, expired or revoked."""

    code = "not-signed-in"


class NotAllowed(DomainError):
    """The actor is known and may not do this."""

    code = "not-allowed"


class NotFound(DomainError):
    """There is no such thing within the actor's reach; a foreign object is answered word for word alike."""

    code = "not-found"

    def __init__(self, message: str = "没有找到，或者您无权查看；请核对编号。", *, code: str | None = None) -> None:
        super().__init__(message, code=code)


class Conflict(DomainError):
    """The state of things forbids it now."""

    code = "conflict"


class ActionNotPossible(Conflict):
    """The process table has no such move from here; `allowed` names the moves that it has."""

    code = "action-not-possible"

    def __init__(self, message: str, *, allowed: tuple[str, ...] = (), code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.allowed = allowed


class CalendarSuperseded(Conflict):
    """What was going to be written was counted on a calendar that is no longer in force; nothing is written."""

    code = "calendar-superseded"

    def __init__(self) -> None:
        super().__init__("工作日历刚刚更新，请重新提交。")


class NotRecorded(DomainError):
    """The record that this must leave cannot be written now; so it is not done."""

    code = "not-recorded"

    def __init__(self) -> None:
        super().__init__("这项操作必须留痕，而现在无法留痕，所以没有办理；请稍后重试，仍不行请联系系统管理员。")


class Stale(DomainError):
    """The object has changed since it was read."""

    code = "stale"


class PreconditionMissing(DomainError):
    """A move must name the reading that it is based on."""

    code = "precondition-missing"
