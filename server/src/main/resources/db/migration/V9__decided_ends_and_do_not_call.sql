-- How an attempt will have ended, from when that is certain until its call is over: what is true should its dialer fail.
alter table attempt
    add column decided_result     int,
    add column decided_reason     text,
    add column decided_status     text,
    add column decided_not_before timestamptz;
comment on column attempt.decided_result is 'The call result while an abandoned customer hears the message, or a machine records one.';
comment on column attempt.decided_status is 'What its contact becomes then; decided_not_before for a retry.';

-- Numbers that no campaign dials.
create table do_not_call (
    phone    text        primary key check (phone ~ '^\+[0-9]{1,15}$'),
    source   text        not null check (source in ('LIST', 'AGENT', 'IVR')),
    attempt  bigint,
    added_at timestamptz not null default clock_timestamp(),
    check ((source = 'LIST') = (attempt is null))
);
create index do_not_call_by_attempt on do_not_call (attempt) where attempt is not null;
comment on table do_not_call is 'Looked at when a contact is claimed, and again before each dial.';
comment on column do_not_call.phone is 'In E.164.';
comment on column do_not_call.source is 'LIST by an operator; AGENT by the disposition, IVR by the opt-out of that attempt.';
