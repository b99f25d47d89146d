package releve.server.http;

import java.nio.file.Files;
import java.nio.file.Path;
import releve.core.common.Side;

/**
 * Shows the agent's desktop with a session in the state asked for: {@code DeskPreview FILE
 * talking|wrap-up|ready|preview|accepted}. Writes the page's address, with the session in its fragment, to the file.
 */
public final class DeskPreview {
    private DeskPreview() {}

    public static void main(String[] args) throws Exception {
        HttpTestPair pair = new HttpTestPair();
        String token = pair.login(Side.A, "ann")[1].substring("Bearer ".length());
        pair.sql("""
                insert into campaign (id, name, mode, skill_group, caller_id, personal_callbacks)
                overriding system value
                values (1, 'Spring renewal', 'PROGRESSIVE_AGENT', 'sales', '+12025550199', true);
                insert into contact (id, campaign, name, phones, status, attempts, last_attempt, claimed_instance)
                overriding system value values
                    (1, 1, 'Ada Lovelace', '{+12025550143,+12025550144}', 'D', 1, 9007201402224641, 'x');
                insert into attempt (id, pair, epoch, side, instance, campaign, contact, phone, number, call_id, started_at,
                                     answered_at, connected_at, agent)
                values (9007201402224641, 1, 1, 'A', 'x', 1, 1, '+12025550143', 2, 'call', now(), now(), now(), 'ann');
                update agent set state = 'READY' where id = 'ann'""");
        if (args[1].equals("preview") || args[1].equals("accepted")) {
            pair.sql("""
                    update contact set status = 'A', former_status = 'R' where id = 1;
                    insert into offer (id, pair, epoch, side, instance, kind, campaign, contact, phone, agent, reservation,
                                       offered_at, deadline)
                    values (9007201402224641, 1, 1, 'A', 'x', 'PREVIEW', 1, 1, '+12025550143', 'ann', 1, now(),
                            now() + interval '60 s');
                    update agent set state = 'RESERVED', reservation = 1 where id = 'ann'""");
            pair.sql("update agent set attempt = 9007201402224641 where id = 'ann'");
        }
        if (args[1].equals("preview")) {
            pair.sql("update agent set state = 'PREVIEW', deadline = now() + interval '10 min' where id = 'ann'");
        }
        if (args[1].equals("talking") || args[1].equals("wrap-up")) {
            pair.sql("""
                    update agent set state = 'RESERVED', reservation = 1 where id = 'ann';
                    update agent set state = 'TALKING', attempt = 9007201402224641 where id = 'ann'""");
        }
        if (args[1].equals("wrap-up")) {
            pair.sql("""
                    update agent set state = 'WRAP_UP', reservation = null, deadline = now() + interval '10 min'
                    where id = 'ann'""");
        }
        Files.writeString(
                Path.of(args[0]),
                "http://127.0.0.1:%d/agent#%%7B%%22login%%22:%%22ann%%22,%%22name%%22:%%22Ann%%20Arbor%%22,%%22seen%%22:-1,%%22token%%22:%%22%s%%22%%7D"
                        .formatted(pair.port(Side.A), token));
        Thread.sleep(Long.MAX_VALUE);
    }
}
