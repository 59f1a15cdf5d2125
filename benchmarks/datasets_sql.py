"""The statements that fill a large database. Ids count up with time, so that indexes grow at their ends."""

TABLES = ("appeal", "assignment", "clock", "event")

SECONDARY_INDEXES = """
    SELECT c.relname, pg_get_indexdef(i.indexrelid)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = ANY(CAST(%s AS regclass[]))
      AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
"""

PREPARE = (
    "SET timezone = 'UTC'",
    "SET maintenance_work_mem = '512MB'",
    "SET synchronous_commit = off",
    # What refers to what is right by construction; checking it row by row would take most of the time.
    "SET session_replication_role = replica",
    """CREATE TEMP TABLE bench_slot (
        stage text, place int, received_at timestamptz, due_day date, due_at timestamptz, warn_at timestamptz,
        long_due_day date, long_due_at timestamptz, long_warn_at timestamptz, PRIMARY KEY (stage, place))""",
    "CREATE TEMP TABLE bench_stage (stage text, first bigint, last bigint, places int)",
    """CREATE TEMP TABLE bench_place (
        place int, jurisdiction text, policy_id uuid, departments text[], categories text[])""",
    """INSERT INTO enterprise (id, name, uscc, uscc_checked, created_at)
        SELECT lpad(to_hex(n), 32, '0')::uuid, '企业' || n, NULL, false, now() FROM generate_series(1, 5000) n""",
)

INSERT_SLOT = "INSERT INTO bench_slot VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
INSERT_PLACE = "INSERT INTO bench_place SELECT %s, jurisdiction, id, %s, %s FROM policy WHERE jurisdiction = %s"

LETTER = (
    "我公司系园区内从事光电元件制造的规模以上企业。今年三月按照惠企政策申报免申即享稳岗补贴，四月公示期满无异议，"
    "至今已逾两个月款项仍未到账。其间我公司先后五次到政务服务窗口和经办科室询问，答复分别为财政尚未拨付、系统正在"
    "对账、需要补充材料、等待上级批复，前后不一，也没有出具任何书面说明。目前企业订单充足而流动资金紧张，已影响工资"
    "按期发放。请求：一、明确该项补贴的拨付部门、拨付时限和责任人；二、书面告知是否需要补正材料，如需要请一次性列明；"
    "三、对多次往返未予办理的情况予以核查。附件：公示截图、申报受理回执、银行流水。联系人王会计，电话另附，可随时配合"
    "核实。以上情况属实，恳请协调解决，并将办理结果书面答复我公司。"
)
"""The text of every appeal: about 1 KB of UTF-8, as letters are."""

# One line for each appeal: its number, stage, place, and everything that several statements need.
_NUMBERED = """
    CREATE TEMP TABLE bench_appeal AS
    SELECT g, lpad(to_hex(g), 32, '0')::uuid AS id, t.stage, p.jurisdiction, p.policy_id,
        p.departments[1 + (g / 10) % cardinality(p.departments)] AS department,
        p.categories[1 + (g / 7) % cardinality(p.categories)] AS category,
        CASE t.stage WHEN 'closed' THEN 'closed' WHEN 'late' THEN 'assigned'
            WHEN 'resolved' THEN (ARRAY['resolved', 'reviewed'])[1 + g / 10 % 2]
            ELSE (ARRAY['received', 'assigned', 'assigned', 'assigned'])[1 + g / 10 % 4] END AS status,
        s.received_at + g % 18000 * interval '1 second' AS received_at,
        s.due_day, s.due_at, s.warn_at, s.long_due_day, s.long_due_at, s.long_warn_at
    FROM bench_stage t
    CROSS JOIN LATERAL generate_series(t.first, t.last) g
    JOIN bench_slot s ON s.stage = t.stage AND s.place = (g - t.first) * t.places / (t.last - t.first + 1)
    JOIN bench_place p ON p.place = g % 10
    ORDER BY g
"""

_APPEALS = f"""
    INSERT INTO appeal (id, number, jurisdiction, policy_id, enterprise_id, channel, external_number, title, kind,
        category, petition, confidential, retaliation, received_at, filed_at, status, hold, level, round, outcome,
        lead_department, due_at, due_day, provisional, overdue, supervised, hollow_reply, supplement_requested,
        return_count, designated, extension_count, rework_count, certified, resolved_at, closed_at, version,
        event_count, chain_head, updated_at, text, departments)
    SELECT id, 'BENCH-' || lpad(g::text, 9, '0'), jurisdiction, policy_id,
        CASE WHEN g % 997 = 0 THEN current_setting('bench.enterprise')::uuid
            ELSE lpad(to_hex(1 + g % 5000), 32, '0')::uuid END,
        (ARRAY['api', 'window', 'hotline-12345', 'web'])[1 + g % 4],
        CASE WHEN g % 4 = 2 THEN 'H' || g END, '免申即享补贴未到账（' || g || '）', 'complaint', category, true,
        g % 50 = 0, false, received_at, received_at, status, 'none', 'difficult', 1,
        CASE WHEN status = 'closed' THEN 'solved' END, CASE WHEN status <> 'received' THEN department END,
        due_at, due_day, due_day > current_setting('bench.published')::date, false, false, false, false, 0,
        false, 0, 0, false,
        CASE WHEN status IN ('resolved', 'reviewed', 'closed') THEN received_at + interval '2 days' END,
        CASE WHEN status = 'closed' THEN received_at + interval '3 days' END,
        1, 1, md5(g::text) || md5(g::text), received_at, '{LETTER}',
        CASE WHEN status = 'received' THEN '{{}}' ELSE ARRAY[jurisdiction || '/' || department] END
    FROM bench_appeal
"""

_ASSIGNMENTS = """
    INSERT INTO assignment (id, appeal_id, round, jurisdiction, department, part, assigned_at, due_at, designated,
        signed_at, signed_late, finished_at, ended_at, passed_on, opinion)
    SELECT id, id, 1, jurisdiction, department, 'lead', received_at + interval '1 hour', due_at, false,
        CASE WHEN g % 5 <> 0 OR status <> 'assigned' THEN received_at + interval '2 hours' END, false,
        CASE WHEN status IN ('resolved', 'reviewed', 'closed') THEN received_at + interval '2 days' END,
        CASE WHEN status = 'closed' THEN received_at + interval '3 days' END, false, ''
    FROM bench_appeal WHERE status <> 'received'
"""

_CLOCK_COLUMNS = """id, appeal_id, kind, round, limit_amount, limit_unit, started_at, due_day, due_at,
        original_due_at, provisional, calendar_version, switches, pauses, extensions, state, stopped_at,
        next_at, warnings"""

_HANDLING_CLOCKS = f"""
    INSERT INTO clock ({_CLOCK_COLUMNS})
    SELECT lpad(to_hex(2 * g), 32, '0')::uuid, id, 'handling', 1, 15, 'WD', received_at, due_day, due_at, due_at,
        due_day > current_setting('bench.published')::date,
        current_setting('bench.calendar'), '{{}}', '[]', '{{}}',
        CASE WHEN stage IN ('open', 'late') THEN 'running' ELSE 'stopped' END,
        CASE WHEN stage IN ('closed', 'resolved') THEN received_at + interval '2 days' END,
        CASE stage WHEN 'open' THEN warn_at WHEN 'late' THEN due_at END,
        CASE stage WHEN 'late' THEN 1 ELSE 0 END
    FROM bench_appeal
"""

_SUBSTANTIVE_CLOCKS = f"""
    INSERT INTO clock ({_CLOCK_COLUMNS})
    SELECT lpad(to_hex(2 * g + 1), 32, '0')::uuid, id, 'substantive_reply', 1, 3, 'm', received_at, long_due_day,
        long_due_at, long_due_at, long_due_day > current_setting('bench.published')::date,
        current_setting('bench.calendar'), '{{}}', '[]', '{{}}',
        CASE WHEN stage IN ('open', 'late') THEN 'running' ELSE 'stopped' END,
        CASE WHEN stage IN ('closed', 'resolved') THEN received_at + interval '2 days' END,
        CASE WHEN stage IN ('open', 'late') THEN long_warn_at END, 0
    FROM bench_appeal
"""

_EVENTS = """
    INSERT INTO event (appeal_id, sequence, action, announces, actor_id, actor_name, actor_roles, to_status, at,
        recorded_at, reason, payload, digest)
    SELECT id, 1, 'file', 'appeal.filed', current_setting('bench.enterprise')::uuid, 'enterprise', 'enterprise',
        'received', received_at, received_at, '', '{"channel": "api"}', md5(g::text) || md5(g::text)
    FROM bench_appeal
"""

FILL = (_NUMBERED, _APPEALS, _ASSIGNMENTS, _HANDLING_CLOCKS, _SUBSTANTIVE_CLOCKS, _EVENTS, "DROP TABLE bench_appeal")
