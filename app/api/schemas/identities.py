"""Whom an outside identity provider knows by which name."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from app.api.schemas.base import Input, Instant, Output, example
from app.services.tokens import LONGEST_SUBJECT

IDENTITY_EXAMPLE = {
    "id": "019abc00-0000-7000-8000-000000000041",
    "issuer": "https://sso.example.gov.cn/realms/gedian",
    "subject": "f:7b2c:zhang.san",
    "linked_at": "2026-11-23T01:30:00Z",
    "linked_by": "019abc00-0000-7000-8000-000000000021",
}


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("含有不可用的字符")
    return text


# Compared character by character with what a token says, so nothing is trimmed.
Name = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_SUBJECT, pattern=r"^\S(.*\S)?$"), AfterValidator(_printable)
]


class IdentityLink(Input):
    """A subject of an issuer, exactly as its tokens name it."""

    model_config = example(issuer=IDENTITY_EXAMPLE["issuer"], subject=IDENTITY_EXAMPLE["subject"])

    issuer: Name = Field(description="令牌中的 iss，须与 BIHUAN_OIDC_ISSUER 一致方可登录。")
    subject: Name = Field(description="令牌中的 sub（或 BIHUAN_OIDC_SUBJECT_CLAIM 指定的字段）。")


class IdentityOut(Output):
    """One link."""

    model_config = example(**IDENTITY_EXAMPLE)

    id: UUID
    issuer: str
    subject: str
    linked_at: Instant
    linked_by: UUID


class IdentitiesOut(Output):
    """What is linked to an account, oldest first."""

    model_config = example(items=[IDENTITY_EXAMPLE])

    items: list[IdentityOut]
