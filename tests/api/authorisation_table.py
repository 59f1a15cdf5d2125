"""Who may do what: one line for every operation of the interface.

`stage` is where an appeal of 葛店 stands when the operation is tried (see `principals.STAGES`; `later`: after it has
fallen overdue); `by` is everybody whom it succeeds for, of all principals. The rest must be refused.
"""

from dataclasses import dataclass
from typing import Any

from tests.api.principals import EVERYBODY, NOBODIES
from tests.house import FILING, OTHER, SUBSTANTIVE
from tests.process.test_random_lives import MODEL, NOTICE, REASON

OFFICE = "clerk dispatcher reviewer callback supervisor leader"
DEPARTMENT = "officer head second_head"
DEPARTMENTS = f"{DEPARTMENT} officer_other head_other officer_third head_third foreign_officer foreign_head"
READERS = f"enterprise {OFFICE} {DEPARTMENT}"
FILERS = "enterprise rival clerk supervisor hotline observer"
NOTICE_READERS = "administrator supervisor leader foreign_supervisor foreign_leader"
"""A notice of the State Council concerns every jurisdiction; each reader sees the clocks within reach."""
SIGNED_IN = " ".join(who for who in EVERYBODY if who not in NOBODIES)
ALL = " ".join(EVERYBODY)


SUBSCRIBERS = (
    f"enterprise rival {OFFICE} {DEPARTMENTS} hotline foreign_hotline "
    "foreign_dispatcher foreign_supervisor foreign_leader"
)
FILE = "FILE"
"""Stands for a form with a file."""
OFFICER = {"roles": ["officer"], "jurisdictions": ["gedian"], "department": "economy"}
PERSON = {"contact_phone": "13900000000"}
SUBSCRIPTION = {"label": "办件系统", "url": "https://oa.example.gov.cn/hook"}
LETTER = {
    "authorised": "李会计",
    "document_number": "授字〔2026〕17号",
    "issued_on": "2026-01-02",
    "valid_until": "2027-01-01",
}


@dataclass(frozen=True)
class Line:
    """One operation: where it is tried, with which body, and for whom it succeeds."""

    by: str
    stage: str = ""
    body: Any = None
    query: str = ""
    later: bool = False


TABLE: dict[str, Line] = {
    # Filing and reading
    "file_appeal": Line(FILERS, body=FILING | {"enterprise_name": "葛店某公司"}),
    "list_appeals": Line(SIGNED_IN),
    "read_appeal": Line(READERS, "assigned"),
    "list_clocks": Line(READERS, "assigned"),
    "judge_clocks": Line(READERS, "assigned"),
    "read_timeline": Line(READERS, "assigned"),
    "explain_clock": Line(READERS, "assigned"),
    "list_replies": Line(READERS, "assigned"),
    "list_supervisions": Line(READERS, "assigned"),
    "read_feed": Line(SIGNED_IN),
    "list_accesses": Line("enterprise supervisor", "assigned"),
    # Auditing
    "list_audit_events": Line("auditor"),
    "list_audit_acts": Line("auditor"),
    "list_anchors": Line(SIGNED_IN),
    # Dispatching
    "request_supplement": Line("dispatcher", "received", {"gaps": ["营业执照"]}),
    "supply": Line("enterprise clerk dispatcher", "supplement", {"text": "已补。"}),
    "lapse_supplement": Line("dispatcher", "supplement", later=True),
    "refuse_appeal": Line("dispatcher", "received", NOTICE),
    "redirect_appeal": Line("dispatcher", "received", {"channel": "court", "notice": "请向法院反映。"}),
    "merge_appeal": Line("dispatcher", "assigned", {"into": "{received}", "reason": "同一事项"}),
    "unmerge_appeal": Line("dispatcher", "merged", REASON),
    "assign_appeal": Line("dispatcher", "received", {"lead": "economy", **REASON}),
    "regrade_appeal": Line("dispatcher", "received", {"level": "difficult", **REASON}),
    "rule_on_return": Line("dispatcher", "return pending", {"uphold": False, **REASON}),
    "transfer_assignment": Line("dispatcher", "assigned", {"department": OTHER, **REASON}),
    "close_appeal": Line("dispatcher", "heard"),
    "terminate_appeal": Line("dispatcher", "assigned", {"reason_code": "settled", "notice": "双方和解。"}),
    "answer_petition": Line("dispatcher", "redirected", {"kind": "procedural", "text": "已告知。"}),
    # Handling
    "list_assignments": Line(DEPARTMENTS),
    "sign_assignment": Line(DEPARTMENT, "assigned"),
    "record_contact": Line(DEPARTMENT, "assigned", MODEL["contact"].body),
    "write_reply": Line(DEPARTMENT, "assigned", SUBSTANTIVE),
    "finish_support": Line("officer_other head_other", "supported", {"note": "已办"}),
    "request_return": Line(DEPARTMENT, "assigned", MODEL["return"].body),
    "request_extension": Line(DEPARTMENT, "assigned", MODEL["ask_extension"].body),
    "approve_reply": Line("head second_head", "drafted"),
    "answer_supervision": Line(DEPARTMENT, "assigned", {"text": "已整改。"}, later=True),
    # Supervising and leading
    "rule_on_extension": Line("supervisor", "extension pending", MODEL["grant"].body),
    "suspend_appeal": Line("supervisor", "assigned", MODEL["suspend"].body),
    "resume_appeal": Line("supervisor", "suspended", REASON),
    "shelve_appeal": Line("leader", "assigned", MODEL["shelve"].body | {"milestone_on": "2026-03-12"}),
    "unshelve_appeal": Line("supervisor leader", "shelved", REASON),
    "certify_appeal": Line("leader", "unhappy", REASON),
    # Reviewing and asking
    "review_reply": Line("reviewer", "resolved", MODEL["pass"].body),
    "record_visit": Line("callback", "reviewed", MODEL["visit"].body),
    "order_rework": Line("callback", "unhappy", REASON),
    "issue_rating_link": Line("enterprise callback", "reviewed"),
    "rate_appeal": Line(ALL, "reviewed", {"solved": True, "satisfied": True}),
    # The enterprise
    "withdraw_appeal": Line("enterprise", "assigned", REASON),
    "reopen_appeal": Line("enterprise supervisor", "struck off", {"reason": "退回", "text": "又被退回。"}),
    "issue_supplement_link": Line("clerk dispatcher callback", "supplement"),
    "supply_by_link": Line(ALL, "supplement", {"text": "已补。"}),
    # Who stands behind an appeal
    "unmask_contact": Line(
        "clerk dispatcher callback", "assigned", {"purpose": "contact", "reason": "核对申报材料原件，需电话联系企业。"}
    ),
    "read_copy": Line("dispatcher", "confidential"),
    "correct_copy": Line("dispatcher", "confidential", {"title": "〔企业〕补贴未到账", "text": "补贴仍未到账。"}),
    "delete_contact": Line("enterprise", "struck off"),
    "search_contacts": Line(f"{OFFICE} foreign_dispatcher foreign_supervisor foreign_leader", body=PERSON),
    # Keeping and erasing
    "hold_retention": Line("supervisor", "assigned", REASON),
    "release_retention": Line("supervisor", "held", REASON),
    # Attachments
    "attach_file": Line(f"enterprise clerk dispatcher {DEPARTMENT}", "assigned", FILE),
    "list_attachments": Line(READERS, "assigned"),
    "download_attachment": Line(READERS, "assigned"),
    "detach_file": Line("enterprise", "received"),
    "release_attachment": Line("dispatcher", "confidential"),
    # Enterprises
    "register_enterprise": Line(
        "clerk dispatcher foreign_dispatcher administrator",
        body={"name": "葛店某新公司", "uscc": "91421003MA1234567Q", "override_reason": "按营业执照原件录入。"},
    ),
    "read_enterprise": Line(f"enterprise {OFFICE}", "people"),
    "verify_enterprise": Line("clerk dispatcher", "people", LETTER),
    "withdraw_verification": Line("clerk dispatcher", "verified", REASON),
    # Oneself
    "read_me": Line(SIGNED_IN),
    "list_keys": Line(SIGNED_IN),
    "create_key": Line(SIGNED_IN, body={"label": "财务系统对接", "scopes": ["read"]}),
    "rotate_key": Line("enterprise", "people", {"overlap_hours": 24}),
    "revoke_key": Line("enterprise", "people"),
    "list_sessions": Line(SIGNED_IN),
    "open_session": Line("", body={"login": "zhang.san", "password": "三月的江水向东流2026"}),
    "close_session": Line(""),
    "revoke_session": Line("", "people"),
    "change_password": Line("", body={"current": "首次口令-7f3a9c", "new": "三月的江水向东流2026"}),
    "begin_second_factor": Line(""),
    "confirm_second_factor": Line("", body={"code": "492039"}),
    "remove_second_factor": Line("", body={"code": "492039", "password": "三月的江水向东流2026"}),
    # Being told
    "create_subscription": Line(SUBSCRIBERS, body=SUBSCRIPTION),
    "list_subscriptions": Line(SIGNED_IN),
    "read_subscription": Line("enterprise", "subscribed"),
    "change_subscription": Line("enterprise", "subscribed", SUBSCRIPTION),
    "pause_subscription": Line("enterprise", "subscribed"),
    "resume_subscription": Line("enterprise", "paused"),
    "rotate_secret": Line("enterprise", "subscribed", {"overlap_hours": 24}),
    "delete_subscription": Line("enterprise", "subscribed"),
    "ping_subscription": Line("enterprise", "subscribed"),
    "list_deliveries": Line("enterprise", "subscribed"),
    "list_attempts": Line("enterprise", "subscribed"),
    "redeliver": Line("enterprise", "subscribed", {}),
    # Administering
    "create_account": Line("administrator", body=OFFICER | {"name": "经发局经办人"}),
    "list_accounts": Line("administrator auditor"),
    "read_account": Line("administrator auditor", "people"),
    "change_authority": Line("administrator", "people", OFFICER),
    "disable_account": Line("administrator", "people"),
    "enable_account": Line("administrator", "disabled"),
    "revoke_credentials": Line("administrator", "people"),
    "give_password": Line("administrator", "people", {"login": "li.si"}),
    "link_identity": Line(
        "administrator", "people", {"issuer": "https://sso.example.gov.cn/realms/gedian", "subject": "f:1"}
    ),
    "list_identities": Line("administrator auditor", "people"),
    "unlink_identity": Line("administrator", "people"),
    # Calendars and rules
    "propose_calendar": Line("administrator supervisor foreign_supervisor", body="NOTICE"),
    "list_publications": Line(NOTICE_READERS),
    "preview_publication": Line(NOTICE_READERS, "notice"),
    "list_moves": Line(NOTICE_READERS, "notice"),
    "export_moves": Line(NOTICE_READERS, "notice"),
    "approve_publication": Line("supervisor leader foreign_supervisor foreign_leader", "notice"),
    "withdraw_publication": Line(NOTICE_READERS, "notice", {"reason": "有误"}),
    "read_calendar_status": Line(ALL),
    "read_calendar_year": Line(ALL),
    "calculate_due": Line(ALL, query="?received=2026-03-02T09:30:00%2B08:00&limit=5%20WD"),
    "list_policies": Line(ALL),
    "read_policy": Line(ALL),
    "read_health": Line(ALL),
}
