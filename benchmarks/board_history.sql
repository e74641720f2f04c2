-- 90 days of an invented operator: twice as many contacts as tickets, and all that they leave.
-- `tickets`, `now` and `frozen` (the policy that a ticket keeps) are filled in.

INSERT INTO contacts (id, channel, language, caller, started, started_at, ended_at, outcome, satisfaction)
SELECT gen_random_uuid(), channel, 'en',
       CASE WHEN channel = 'voice' THEN '+447700' || lpad(floor(random() * 60000)::text, 6, '0') END,
       TRUE, at, at + random() * interval '20 minutes',
       (ARRAY['handed_over', 'handed_over', 'confirmed_solved', 'unconfirmed', 'unconfirmed', 'dropped',
              'wanted_person_got_none'])[1 + floor(random() * 7)],
       CASE WHEN random() < 0.1 THEN 1 + floor(random() * 5) END
FROM (SELECT CASE WHEN random() < 0.3 THEN 'voice' ELSE 'chat' END AS channel,
             %(now)s::timestamptz - random() * interval '90 days' AS at
      FROM generate_series(1, 2 * %(tickets)s::int)) AS began;

INSERT INTO turns (contact_id, turn_id, author, text, at, choices, about, id)
SELECT id, 't' || number, CASE number %% 2 WHEN 0 THEN 'bot' ELSE 'customer' END,
       'words of about the length that people write in a chat', started_at + number * interval '15 seconds', '[]',
       CASE WHEN number = 2 THEN '{"decision": {"kind": "answer"}}' WHEN number = 4 AND random() < 0.05
            THEN '{"miss": "no_match"}' ELSE '{}' END::jsonb,
       row_number() OVER ()
FROM contacts CROSS JOIN generate_series(1, 4) AS number;

INSERT INTO tickets (id, reference, contact_id, version, status, status_changed_at, status_reason, priority, tier,
                     department, category, asked, assignee, live, live_since, waited_from, accepted_at, reachable,
                     customer_id, signals, because, policy, problem, unread, next_due_at, created_at, updated_at,
                     resolved_at, severity, ticket_type, filed, kind, form, excluded)
SELECT gen_random_uuid(), 'FL-' || 10000000 + number, id, 3, CASE WHEN solved_at IS NULL THEN 'inProgress' ELSE
       'resolved' END, opened_at, '', 'P' || 1 + floor(random() * 4), 1 + floor(random() * 3), 'billing',
       (ARRAY['wifi', 'bill-dispute', 'broadband-down', 'complaint', 'sim'])[1 + floor(random() * 5)], 'amira.khan',
       'amira.khan', FALSE, waited_from, waited_from,
       CASE WHEN waited_from IS NULL OR random() < 0.95 THEN opened_at + random() * interval '1 minute' END,
       CASE WHEN random() < 0.5 THEN '07700' || lpad(floor(random() * 60000)::text, 6, '0') END,
       CASE WHEN random() < 0.3 THEN 'C' || floor(random() * 60000) END, '{}', '[]', %(frozen)s::jsonb,
       'the problem in the words of the customer', 0, opened_at + interval '1 day', opened_at, opened_at, solved_at,
       'Low', 'fault', '{}', 'incident', '{}', '[]'
FROM (SELECT id, number, opened_at, CASE WHEN random() < 0.4 THEN opened_at END AS waited_from,
             CASE WHEN random() < 0.97 THEN least(opened_at + random() * interval '3 days', %(now)s::timestamptz) END
                 AS solved_at
      FROM (SELECT id, row_number() OVER () AS number, started_at + interval '2 minutes' AS opened_at
            FROM contacts WHERE random() < 0.6 LIMIT %(tickets)s::int) AS chosen) AS opened;

INSERT INTO clocks (ticket_id, name, calendar, target_s, left_s, due_at, done_at, late, round)
SELECT id, clock.name, 'always', 3600, 0, CASE WHEN resolved_at IS NULL THEN created_at + interval '1 day' END,
       CASE clock.name WHEN 'respond' THEN accepted_at ELSE resolved_at END, random() < 0.08, 1
FROM tickets CROSS JOIN (VALUES ('respond'), ('resolve')) AS clock (name);

INSERT INTO clock_steps (ticket_id, clock, round, share_pct, action, due_at, fired_at, tier)
SELECT ticket_id, name, 1, share_pct, 'warn', NULL, CASE WHEN late THEN coalesce(done_at, due_at) END, 1
FROM clocks CROSS JOIN (VALUES (50), (75), (100), (150)) AS share (share_pct);

INSERT INTO audit (id, ticket_id, at, who, what, why, status)
SELECT row_number() OVER (ORDER BY tickets.created_at, step.number), id, created_at + step.number * interval '1 minute',
       'amira.khan', step.what, '', step.status
FROM tickets CROSS JOIN (VALUES (1, 'opened', 'acknowledged', 1.0), (2, 'accept', 'inProgress', 1.0),
     (3, 'reply', NULL, 0.8), (4, 'left', NULL, 0.2), (5, 'hand_up', NULL, 0.2), (6, 'hand_back', NULL, 0.05),
     (7, 'moved up: resolve 100%%', NULL, 0.05), (8, 'resolve', 'resolved', 0.97), (9, 'reopen', NULL, 0.03))
     AS step (number, what, status, share)
WHERE random() < step.share;

INSERT INTO answer_fates (id, contact_id, turn_id, at, channel, language, question, kind, articles, confidence, outcome)
SELECT row_number() OVER (), contact_id, turn_id, at, 'chat', 'en', text,
       (ARRAY['answer', 'answer', 'ask_back', 'no_answer'])[1 + floor(random() * 4)], '[]', 0.8, 'unconfirmed'
FROM turns WHERE turn_id = 't2';

INSERT INTO agent_states (id, username, at, state, ticket_id)
SELECT row_number() OVER (), 'agent ' || abs(hashtext(id::text)) %% 40, accepted_at + spell.after * interval '5 minutes',
       spell.state, id
FROM tickets CROSS JOIN (VALUES (0, 'talking'), (1, 'wrap_up'), (2, 'ready')) AS spell (after, state)
WHERE waited_from IS NOT NULL AND accepted_at IS NOT NULL;
