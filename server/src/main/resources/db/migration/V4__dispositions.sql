-- What agents made of calls. It stands beside the call's own result, and decides about the contact in its place.

alter table attempt
    add column disposition    int,
    add column callback_at    timestamptz,
    add column note           text,
    add column disposed_at    timestamptz,
    add check ((disposition is null) = (disposed_at is null)),
    add check ((callback_at is not null) <= (disposition in (14, 15)));
comment on column attempt.disposition is 'What the agent made of the call: a call result''s code; null until he says.';
comment on column attempt.callback_at is 'When he promised to call back.';
