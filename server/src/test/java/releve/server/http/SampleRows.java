package releve.server.http;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import releve.core.common.Side;
import releve.core.pair.RoleTransition;
import releve.core.store.DialerStore.NodeId;
import releve.server.store.NodeRegistry;
import releve.server.store.StoreAddress;
import releve.server.store.TestStore;

/** Rows of a busy pair, for looking at the page. */
final class SampleRows {
    private SampleRows() {}

    static void campaignsAndAgents(StoreAddress address) {
        TestStore.execute(address, """
                insert into campaign (name, mode, running, skill_group, caller_id, ivr_ports, ivr_uri) values
                    ('Spring renewal', 'PROGRESSIVE_AGENT', true, 'sales', '+12025550100', 0, null),
                    ('Delivery notices', 'PROGRESSIVE_IVR', true, '', '+12025550101', 20, 'sip:ivr@127.0.0.1'),
                    ('Winter follow-up', 'PROGRESSIVE_AGENT', false, 'service', '+12025550102', 0, null);
                insert into contact (campaign, phones, status, last_attempt)
                select 1 + n % 3, array['+1202555' || to_char(n, 'FM00000')],
                       case when n % 5 < 2 then 'C' when n % 5 = 2 then 'R' else 'P' end, case when n % 5 < 3 then n end
                from generate_series(1, 15000) n;
                insert into attempt (id, pair, epoch, side, instance, campaign, contact, phone, number, call_id, started_at,
                                     connected_at, ended_at, result, ended_by)
                select n, 1, 7, 'A', 'a', 1 + n % 3, n, '+1202555' || to_char(n, 'FM00000'), 1, 'call-' || n, now(),
                       case when n % 20 < 8 then now() end, now(),
                       (array[10,10,10,10,10,10,10,10,9,9,9,8,8,8,8,8,8,7,21,8])[1 + n % 20], 'NETWORK'
                from generate_series(1, 9000) n;
                update attempt set result = 16 where id % 97 = 0 and result = 10;
                insert into agent (id, name, skill_groups, phone_uri, state, reservation, deadline)
                select 'agent' || n, 'Agent ' || n, array['sales'], 'sip:a@127.0.0.1', s,
                       case when s in ('RESERVED', 'TALKING') then n end, case when s = 'WRAP_UP' then now() + interval '1 d' end
                from (select n, case when n <= 21 then 'TALKING' when n <= 24 then 'RESERVED' when n <= 30 then 'READY'
                                     when n <= 35 then 'WRAP_UP' when n <= 39 then 'NOT_READY' else 'LOGGED_OUT' end as s
                      from generate_series(1, 50) n) t""");
    }

    static void journal(NodeRegistry registry) {
        Instant now = Instant.now();
        entry(registry, Side.B, now.minusSeconds(96_000), "monitoring", "stopped", "the last connected call has ended");
        entry(registry, Side.A, now.minusSeconds(4210), "standby", "active", "nobody held the right to dial");
        entry(registry, Side.A, now.minusSeconds(98), "active", "quiescing", "maintenance asked for by console");
        entry(registry, Side.A, now.minusSeconds(76), "quiescing", "handing over", "everything is settled");
        entry(registry, Side.A, now.minusSeconds(75), "handing over", "monitoring", "side B has the right to dial");
        entry(registry, Side.B, now.minusSeconds(75), "standby", "active", "side A handed over");
    }

    static FakeNode.State active(long sinceS, String reason) {
        return new FakeNode.State(
                "active",
                Instant.now().minusSeconds(sinceS),
                reason,
                Map.of(
                        "dialing",
                        4,
                        "ringing",
                        13,
                        "cancelling",
                        1,
                        "analysing",
                        2,
                        "transferring",
                        1,
                        "connected",
                        21,
                        "reserved",
                        3,
                        "cached",
                        48,
                        "epoch",
                        7),
                "",
                "yes",
                null,
                null,
                true);
    }

    static FakeNode.State quiescing() {
        return new FakeNode.State(
                "quiescing",
                Instant.now().minusSeconds(9),
                "maintenance asked for by console",
                Map.of(
                        "ringing",
                        9,
                        "analysing",
                        1,
                        "transferring",
                        2,
                        "connected",
                        24,
                        "reserved",
                        2,
                        "cached",
                        31,
                        "epoch",
                        7),
                "9 ringing, 1 analysing, 2 transferring, 2 reserved agents",
                "no: quiescing",
                Duration.ofSeconds(90),
                Duration.ofSeconds(120),
                true);
    }

    static FakeNode.State monitoring() {
        return new FakeNode.State(
                "monitoring",
                Instant.now().minusSeconds(75),
                "side B has the right to dial: everything was settled",
                Map.of("connected", 17),
                "17 connected calls",
                "no: monitoring",
                Duration.ofSeconds(300),
                Duration.ofMinutes(90),
                true);
    }

    private static void entry(NodeRegistry registry, Side side, Instant at, String from, String to, String reason) {
        registry.journal(new NodeId(1, side, "i"), "dialer", new RoleTransition(at, from, to, reason));
    }

    /** Both sides' gateways, A's agent gateway in maintenance; their heartbeats never grow old. */
    static void gateways(StoreAddress address) {
        for (String row : List.of(
                "'A', 'agent-gateway', 'monitoring', 'handed over to side B, epoch 2', 0, 3, '3 desktops to move'",
                "'A', 'routing-gateway', 'active', 'nobody held it, epoch 1', 1, 0, ''",
                "'B', 'agent-gateway', 'active', 'handed over by side A, epoch 2', 2, 37, ''",
                "'B', 'routing-gateway', 'standby', 'started', 0, 0, ''")) {
            TestStore.execute(address, """
                    insert into gateway_role (pair, instance, host, pid, version, http_url, seen_at, phase_since,
                        side, role, phase, phase_reason, epoch, attached, waits_for)
                    values (1, 'i', 'localhost', 1, '0.1.0', 'http://127.0.0.1:8081/', now() + interval '1 day',
                        now() - interval '8 seconds', %s)""".formatted(row));
        }
    }
}
