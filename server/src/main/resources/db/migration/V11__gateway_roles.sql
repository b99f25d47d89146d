-- The agent gateway and the routing gateway as roles of their own, in the dialer's process or in one of their own.
create table gateway_role (
    pair             int         not null,
    side             text        not null check (side in ('A', 'B')),
    role             text        not null check (role in ('agent-gateway', 'routing-gateway')),
    instance         text        not null,
    host             text        not null,
    pid              bigint      not null,
    version          text        not null,
    http_url         text        not null default '',
    started_at       timestamptz not null default clock_timestamp(),
    seen_at          timestamptz not null default clock_timestamp(),
    phase            text        not null default 'starting',
    phase_since      timestamptz not null default clock_timestamp(),
    phase_reason     text        not null default 'started',
    epoch            bigint      not null default 0,
    attached         int         not null default 0,
    waits_for        text        not null default '',
    limit_at         timestamptz,
    stopped_at       timestamptz,
    exit_status      int,
    stop_reason      text,
    primary key (pair, side, role, instance)
) with (fillfactor = 50);
create unique index gateway_role_one_running_per_side on gateway_role (pair, side, role) where stopped_at is null;
comment on table gateway_role is 'One row per start of a gateway''s role, kept as a heartbeat while it runs. A node of a former version has none.';
comment on column gateway_role.instance is 'The start of the process; a dialer in the same process has its row in node.';
comment on column gateway_role.epoch is 'The right of its lease that it holds; 0 while it holds none.';
comment on column gateway_role.attached is 'Desktops connected.';
comment on column gateway_role.waits_for is 'What its maintenance waits for, a sentence.';

alter table node add column roles text[];
comment on column node.roles is 'What the process runs; null for a former version, which runs all three and whose gateways serve without holding a role.';
comment on table lease is 'Who is active in a role. Whoever uses the right locks the row (for key share); whoever takes it locks it for update.';
