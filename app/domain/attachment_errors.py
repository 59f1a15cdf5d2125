"""Refusals that only files know: too large, not a kind that we take, too slow, nowhere to put it."""

from app.domain.errors import DomainError


class TooLarge(DomainError):
    """The file, the appeal or the day of the enterprise holds no more."""

    code = "too-large"


class UnsupportedFile(DomainError):
    """The content is of no kind that may be attached."""

    code = "unsupported-media-type"


class UploadTooSlow(DomainError):
    """The content did not arrive in time."""

    code = "upload-too-slow"


class UploadBroken(DomainError):
    """The content ended early, or is no form that can be read."""

    code = "upload-broken"


class TooManyUploads(DomainError):
    """As many uploads as this process takes at once are under way."""

    code = "too-many-uploads"


class Gone(DomainError):
    """The content is no longer there, and never will be again."""

    code = "gone"


class StorageFull(DomainError):
    """There is no room left for files."""

    code = "storage-full"

    def __init__(self) -> None:
        super().__init__("附件存储空间不足，文件没有保存；诉求本身可以照常提交，请稍后再上传附件。")


class StorageUnavailable(DomainError):
    """The place where files are kept does not answer."""

    code = "storage-unavailable"

    def __init__(self) -> None:
        super().__init__("附件存储暂时不可用，请稍后重试；重复上传时请使用同一个 Idempotency-Key。")
