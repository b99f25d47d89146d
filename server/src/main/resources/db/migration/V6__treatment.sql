-- What machines are to record, and the time after an abandoned call in which its customer is kept an agent.
alter table campaign
    add column machine_message      text,
    add column abandon_guarantee_ms bigint not null default 259200000
               check (abandon_guarantee_ms between 0 and 2678400000);
comment on column campaign.machine_message is 'The recording for WAIT_FOR_BEEP_AND_PLAY, a name in the directory of prompts.';
comment on column campaign.abandon_guarantee_ms is 'For so long after an abandoned call its customer is dialed only with an agent kept for him; 72 h by default.';
