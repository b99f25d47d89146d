-- What both sides of every pair share. All times are the database's clock unless a column says otherwise.

-- ---------------------------------------------------------------------------------------------- the right to dial
create table lease (
    pair            int         not null check (pair between 0 and 1023),
    role            text        not null check (role in ('dialer', 'agent-gateway', 'routing-gateway')),
    epoch           bigint      not null check (epoch >= 0),
    holder_side     text        check (holder_side in ('A', 'B')),
    holder_instance text,
    expires_at      timestamptz not null,
    taken_by        text        check (taken_by in ('takeover', 'handover')),
    primary key (pair, role),
    check ((holder_side is null) = (holder_instance is null))
) with (fillfactor = 50);
comment on table lease is 'Who may start calls. Whoever uses the right locks the row (for key share); whoever takes it locks it for update.';
comment on column lease.epoch is 'Grows by one with every change of holder; what was written under an older epoch is refused.';
comment on column lease.holder_instance is 'The start of the process that holds the right; null once it gave the right up.';
comment on column lease.taken_by is 'How the holder came by it: takeover of a free or expired lease, or handover in order.';

-- ------------------------------------------------------------------------------------------------------- processes
create table node (
    pair             int         not null,
    side             text        not null check (side in ('A', 'B')),
    instance         text        not null,
    host             text        not null,
    pid              bigint      not null,
    version          text        not null,
    schema_version   text        not null,
    started_at       timestamptz not null default clock_timestamp(),
    seen_at          timestamptz not null default clock_timestamp(),
    phase            text        not null default 'starting',
    phase_since      timestamptz not null default clock_timestamp(),
    phase_reason     text        not null default 'started',
    ready            boolean     not null default false,
    not_ready_reason text,
    http_url         text,
    counts           jsonb       not null default '{}',
    waits_for        jsonb       not null default '{}',
    eta_at           timestamptz,
    limit_at         timestamptz,
    stopped_at       timestamptz,
    exit_status      int,
    stop_reason      text,
    primary key (pair, side, instance)
) with (fillfactor = 50);
create unique index node_one_running_per_side on node (pair, side) where stopped_at is null;
comment on table node is 'One row per start of a process, kept as a heartbeat while it runs.';
comment on column node.seen_at is 'The last heartbeat.';
comment on column node.phase is 'standby, active, quiescing, monitoring, ... of the dialer role.';
comment on column node.ready is 'Whether it could take the right to dial over now; if not, not_ready_reason says why.';
comment on column node.counts is 'Calls by state, agents reserved, and so on: numbers by name.';
comment on column node.waits_for is 'While quiescing or monitoring: what it still waits for, numbers by name.';
comment on column node.eta_at is 'When what it waits for should be over; limit_at is when it stops waiting.';
comment on column node.stop_reason is 'stopped in order, or superseded by a later start after its heartbeat had ceased.';

create table role_event (
    id         bigint generated always as identity primary key,
    pair       int         not null,
    side       text        not null,
    instance   text        not null,
    role       text        not null,
    at         timestamptz not null default clock_timestamp(),
    from_state text        not null,
    to_state   text        not null,
    reason     text        not null
);
create index role_event_by_time on role_event (pair, at desc);
comment on table role_event is 'Every transition of every role, with its reason; never changed.';

create table operator_command (
    id           bigint generated always as identity primary key,
    pair         int         not null,
    side         text        not null check (side in ('A', 'B')),
    role         text        not null default 'dialer',
    command      text        not null,
    arguments    jsonb       not null default '{}',
    requested_by text        not null,
    requested_at timestamptz not null default clock_timestamp(),
    taken_by     text,
    taken_at     timestamptz,
    answered_at  timestamptz,
    accepted     boolean,
    answer       text,
    check ((answered_at is null) = (accepted is null))
);
create index operator_command_open on operator_command (pair, side, id) where answered_at is null;
comment on table operator_command is 'What operators asked a side to do (maintenance start, cancel, dry run), and what it answered.';
comment on column operator_command.taken_by is 'The instance that took it.';

-- ---------------------------------------------------------------------------------------------- campaigns, contacts
create table campaign (
    id                           bigint generated always as identity primary key,
    name                         text          not null unique check (length(name) between 1 and 64),
    mode                         text          not null check (mode in ('PROGRESSIVE_AGENT', 'PROGRESSIVE_IVR')),
    running                      boolean       not null default false,
    skill_group                  text          not null default '',
    lines_per_agent              numeric(4, 1) not null default 1.5 check (lines_per_agent between 1 and 100),
    no_answer_ring_limit_ms      int           not null default 32000 check (no_answer_ring_limit_ms between 10000 and 90000),
    maximum_attempts             int           not null default 3 check (maximum_attempts between 1 and 100),
    minimum_call_duration_ms     int           not null default 1000 check (minimum_call_duration_ms between 0 and 10000),
    wrap_up_ms                   int           not null default 30000 check (wrap_up_ms between 0 and 600000),
    abandon_after_ms             int           not null default 2000 check (abandon_after_ms between 0 and 10000),
    ivr_ports                    int           not null default 0 check (ivr_ports between 0 and 10000),
    ivr_uri                      text,
    caller_id                    text          not null,
    retry_no_answer_ms           bigint        not null default 3600000 check (retry_no_answer_ms > 0),
    retry_busy_ms                bigint        not null default 3600000 check (retry_busy_ms > 0),
    retry_dialer_abandon_ms      bigint        not null default 3600000 check (retry_dialer_abandon_ms > 0),
    retry_answering_machine_ms   bigint        not null default 3600000 check (retry_answering_machine_ms > 0),
    retry_customer_abandon_ms    bigint        not null default 1800000 check (retry_customer_abandon_ms > 0),
    retry_not_home_ms            bigint        not null default 1800000 check (retry_not_home_ms > 0),
    created_at                   timestamptz   not null default clock_timestamp(),
    changed_at                   timestamptz   not null default clock_timestamp(),
    check (mode <> 'PROGRESSIVE_IVR' or (ivr_uri is not null and ivr_ports >= 1)),
    check (mode <> 'PROGRESSIVE_AGENT' or skill_group <> '')
);
comment on column campaign.running is 'Only running campaigns are dialed; a call under way is not touched when this becomes false.';
comment on column campaign.skill_group is 'The agents that serve it; skill groups exist by being named here and by agents.';
comment on column campaign.lines_per_agent is 'Calls started for each reserved agent.';
comment on column campaign.retry_no_answer_ms is 'After how long a contact is dialed again, by what happened; the same for the other retry_ columns.';

create function phones_key(phones text[]) returns text
    language sql immutable strict parallel safe
    return (select string_agg(phone, ',' order by phone) from unnest(phones) as phone);
comment on function phones_key is 'The same phones give the same key, in whatever order.';

create table contact (
    id               bigint generated always as identity primary key,
    campaign         bigint      not null references campaign (id),
    external_key     text,
    name             text        not null default '',
    phones           text[]      not null check (cardinality(phones) between 1 and 10),
    phones_key       text        not null generated always as (phones_key(phones)) stored,
    status           text        not null default 'P'
                     check (status in ('P', 'A', 'D', 'C', 'R', 'B', 'S', 'X', 'M', 'U', 'J', 'F', 'I', 'O', 'L')),
    attempts         int         not null default 0 check (attempts >= 0),
    not_before       timestamptz,
    former_status    text        check (former_status in ('P', 'R', 'B', 'S')),
    claimed_pair     int,
    claimed_epoch    bigint,
    claimed_side     text,
    claimed_instance text,
    last_attempt     bigint,
    last_result      int,
    created_at       timestamptz not null default clock_timestamp(),
    check ((status in ('A', 'D')) = (claimed_instance is not null)),
    check ((status = 'A') <= (former_status is not null)),
    unique (campaign, phones_key)
) with (fillfactor = 85);
create unique index contact_by_external_key on contact (campaign, external_key) where external_key is not null;
-- Claiming reads these three, in this order, each from its beginning: it never sorts and never scans.
create index contact_callback on contact (campaign, not_before, id) where status = 'B';
create index contact_retry on contact (campaign, not_before, id) where status = 'R';
create index contact_pending on contact (campaign, id) where status = 'P';
create index contact_held on contact (claimed_pair, claimed_side, claimed_instance) where status in ('A', 'D');
create index contact_by_status on contact (campaign, status);
comment on table contact is 'A person on a campaign''s list, and where he stands.';
comment on column contact.phones is 'One to ten numbers in E.164, best first.';
comment on column contact.status is 'P pending, A active (held, surely not dialed), D dialed (under way, may have rung), C closed, R retry, B callback, S personal callback, X personal-callback agent unavailable, M maximum attempts, U unknown, J agent rejected, F fax, I invalid, O operator, L not allocated.';
comment on column contact.attempts is 'Attempts that count against the campaign''s maximum.';
comment on column contact.not_before is 'Not to be dialed before this: for R, B and S.';
comment on column contact.former_status is 'While held: where it goes back to when it is returned without having been dialed.';
comment on column contact.claimed_epoch is 'The right to dial under which it is held, by which pair, side and start of a process.';

-- ------------------------------------------------------------------------------------------------------ the ledger
create table attempt (
    id            bigint      primary key,
    pair          int         not null,
    epoch         bigint      not null,
    side          text        not null,
    instance      text        not null,
    campaign      bigint      not null,
    contact       bigint      not null,
    phone         text        not null,
    number        int         not null check (number >= 1),
    call_id       text        not null unique,
    started_at    timestamptz not null,
    rang_at       timestamptz,
    answered_at   timestamptz,
    connected_at  timestamptz,
    ended_at      timestamptz,
    agent         text,
    agent_call_id text,
    result        int,
    ended_by      text        check (ended_by in ('CUSTOMER', 'AGENT', 'NETWORK', 'DIALER', 'UNKNOWN')),
    reason        text,
    recorded_at   timestamptz not null default clock_timestamp(),
    corrected_at  timestamptz,
    check ((ended_at is null) = (result is null)),
    check ((ended_at is null) = (ended_by is null))
) with (fillfactor = 80);
create unique index attempt_live_per_contact on attempt (contact) where ended_at is null;
create unique index attempt_live_per_phone on attempt (phone) where ended_at is null;
create index attempt_live_by_node on attempt (pair, side, instance) where ended_at is null;
create index attempt_by_campaign on attempt (campaign, started_at);
create index attempt_by_contact on attempt (contact);
comment on table attempt is 'The ledger: one row for each dial of one phone of one contact, written before the call leaves; live while ended_at is null.';
comment on column attempt.id is 'Ten bits of pair, 22 of epoch, 31 of sequence.';
comment on column attempt.started_at is 'This and the other times of the call are the dialer''s clock, except that an attempt closed because its dialer failed ends at the database''s.';
comment on column attempt.number is 'The how-manieth attempt of the contact, from 1.';
comment on column attempt.call_id is 'The SIP Call-ID of the leg to the customer; agent_call_id that of the leg to the agent or IVR.';
comment on column attempt.result is 'The call result''s code; 100 is unknown, dialer failed.';
comment on column attempt.corrected_at is 'When a result of 100 was replaced by the true one that its dialer reported later.';

-- ---------------------------------------------------------------------------------------------------------- agents
create table agent (
    id             text        primary key check (length(id) between 1 and 64),
    name           text        not null default '',
    skill_groups   text[]      not null default '{}',
    phone_uri      text        not null,
    state          text        not null default 'LOGGED_OUT'
                   check (state in ('LOGGED_OUT', 'NOT_READY', 'READY', 'RESERVED', 'TALKING', 'WRAP_UP')),
    state_since    timestamptz not null default clock_timestamp(),
    idle_since     timestamptz,
    reason         text        not null default '',
    reservation    bigint,
    attempt        bigint,
    deadline       timestamptz,
    pending_state  text        check (pending_state in ('NOT_READY', 'LOGGED_OUT')),
    pending_reason text        not null default '',
    session_hash   bytea,
    version        bigint      not null default 0,
    check ((state in ('RESERVED', 'TALKING')) = (reservation is not null)),
    check ((state = 'WRAP_UP') = (deadline is not null))
) with (fillfactor = 50);
create index agent_ready on agent (idle_since) where state = 'READY';
create index agent_wrap_up on agent (deadline) where state = 'WRAP_UP';
create unique index agent_by_reservation on agent (reservation) where reservation is not null;
comment on column agent.id is 'The login name.';
comment on column agent.idle_since is 'Ready since then, not counting reservations that came to nothing: who has waited longest is served first.';
comment on column agent.reservation is 'Reserved or talking: for which reservation request.';
comment on column agent.deadline is 'When wrap-up ends by itself.';
comment on column agent.pending_state is 'A wish made while reserved or talking; it comes into force after the call.';
comment on column agent.session_hash is 'SHA-256 of the session token.';
comment on column agent.version is 'Grows with every change; changes name the version they saw.';

create table reservation_request (
    id            bigint      primary key,
    pair          int         not null,
    epoch         bigint      not null,
    side          text        not null,
    instance      text        not null,
    campaign      bigint      not null,
    skill_group   text        not null,
    priority      int         not null,
    arrival       bigint      generated always as identity,
    requested_at  timestamptz not null,
    granted_agent text,
    granted_at    timestamptz,
    check ((granted_agent is null) = (granted_at is null))
) with (fillfactor = 70);
create index reservation_request_open on reservation_request (priority desc, arrival) where granted_agent is null;
create index reservation_request_by_node on reservation_request (pair, side, instance);
comment on table reservation_request is 'A dialer asks for an agent; the routing gateway grants. The row goes when the request is withdrawn or the agent''s call is over.';
comment on column reservation_request.requested_at is 'The dialer''s clock; arrival gives the order.';

create table agent_event (
    id         bigint generated always as identity primary key,
    agent      text        not null,
    at         timestamptz not null default clock_timestamp(),
    from_state text        not null,
    to_state   text        not null,
    reason     text        not null,
    attempt    bigint
);
create index agent_event_by_agent on agent_event (agent, at);
comment on table agent_event is 'Every change of an agent''s state, for statistics; never changed.';

create function agent_changed() returns trigger
    language plpgsql as
$$
begin
    new.version := old.version + 1;
    if new.state is distinct from old.state then
        new.state_since := clock_timestamp();
        if new.state = 'READY' and (old.state <> 'RESERVED' or new.idle_since is null) then
            new.idle_since := new.state_since;
        end if;
        insert into agent_event (agent, from_state, to_state, reason, attempt)
        values (new.id, old.state, new.state, new.reason, coalesce(new.attempt, old.attempt));
        perform pg_notify('releve_agents', new.id);
    end if;
    return new;
end
$$;
create trigger agent_changed before update on agent for each row execute function agent_changed();
comment on function agent_changed is 'Keeps version, state_since, idle_since and the journal of agents true whoever changes the row, and wakes the agent gateways.';
