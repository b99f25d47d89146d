-- The right of a side that has handed over with an overlap: to dial what its agents accept that it had offered before.
create table settling (
    pair       int         primary key,
    epoch      bigint      not null,
    side       text        not null check (side in ('A', 'B')),
    instance   text        not null,
    expires_at timestamptz not null
) with (fillfactor = 50);
comment on table settling is 'Whoever uses it locks the row (for key share); who thinks its holder dead deletes it, once it has expired.';
comment on column settling.epoch is 'The one it was granted under: contacts that it had offered are claimed under it.';
