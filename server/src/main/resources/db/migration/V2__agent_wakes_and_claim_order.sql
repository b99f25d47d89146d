-- Desktops are woken by a changed wish or reason too, not only by a changed state.
create or replace function agent_changed() returns trigger
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
    end if;
    if (new.state, new.reason, new.pending_state, new.attempt, new.deadline)
        is distinct from (old.state, old.reason, old.pending_state, old.attempt, old.deadline) then
        perform pg_notify('releve_agents', new.id);
    end if;
    return new;
end
$$;

-- Claims ask for pending contacts in the order of "id + 0", which only this index has. Asked for the order of "id", the
-- planner may walk the primary key instead, past every contact of the list that is already done.
drop index contact_pending;
create index contact_pending on contact (campaign, (id + 0)) where status = 'P';
