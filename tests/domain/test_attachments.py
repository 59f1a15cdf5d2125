"""What a file may be called, how much fits, and who may see it."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attachment import Attachment, AttachmentLimits, Purpose, Scan, check_purpose
from app.domain.attachment_errors import TooLarge
from app.domain.attachment_kind import KINDS, FileKind, named_for
from app.domain.attachment_name import LONGEST_NAME, clean_name, extension_of
from app.domain.attachment_room import Used, check_room
from app.domain.errors import Invalid
from app.domain.roles import Role
from tests.domain.cases import a_case, somebody

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)

NAMES = {
    "凭证017.pdf": "凭证017.pdf",
    "../../x.pdf": "x.pdf",
    "..\\..\\windows\\x.pdf": "x.pdf",
    "/etc/passwd": "passwd",
    "C:\\Users\\王\\合同.docx": "合同.docx",
    "": "附件",
    "...": "附件",
    "/": "附件",
    " . ": "附件",
    "e\u0301tude.pdf": "étude.pdf",
    "gpj.\u202eexe.pdf": "gpj.exe.pdf",
    "a\u200bb\ufeffc.pdf": "abc.pdf",
    "a\u2028b.pdf": "ab.pdf",
    "con.pdf": "_con.pdf",
    "NUL": "_NUL",
    "com1.txt": "_com1.txt",
    "lpt9 .pdf": "_lpt9 .pdf",
    "console.pdf": "console.pdf",
    "合同.pdf...": "合同.pdf",
    "合同.pdf . ": "合同.pdf",
    ".htaccess": "htaccess",
    'a<b>:"|?*.pdf': "a_b______.pdf",
    "a   b\u3000c.pdf": "a b c.pdf",
    "\ud800x.pdf": "x.pdf",
    "<script>alert(1)<／script>.pdf": "_script_alert(1)_／script_.pdf",
}


@pytest.mark.parametrize(("sent", "kept"), NAMES.items(), ids=[str(place) for place in range(len(NAMES))])
def test_a_name_is_made_safe_to_show_and_to_save(sent: str, kept: str) -> None:
    assert clean_name(sent) == kept


@pytest.mark.parametrize("sent", ["a\x00b.pdf", "a\nb.pdf", "a\x7f.pdf", "\x1b[31m.pdf", "a\x85.pdf"])
def test_control_characters_are_refused_without_repeating_them(sent: str) -> None:
    with pytest.raises(Invalid) as refusal:
        clean_name(sent)
    assert sent not in refusal.value.message + refusal.value.faults[0].reason


@pytest.mark.parametrize("character", ["a", "案", "𠮷"])
def test_a_long_name_is_cut_at_a_whole_character_and_keeps_its_extension(character: str) -> None:
    kept = clean_name(character * 4096 + ".pdf")
    assert LONGEST_NAME - 4 < len(kept.encode()) <= LONGEST_NAME
    assert kept == character * (len(kept) - 4) + ".pdf"


@given(st.text(max_size=400))
def test_whatever_is_sent_the_name_is_safe_and_stays_as_it_is(sent: str) -> None:
    try:
        kept = clean_name(sent)
    except Invalid:
        return
    assert kept
    assert len(kept.encode()) <= LONGEST_NAME
    assert not set(kept) & set('/\\<>:"|?*')
    assert not {unicodedata.category(one) for one in kept} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert clean_name(kept) == kept


@pytest.mark.parametrize(
    ("sent", "stated", "kind", "kept"),
    [
        ("a.pdf", "application/pdf", FileKind.PDF, "a.pdf"),
        ("a.PDF", "", FileKind.PDF, "a.PDF"),
        ("a.jpg", "image/jpeg; q=1", FileKind.JPEG, "a.jpg"),
        ("a.jpeg", "image/jpg", FileKind.JPEG, "a.jpeg"),
        ("发票", "application/octet-stream", FileKind.OFD, "发票.ofd"),
        ("2026.03报告", "", FileKind.PDF, "2026.03报告.pdf"),
    ],
)
def test_a_name_and_a_stated_type_that_fit_the_content_are_kept(
    sent: str, stated: str, kind: FileKind, kept: str
) -> None:
    assert named_for(sent, stated, kind) == kept


@pytest.mark.parametrize(
    ("sent", "stated", "kind"),
    [
        ("a.docx", "", FileKind.PDF),
        ("a.pdf.exe", "", FileKind.PDF),
        ("a.pdf", "text/html", FileKind.PDF),
        ("a.png", "image/jpeg", FileKind.PNG),
        ("a.xlsm", "", FileKind.XLSX),
        ("a.html", "text/plain", FileKind.TEXT),
    ],
)
def test_a_name_or_a_stated_type_that_contradicts_the_content_is_refused(
    sent: str, stated: str, kind: FileKind
) -> None:
    with pytest.raises(Invalid) as refusal:
        named_for(sent, stated, kind)
    assert refusal.value.code == "content-type-mismatch"


def test_no_kind_is_served_as_something_that_runs() -> None:
    served = {facts.media_type for facts in KINDS.values()}
    assert len(served) == len(FileKind)
    assert not {one for one in served if "html" in one or "xml;" in one or "svg" in one or "script" in one}
    assert {extension_of(f"x.{one}") for facts in KINDS.values() for one in facts.extensions} >= {"pdf", "ofd", "txt"}


LIMITS = AttachmentLimits(file_bytes=10, appeal_files=2, appeal_bytes=15, day_files=3, day_bytes=25)


@pytest.mark.parametrize(
    ("used", "size", "fits"),
    [
        (Used(0, 0, 0, 0), 10, True),
        (Used(1, 5, 2, 15), 10, True),
        (Used(2, 0, 2, 0), 1, False),
        (Used(1, 5, 1, 5), 11, False),
        (Used(0, 0, 3, 3), 1, False),
        (Used(0, 0, 2, 16), 10, False),
    ],
)
def test_what_does_not_fit_any_more_is_refused(used: Used, size: int, *, fits: bool) -> None:
    if fits:
        check_room(used, LIMITS, size=size)
        return
    with pytest.raises(TooLarge) as refusal:
        check_room(used, LIMITS, size=size)
    assert refusal.value.code == "quota-exceeded"


FILE = Attachment(
    id=UUID(int=1), name="a.pdf", kind=FileKind.PDF, size=1, sha256="0" * 64, purpose=Purpose.EVIDENCE, note="",
    uploader_id=UUID(int=2), uploader_name="企业", department=None, uploaded_at=NOW, scan=Scan.UNSCANNED,
    scan_finding=None, released_at=None, relied_on_at=None, damaged_at=None, deleted_at=None,
)  # fmt: skip
RELEASED, BY_LEAD, REPLY = {"released_at": NOW}, {"department": "economy"}, {"purpose": Purpose.REPLY}
PASSED = {"passed_at": NOW + timedelta(hours=1)}
CONFIDENTIAL = {"confidential": True, "accused_department": "finance"}
WHO_SEES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {}, "enterprise office lead other accused"),
    (BY_LEAD, {}, "enterprise office lead other accused"),
    (BY_LEAD | REPLY, {}, "office lead other accused"),
    (BY_LEAD | REPLY | PASSED, {}, "enterprise office lead other accused"),
    (BY_LEAD | REPLY | {"passed_at": NOW - timedelta(hours=1)}, {}, "office lead other accused"),
    ({}, CONFIDENTIAL, "enterprise office"),
    (RELEASED, CONFIDENTIAL, "enterprise office lead other"),
    (BY_LEAD, CONFIDENTIAL, "enterprise office lead other"),
    ({"department": "finance"}, CONFIDENTIAL, "enterprise office lead other accused"),
]


@pytest.mark.parametrize(("facts", "appeal", "seen_by"), WHO_SEES)
def test_who_sees_a_file(facts: dict[str, Any], appeal: dict[str, Any], seen_by: str) -> None:
    people = {
        "enterprise": somebody(Role.ENTERPRISE),
        "office": somebody(Role.DISPATCHER),
        "lead": somebody(Role.OFFICER, department="economy"),
        "other": somebody(Role.HEAD, department="market"),
        "accused": somebody(Role.OFFICER, department="finance"),
    }
    insider = somebody(Role.DISPATCHER, department="finance")
    case = a_case(**appeal)
    file = replace(FILE, **facts)
    assert file.may_be_seen_by(insider, case.appeal) is ("accused" in seen_by), "an office of the accused department"
    assert [who for who, actor in people.items() if file.may_be_seen_by(actor, case.appeal)] == seen_by.split()


def test_the_name_of_a_file_is_shown_to_those_who_may_know_the_filer() -> None:
    case, plain = a_case(**CONFIDENTIAL), a_case()
    officer, office = somebody(Role.OFFICER, department="economy"), somebody(Role.CLERK)
    assert FILE.shown_to(officer, case.appeal).name == "附件.pdf"
    assert FILE.shown_to(officer, case.appeal).uploader_name == "（已保密）"
    assert [FILE.shown_to(who, one.appeal) for who, one in ((officer, plain), (office, case), (office, plain))] == [
        FILE, FILE, FILE,
    ]  # fmt: skip
    assert replace(FILE, department="market").shown_to(officer, case.appeal).name == "a.pdf"


@pytest.mark.parametrize(
    ("role", "purposes"),
    [
        (Role.ENTERPRISE, "evidence supplement authorisation"),
        (Role.CLERK, "evidence supplement authorisation"),
        (Role.OFFICER, "evidence reply"),
        (Role.HEAD, "evidence reply"),
    ],
)
def test_each_side_attaches_for_its_own_purposes(role: Role, purposes: str) -> None:
    taken = []
    for purpose in Purpose:
        try:
            check_purpose(purpose, somebody(role))
        except Invalid:
            continue
        taken.append(purpose)
    assert taken == purposes.split()
