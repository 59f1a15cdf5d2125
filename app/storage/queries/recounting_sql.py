"""The statements that recount open clocks: temporary answers, the clocks and appeals they concern, and the writing."""

from typing import Final

CREATE: Final = """
CREATE TEMPORARY TABLE recount_answer (
    "group" int, place int, kind text, limit_amount numeric, limit_unit text, started_at timestamptz,
    due_at timestamptz, due_day date, provisional boolean, switches text[], pauses jsonb, extensions text[], state text,
    warnings bigint, breached boolean, ordered boolean,
    new_version text, new_due_day date, new_due_at timestamptz, new_provisional boolean, new_warnings bigint,
    new_next_at timestamptz, withdrawn boolean, quiet boolean, former_dues jsonb, told text
) ON COMMIT DROP
"""

MATCH: Final = """
CREATE TEMPORARY TABLE recount_move ON COMMIT DROP AS
SELECT c.id, c.appeal_id, n."group" FROM {source} JOIN recount_answer n ON {same}
WHERE {scope} AND (NOT n.quiet OR c.next_at IS DISTINCT FROM n.new_next_at)
"""

# The list is exported and passed on, so it names nobody who filed in confidence.
MOVED: Final = """
SELECT c.id, c.kind, c.due_day, c.due_at, c.provisional, n.new_due_day, n.new_due_at, n.new_provisional, n.withdrawn,
    a.number, a.jurisdiction, coalesce(s.department, a.lead_department) AS department,
    CASE WHEN a.confidential THEN :masked ELSE e.name END AS enterprise
FROM recount_move v JOIN recount_answer n ON n."group" = v."group" AND NOT n.quiet
    JOIN clock c ON c.id = v.id JOIN appeal a ON a.id = v.appeal_id JOIN enterprise e ON e.id = a.enterprise_id
    LEFT JOIN assignment s ON s.id = c.assignment_id
WHERE v.id > :after AND {reach} ORDER BY v.id {page}
"""

DATE_CLOCKS: Final = """
UPDATE clock c SET
    due_day = n.new_due_day, due_at = n.new_due_at, provisional = n.new_provisional,
    calendar_version = CASE WHEN n.quiet THEN c.calendar_version ELSE n.new_version END,
    warnings = n.new_warnings, next_at = n.new_next_at,
    breached_at = CASE WHEN n.withdrawn THEN NULL ELSE c.breached_at END,
    ordered_at = CASE WHEN n.withdrawn THEN NULL ELSE c.ordered_at END,
    former_dues = CASE WHEN n.quiet THEN c.former_dues
        ELSE c.former_dues || jsonb_set(n.former_dues, '{0,calendar_version}', to_jsonb(c.calendar_version)) END
FROM recount_move v JOIN recount_answer n ON n."group" = v."group"
WHERE c.id = v.id
"""

# The main clock of an appeal is its open rework, else its handling.
TELL: Final = """
CREATE TEMPORARY TABLE recount_appeal ON COMMIT DROP AS
WITH told AS (
    SELECT v.appeal_id,
        CASE WHEN bool_or(n.withdrawn) THEN 'clock.breach_withdrawn' ELSE 'clock.recounted' END AS announces,
        :payload0 || string_agg(replace(n.told, '#', v.id::text), ',' ORDER BY v.id) || :payload1 AS payload,
        (array_agg(v."group") FILTER (
            WHERE n.kind = 'rework' OR n.kind = 'handling' AND r.appeal_id IS NULL))[1] AS main
    FROM recount_move v JOIN recount_answer n ON n."group" = v."group"
        LEFT JOIN (SELECT DISTINCT appeal_id FROM clock WHERE kind = 'rework' AND state <> 'stopped') r
            ON r.appeal_id = v.appeal_id
    WHERE NOT n.quiet GROUP BY v.appeal_id
), worded AS (
    SELECT t.*, encode(sha256(convert_to(:words0 || t.payload || :words1, 'UTF8')), 'hex') AS words_digest FROM told t
)
SELECT t.appeal_id, a.event_count + 1 AS sequence, a.status, CAST(t.payload AS jsonb) AS payload, t.announces,
    t.words_digest,
    n.new_due_at AS due_at, n.new_due_day AS due_day, n.new_provisional AS provisional,
    encode(sha256(convert_to(a.chain_head || E'\\n' || :text0 || t.announces || :text1 || a.id || :text2 || a.status
        || :text3 || (a.event_count + 1) || :text4 || a.status || :text5 || t.words_digest || :text6, 'UTF8')), 'hex')
        AS digest,
    jsonb_build_object('number', a.number, 'external_number', a.external_number, 'jurisdiction', a.jurisdiction,
        'status', a.status, 'hold', a.hold, 'due_at', coalesce(n.new_due_at, a.due_at)) AS heading
FROM worded t JOIN appeal a ON a.id = t.appeal_id LEFT JOIN recount_answer n ON n."group" = t.main
"""

# The appeals come last: what refers to them is checked before they change, which costs less.
RECORD: Final = (
    """
INSERT INTO event (appeal_id, sequence, action, announces, actor_id, actor_name, actor_roles, from_status,
    to_status, at, recorded_at, reason, payload, digest, words_digest)
SELECT x.appeal_id, x.sequence, :action, x.announces, :actor_id, :actor_name, :actor_roles, x.status, x.status, :now,
    :now, :reason, x.payload, x.digest, x.words_digest
FROM recount_appeal x
""",
    """
INSERT INTO outbox (appeal_id, sequence, type, payload, created_at)
SELECT x.appeal_id, x.sequence, x.announces, x.heading || x.payload, :now FROM recount_appeal x
""",
    """
UPDATE assignment s SET due_at = x.due_at
FROM recount_appeal x WHERE s.appeal_id = x.appeal_id AND s.ended_at IS NULL AND x.due_at IS NOT NULL
""",
    # What was issued for a breach that does not stand is withdrawn with all that followed from it, and nobody owes an
    # answer to it any more; so is a reminder of a due date that moved ahead, for another will follow.
    """
WITH RECURSIVE taken AS (
    SELECT s.id, s.answer_clock_id
    FROM recount_move v JOIN recount_answer n ON n."group" = v."group" JOIN supervision s ON s.clock_id = v.id
    WHERE s.withdrawn_at IS NULL AND (n.withdrawn OR s.rung = 0 AND n.new_warnings < n.warnings)
    UNION
    SELECT s.id, s.answer_clock_id
    FROM taken t JOIN supervision s ON s.clock_id = t.answer_clock_id WHERE s.withdrawn_at IS NULL
), lifted AS (
    UPDATE supervision s SET withdrawn_at = :now FROM taken t WHERE s.id = t.id RETURNING s.answer_clock_id
)
UPDATE clock c SET state = 'stopped', stopped_at = :now, next_at = NULL,
    pauses = CASE WHEN c.state = 'paused' THEN jsonb_set(c.pauses, '{-1,1}', to_jsonb(CAST(:now AS timestamptz)))
        ELSE c.pauses END
FROM lifted WHERE c.id = lifted.answer_clock_id AND c.state <> 'stopped'
""",
    """
UPDATE appeal a SET version = a.version + 1, event_count = x.sequence, chain_head = x.digest, updated_at = :now,
    due_at = coalesce(x.due_at, a.due_at), due_day = coalesce(x.due_day, a.due_day),
    provisional = coalesce(x.provisional, a.provisional),
    overdue = a.overdue AND EXISTS (
        SELECT 1 FROM clock k WHERE k.appeal_id = a.id AND k.kind = ANY(:promises) AND NOT k.provisional
            AND (k.verdict = 'late' OR k.breached_at IS NOT NULL OR k.due_at <= CASE k.state
                WHEN 'paused' THEN CAST(k.pauses -> -1 ->> 0 AS timestamptz)
                WHEN 'stopped' THEN CASE WHEN k.verdict IS NULL THEN k.stopped_at END
                ELSE :now END))
FROM recount_appeal x WHERE a.id = x.appeal_id
""",
)
