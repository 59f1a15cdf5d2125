"""Which use of a credential each operation is. An operation that is not named here is nobody's: it is refused."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.domain.credential import require_scope
from app.domain.errors import NotAllowed
from app.domain.key_scope import KeyScope
from app.domain.roles import Actor

_OPERATIONS: Final[Mapping[KeyScope | None, str]] = {
    # What is one's own, also before the first password is changed: who I am, and leaving.
    None: "read_me change_password close_session",
    KeyScope.READ: """
        list_appeals read_appeal list_clocks judge_clocks read_timeline list_assignments list_replies
        list_supervisions explain_clock list_publications preview_publication list_moves export_moves read_feed
        read_enterprise list_attachments download_attachment list_anchors list_audit_events
        list_audit_acts list_accesses read_copy
        list_subscriptions read_subscription list_deliveries list_attempts
    """,
    KeyScope.FILE: """
        file_appeal supply withdraw_appeal reopen_appeal register_enterprise attach_file detach_file
        delete_contact
    """,
    KeyScope.MOVE: """
        sign_assignment record_contact finish_support write_reply approve_reply assign_appeal regrade_appeal
        review_reply record_visit order_rework issue_rating_link certify_appeal close_appeal request_supplement
        issue_supplement_link release_attachment unmask_contact search_contacts correct_copy
        hold_retention release_retention
        lapse_supplement refuse_appeal redirect_appeal terminate_appeal answer_petition merge_appeal unmerge_appeal
        suspend_appeal resume_appeal shelve_appeal unshelve_appeal request_return rule_on_return transfer_assignment
        request_extension rule_on_extension answer_supervision
        verify_enterprise withdraw_verification
    """,
    KeyScope.MANAGE: """
        propose_calendar approve_publication withdraw_publication
        list_keys create_key rotate_key revoke_key
        list_sessions revoke_session begin_second_factor confirm_second_factor remove_second_factor
        give_password create_account list_accounts read_account change_authority disable_account enable_account
        revoke_credentials link_identity list_identities unlink_identity
        create_subscription change_subscription pause_subscription resume_subscription rotate_secret
        delete_subscription ping_subscription redeliver
    """,
}
NEEDED_SCOPES: Final[Mapping[str, KeyScope | None]] = MappingProxyType(
    {operation: scope for scope, listed in _OPERATIONS.items() for operation in listed.split()}
)


def require_scope_of(actor: Actor, operation: str) -> None:
    """Raise `NotAllowed` unless the credential may be used for an operation."""
    if operation not in NEEDED_SCOPES:
        raise NotAllowed("这个操作没有规定用途，不能办理。", code="scope-unknown")
    require_scope(actor, NEEDED_SCOPES[operation])
