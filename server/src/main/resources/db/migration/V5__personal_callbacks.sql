-- Who promised to call back himself, beside what he made of the call.

alter table attempt
    add column callback_agent text,
    add check ((callback_agent is not null) <= (callback_at is not null));
comment on column attempt.callback_agent is 'Who promised to call back himself; null when anybody may.';
