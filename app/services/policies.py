"""Publishing policies: a version is added, never changed; a pack with a fault leaves the old version in force."""

from collections.abc import Iterable
from datetime import datetime

from app.domain.act_kind import ActKind
from app.domain.policy_building import build_policy
from app.domain.roles import SYSTEM
from app.policies import PackData
from app.services.acts import record_act
from app.services.office import Work
from app.storage.ids import new_id
from app.storage.queries.policies import published_digests


async def publish_packs(work: Work, packs: Iterable[PackData], *, now: datetime) -> list[str]:
    """Publish every pack whose content is new; return the jurisdictions that got a new version."""
    known = await published_digests(work.connection)
    new = [pack for pack in packs if pack.digest not in known]
    for pack in new:
        policy = build_policy(pack.data)
        work.changes.insert(
            "policy",
            {
                "id": new_id(now),
                "jurisdiction": pack.jurisdiction,
                "version": policy.version,
                "effective_on": policy.effective_on,
                "digest": pack.digest,
                "content": dict(pack.data),
                "published_at": now,
            },
        )
    if new:
        payload = {pack.jurisdiction: pack.digest for pack in new}
        subject = "、".join(payload)
        await record_act(work, ActKind.POLICY_PUBLISHED, subject=subject, payload=payload, actor=SYSTEM, now=now)
    return [pack.jurisdiction for pack in new]
