"""Which administrative acts there are, and what each is called."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class ActKind(StrEnum):
    """What was done; the Chinese names stand in `ACT_NAMES`. Stored for good: add to it, rename nothing."""

    CALENDAR_SEEDED = "calendar.seeded"
    CALENDAR_PROPOSED = "calendar.proposed"
    CALENDAR_WITHDRAWN = "calendar.withdrawn"
    CALENDAR_APPROVED = "calendar.approved"
    CALENDAR_APPLIED = "calendar.applied"
    POLICY_PUBLISHED = "policy.published"
    ACCOUNT_CREATED = "account.created"
    ACCOUNT_AUTHORITY_CHANGED = "account.authority_changed"
    ACCOUNT_DISABLED = "account.disabled"
    ACCOUNT_ENABLED = "account.enabled"
    ACCOUNT_KEYS_REVOKED = "account.keys_revoked"
    ACCOUNT_CREDENTIALS_REVOKED = "account.credentials_revoked"
    PASSWORD_GIVEN = "password.given"
    PASSWORD_CHANGED = "password.changed"
    SECOND_FACTOR_BEGUN = "second_factor.begun"
    SECOND_FACTOR_ENABLED = "second_factor.enabled"
    SECOND_FACTOR_DISABLED = "second_factor.disabled"
    SESSION_OPENED = "session.opened"
    SESSION_CLOSED = "session.closed"
    SESSION_REVOKED = "session.revoked"
    KEY_CREATED = "key.created"
    KEY_ROTATED = "key.rotated"
    KEY_REVOKED = "key.revoked"
    IDENTITY_LINKED = "identity.linked"
    IDENTITY_UNLINKED = "identity.unlinked"
    ENTERPRISE_REGISTERED = "enterprise.registered"
    ENTERPRISE_VERIFIED = "enterprise.verified"
    ENTERPRISE_VERIFICATION_WITHDRAWN = "enterprise.verification_withdrawn"
    CONTACTS_SEARCHED = "contacts.searched"
    KEYRING_ADDED = "keyring.added"
    KEYRING_ROTATED = "keyring.rotated"
    KEYRING_RESEALED = "keyring.resealed"
    KEYRING_DROPPED = "keyring.dropped"
    SUBSCRIPTION_CREATED = "subscription.created"
    SUBSCRIPTION_CHANGED = "subscription.changed"
    SUBSCRIPTION_PAUSED = "subscription.paused"
    SUBSCRIPTION_RESUMED = "subscription.resumed"
    SUBSCRIPTION_ROTATED = "subscription.rotated"
    SUBSCRIPTION_DELETED = "subscription.deleted"
    SUBSCRIPTION_PINGED = "subscription.pinged"
    SUBSCRIPTION_REDELIVERED = "subscription.redelivered"


ACT_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ActKind.CALENDAR_SEEDED: "启用内置工作日历",
        ActKind.CALENDAR_PROPOSED: "提交放假通知",
        ActKind.CALENDAR_WITHDRAWN: "撤回放假通知",
        ActKind.CALENDAR_APPROVED: "批准放假通知",
        ActKind.CALENDAR_APPLIED: "放假通知到时启用",
        ActKind.POLICY_PUBLISHED: "发布办理规则",
        ActKind.ACCOUNT_CREATED: "新建账号",
        ActKind.ACCOUNT_AUTHORITY_CHANGED: "变更角色与范围",
        ActKind.ACCOUNT_DISABLED: "停用账号",
        ActKind.ACCOUNT_ENABLED: "恢复账号",
        ActKind.ACCOUNT_KEYS_REVOKED: "作废全部密钥",
        ActKind.ACCOUNT_CREDENTIALS_REVOKED: "作废全部密钥与会话",
        ActKind.PASSWORD_GIVEN: "发放初始密码",
        ActKind.PASSWORD_CHANGED: "修改密码",
        ActKind.SECOND_FACTOR_BEGUN: "申请二次验证",
        ActKind.SECOND_FACTOR_ENABLED: "启用二次验证",
        ActKind.SECOND_FACTOR_DISABLED: "停用二次验证",
        ActKind.SESSION_OPENED: "登录",
        ActKind.SESSION_CLOSED: "退出登录",
        ActKind.SESSION_REVOKED: "结束某个会话",
        ActKind.KEY_CREATED: "新建密钥",
        ActKind.KEY_ROTATED: "轮换密钥",
        ActKind.KEY_REVOKED: "作废密钥",
        ActKind.IDENTITY_LINKED: "关联统一身份",
        ActKind.IDENTITY_UNLINKED: "解除统一身份",
        ActKind.ENTERPRISE_REGISTERED: "登记企业",
        ActKind.ENTERPRISE_VERIFIED: "核验企业授权",
        ActKind.ENTERPRISE_VERIFICATION_WITHDRAWN: "撤回核验",
        ActKind.CONTACTS_SEARCHED: "按联系人查找诉求",
        ActKind.KEYRING_ADDED: "增加备用加密密钥",
        ActKind.KEYRING_ROTATED: "轮换加密密钥",
        ActKind.KEYRING_RESEALED: "改用现用密钥重新加密",
        ActKind.KEYRING_DROPPED: "删去旧加密密钥",
        ActKind.SUBSCRIPTION_CREATED: "新建订阅",
        ActKind.SUBSCRIPTION_CHANGED: "变更订阅",
        ActKind.SUBSCRIPTION_PAUSED: "暂停订阅",
        ActKind.SUBSCRIPTION_RESUMED: "恢复订阅",
        ActKind.SUBSCRIPTION_ROTATED: "轮换订阅密钥",
        ActKind.SUBSCRIPTION_DELETED: "删除订阅",
        ActKind.SUBSCRIPTION_PINGED: "向订阅地址发送测试消息",
        ActKind.SUBSCRIPTION_REDELIVERED: "重新投递",
    }
)
OTHER_ACT: Final = "其他操作"
