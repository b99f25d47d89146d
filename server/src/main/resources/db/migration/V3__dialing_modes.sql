-- Every dialing mode: the fields of a campaign, contacts offered to agents, and callbacks with the agent who promised them.

-- ------------------------------------------------------------------------------------------------------- campaigns
alter table campaign
    drop constraint campaign_mode_check,
    drop constraint campaign_check,
    drop constraint campaign_check1,
    add constraint campaign_mode_check check (mode in ('PREDICTIVE_AGENT', 'PREDICTIVE_IVR', 'PROGRESSIVE_AGENT',
                                                       'PROGRESSIVE_IVR', 'PREVIEW', 'DIRECT_PREVIEW')),
    add constraint campaign_ivr_check
        check (mode not in ('PREDICTIVE_IVR', 'PROGRESSIVE_IVR') or (ivr_uri is not null and ivr_ports >= 1)),
    add constraint campaign_agents_check check (mode in ('PREDICTIVE_IVR', 'PROGRESSIVE_IVR') or skill_group <> ''),
    add column reservation_percent         int           not null default 100 check (reservation_percent between 0 and 100),
    add column overflow_agents             int           not null default 0 check (overflow_agents between 0 and 100),
    add column maximum_lines_per_agent     numeric(4, 1) not null default 100 check (maximum_lines_per_agent between 1 and 100),
    add column abandon_limit_percent       numeric(4, 1) not null default 3 check (abandon_limit_percent between 0 and 100),
    add column abandon_window_ms           bigint        not null default 86400000
                                           check (abandon_window_ms between 3600000 and 2678400000),
    add column prefix                      text          not null default '' check (prefix ~ '^[0-9]{0,15}$'),
    add column abandon_treatment           text          not null default 'HANG_UP'
                                           check (abandon_treatment in ('HANG_UP', 'MESSAGE', 'IVR')),
    add column abandon_message             text,
    add column abandon_ivr_uri             text,
    add column selection_order             text          not null default 'BRP'
                                           check (selection_order in ('BRP', 'BPR', 'RBP', 'RPB', 'PBR', 'PRB')),
    add column preview_timeout_ms          int           not null default 60000 check (preview_timeout_ms between 5000 and 600000),
    add column preview_skip_delay_ms       bigint        not null default 1800000 check (preview_skip_delay_ms >= 0),
    add column personal_callbacks          boolean       not null default false,
    add column absent_agent_rule           text          not null default 'OTHER_AGENT'
                                           check (absent_agent_rule in ('OTHER_AGENT', 'NEXT_BUSINESS_DAY', 'ABANDON')),
    add column callback_window_ms          bigint        not null default 900000 check (callback_window_ms between 60000 and 86400000),
    add column cpa                         boolean       not null default false,
    add column machine_treatment           text          not null default 'ABANDON'
                                           check (machine_treatment in ('ABANDON', 'TRANSFER_TO_AGENT', 'TRANSFER_TO_IVR',
                                                                        'WAIT_FOR_BEEP_AND_PLAY')),
    add column cpa_minimum_silence_ms      int           not null default 608 check (cpa_minimum_silence_ms between 100 and 1000),
    add column cpa_analysis_period_ms      int           not null default 2500 check (cpa_analysis_period_ms between 1000 and 10000),
    add column cpa_minimum_valid_speech_ms int           not null default 112 check (cpa_minimum_valid_speech_ms between 50 and 500),
    add column cpa_maximum_time_ms         int           not null default 3000 check (cpa_maximum_time_ms between 1000 and 10000),
    add column cpa_maximum_tone_wait_ms    int           not null default 30000 check (cpa_maximum_tone_wait_ms between 1000 and 60000),
    add column time_zone                   text          not null default 'Z',
    add column days                        text          not null default '1234567' check (days ~ '^[1-7]{1,7}$'),
    add column hours_from                  time          not null default '00:00',
    add column hours_to                    time          not null default '00:00',
    add column start_date                  date,
    add column end_date                    date,
    add constraint campaign_abandon_check
        check ((abandon_treatment <> 'MESSAGE' or abandon_message is not null)
               and (abandon_treatment <> 'IVR' or abandon_ivr_uri is not null));
alter table campaign alter column maximum_lines_per_agent set default 2;
comment on column campaign.reservation_percent is 'Share of the skill group''s logged-in agents that may be held at once; overflow_agents come on top.';
comment on column campaign.abandon_limit_percent is 'Of live answers within abandon_window_ms; 0 for no limit.';
comment on column campaign.selection_order is 'Which contacts come first: B callbacks, R retries, P pending.';
comment on column campaign.days is 'ISO numbers of the days on which it dials, 1 for Monday; hours_to 00:00 is the end of the day.';

-- -------------------------------------------------------------------------------------------------------- contacts
alter table contact add column callback_agent text;
create index contact_personal on contact (campaign, not_before, id) where status = 'S';
comment on column contact.callback_agent is 'For personal callbacks: who promised to call back.';

create index attempt_ended_live on attempt (campaign, ended_at) where result in (10, 16, 20, 21, 33);
comment on index attempt_ended_live is 'Live answers, which abandonment is counted from.';

-- ---------------------------------------------------------------------------------------------------------- offers
create table offer (
    id          bigint      primary key,
    pair        int         not null,
    epoch       bigint      not null,
    side        text        not null,
    instance    text        not null,
    kind        text        not null check (kind in ('PREVIEW', 'DIRECT_PREVIEW', 'PERSONAL_CALLBACK')),
    campaign    bigint      not null,
    contact     bigint      not null,
    phone       text        not null,
    agent       text        not null,
    reservation bigint      not null,
    offered_at  timestamptz not null,
    deadline    timestamptz not null,
    answer      text        check (answer in ('ACCEPT', 'SKIP', 'REJECT', 'SKIP_AND_CLOSE', 'REJECT_AND_CLOSE',
                                              'TIMED_OUT', 'WITHDRAWN')),
    answered_at timestamptz,
    ended_at    timestamptz,
    check ((answer is null) = (answered_at is null)),
    check (ended_at is null or answer is not null)
) with (fillfactor = 70);
create unique index offer_open_per_contact on offer (contact) where ended_at is null;
create index offer_open_by_node on offer (pair, side, instance) where ended_at is null;
create index offer_by_campaign on offer (campaign, offered_at);
comment on table offer is 'One row for each contact that was offered to an agent before it was dialed; kept for reports.';
comment on column offer.id is 'An accepted offer and its attempt have the same number.';
comment on column offer.ended_at is 'When the dialer that offered acted on the answer; the offer is open until then.';

alter table agent
    drop constraint agent_state_check,
    drop constraint agent_check,
    drop constraint agent_check1,
    add constraint agent_state_check check (state in ('LOGGED_OUT', 'NOT_READY', 'READY', 'RESERVED', 'PREVIEW', 'DIALING',
                                                      'TALKING', 'HOLD', 'WRAP_UP')),
    add constraint agent_reservation_check
        check ((state in ('RESERVED', 'PREVIEW', 'DIALING', 'TALKING', 'HOLD')) = (reservation is not null)),
    add constraint agent_deadline_check check ((state in ('PREVIEW', 'WRAP_UP')) = (deadline is not null)),
    add constraint agent_offer_check check (state <> 'PREVIEW' or attempt is not null);
comment on column agent.attempt is 'The call he has or wraps up; in preview the offer.';

alter table reservation_request add column agent text;
comment on column reservation_request.agent is 'For a personal callback: nobody else will do.';
