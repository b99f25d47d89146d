package releve.server.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.agent.AgentCommand;
import releve.core.campaign.Disposition;
import releve.core.campaign.OfferAnswer;
import releve.core.common.AgentId;
import releve.server.gateway.AgentGateway;
import releve.server.gateway.AgentGateway.Answer;
import releve.server.gateway.AgentLogin;
import releve.server.gateway.AgentView;
import releve.server.gateway.CallCard;
import releve.server.gateway.OfferCard;

/**
 * What agents' desktops ask: log in with the site's key for a session token; with the token, change one's state, read it,
 * and be told of every change. Either side answers, with the same token.
 */
final class AgentApi implements AutoCloseable {
    /** Desktops that may be told of changes at once, per node. */
    static final int STREAMS_MAX = 10_000;
    /** Streams of one agent: a desktop, and its successor while the old connection dies. */
    static final int STREAMS_PER_AGENT_MAX = 3;

    private static final Logger LOG = LoggerFactory.getLogger(AgentApi.class);
    private static final Pattern LOGIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");
    private static final Pattern PHONE = Pattern.compile("sips?:[^\\s<>\"]{1,250}");
    /** Within so long the desktops of a side in maintenance are told to move. */
    private static final int MOVE_SPREAD_MS = 2_000;

    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private final AgentGateway gateway;
    private final Semaphore streams = new Semaphore(STREAMS_MAX);
    private final Map<AgentId, AtomicInteger> streamsByAgent = new ConcurrentHashMap<>();

    private final Set<Thread> following = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    AgentApi(AgentGateway gateway) {
        this.gateway = gateway;
    }

    /** Ends every stream, so that desktops go to the other side at once. */
    @Override
    public void close() {
        closed = true;
        following.forEach(Thread::interrupt);
    }

    void login(Context ctx) {
        AgentId agent = agent(ctx);
        String key = BrowserGuard.bearer(ctx);
        gateway.refuseKey(key).ifPresent(AgentApi::refuse);
        RequestFields fields = RequestFields.of(ctx);
        Set<String> skillGroups = fields.texts("skillGroups", 50, 64);
        String phone = fields.text("phoneUri", 255);
        if (!PHONE.matcher(phone).matches()) {
            throw Refused.badRequest("The field \"phoneUri\" must be a SIP address, such as sip:1001@192.0.2.10:5060.");
        }
        AgentLogin login = new AgentLogin(agent, fields.text("name", 128, agent.value()), skillGroups, phone);
        switch (gateway.login(login)) {
            case AgentGateway.LoggedIn in -> ctx.json(Map.of("token", in.token()));
            case AgentGateway.Refusal refusal -> refuse(refusal);
        }
    }

    void ready(Context ctx) {
        command(ctx, new AgentCommand.Ready());
    }

    void notReady(Context ctx) {
        command(ctx, new AgentCommand.NotReady(RequestFields.of(ctx).text("reason", 128, "")));
    }

    void logout(Context ctx) {
        command(ctx, new AgentCommand.LogOut(RequestFields.of(ctx).text("reason", 128, "")));
    }

    void offer(Context ctx) {
        RequestFields fields = RequestFields.of(ctx);
        String word = fields.text("answer", 32);
        OfferAnswer answer = switch (word) {
            case "accept" -> OfferAnswer.ACCEPT;
            case "skip" -> OfferAnswer.SKIP;
            case "reject" -> OfferAnswer.REJECT;
            case "skip-close" -> OfferAnswer.SKIP_AND_CLOSE;
            case "reject-close" -> OfferAnswer.REJECT_AND_CLOSE;
            default ->
                throw Refused.badRequest(
                        "The field \"answer\" must be accept, skip, reject, skip-close or reject-close.");
        };
        answer(ctx, gateway.answer(agent(ctx), BrowserGuard.bearer(ctx), fields.text("offer", 64), answer));
    }

    void disposition(Context ctx) {
        RequestFields fields = RequestFields.of(ctx);
        Disposition disposition = DispositionFields.read(fields, Instant.now());
        answer(ctx, gateway.dispose(agent(ctx), BrowserGuard.bearer(ctx), fields.text("attempt", 64), disposition));
    }

    void state(Context ctx) {
        answer(ctx, gateway.view(agent(ctx), BrowserGuard.bearer(ctx)));
    }

    /**
     * Tells of every change, each with the row's version as event id. A desktop that comes back, here or at the other
     * side, names the last id it saw and is at once told what became of it meanwhile.
     */
    void events(Context ctx) throws IOException {
        AgentId agent = agent(ctx);
        String token = BrowserGuard.bearer(ctx);
        AgentView first = viewOrRefuse(gateway.view(agent, token));
        long seen = lastEventId(ctx);
        AtomicInteger own = streamsByAgent.computeIfAbsent(agent, unused -> new AtomicInteger());
        if (own.incrementAndGet() > STREAMS_PER_AGENT_MAX) {
            own.decrementAndGet();
            throw new Refused(429, "This agent already has " + STREAMS_PER_AGENT_MAX + " event streams; close one.");
        }
        if (!streams.tryAcquire()) {
            own.decrementAndGet();
            throw Refused.unavailable("This side serves as many desktops as it may; use the other side.");
        }
        following.add(Thread.currentThread());
        gateway.attach();
        try {
            follow(new EventStream(ctx), agent, token, first, seen);
        } catch (IOException gone) {
            LOG.debug("desktop of {} left", agent);
        } catch (InterruptedException closing) {
            LOG.debug("stream of {} ended with the server", agent);
        } finally {
            gateway.detached();
            following.remove(Thread.currentThread());
            streams.release();
            streamsByAgent.computeIfPresent(agent, (key, count) -> count.decrementAndGet() <= 0 ? null : count);
        }
    }

    private void follow(EventStream stream, AgentId agent, @Nullable String token, AgentView first, long lastSeen)
            throws IOException, InterruptedException {
        long seen = lastSeen;
        if (first.version() != seen) {
            send(stream, first);
            seen = first.version();
        } else {
            stream.comment("nothing new");
        }
        while (!closed && !gateway.stopped()) {
            Optional<String> away = gateway.sendsTo();
            if (away.isPresent()) {
                move(stream, agent, away.get());
                return;
            }
            if (!gateway.awaitChange(agent, seen, HEARTBEAT)) {
                stream.comment("still here");
                continue;
            }
            switch (gateway.view(agent, token)) {
                case Answer.Done done -> {
                    if (done.view().version() != seen) {
                        send(stream, done.view());
                        seen = done.view().version();
                    }
                }
                case AgentGateway.Refusal refusal -> {
                    if (refusal.kind() == AgentGateway.Kind.STORE_AWAY) {
                        stream.comment("the store does not answer");
                        Thread.sleep(500);
                    } else {
                        stream.add("ended", Json.error(refusal.sentence()), "");
                        stream.flush();
                        return;
                    }
                }
            }
        }
    }

    /** Desktops do not all leave at the same moment: the other side has to read each one's state. */
    private static void move(EventStream stream, AgentId agent, String elsewhere)
            throws IOException, InterruptedException {
        Thread.sleep(Math.floorMod(agent.value().hashCode(), MOVE_SPREAD_MS));
        stream.add("moving", Json.write(Map.of("elsewhere", elsewhere)), "");
        stream.flush();
    }

    private static void send(EventStream stream, AgentView view) throws IOException {
        stream.add("state", Json.write(body(view)), Long.toString(view.version()));
        stream.flush();
    }

    private void command(Context ctx, AgentCommand command) {
        answer(ctx, gateway.command(agent(ctx), BrowserGuard.bearer(ctx), command));
    }

    private static void answer(Context ctx, Answer answer) {
        ctx.json(body(viewOrRefuse(answer)));
    }

    private static AgentView viewOrRefuse(Answer answer) {
        return switch (answer) {
            case Answer.Done done -> done.view();
            case AgentGateway.Refusal refusal -> throw refused(refusal);
        };
    }

    private static void refuse(AgentGateway.Refusal refusal) {
        throw refused(refusal);
    }

    private static Refused refused(AgentGateway.Refusal refusal) {
        int status = switch (refusal.kind()) {
            case NO_KEY_CONFIGURED -> 403;
            case WRONG_KEY, UNKNOWN_TOKEN -> 401;
            case NOT_NOW -> 409;
            case STORE_AWAY, ELSEWHERE -> 503;
        };
        return new Refused(status, refusal.sentence());
    }

    private static Map<String, @Nullable Object> body(AgentView view) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("agent", view.agent().value());
        body.put("state", view.state().name());
        body.put("since", view.since());
        body.put("reason", view.reason());
        Instant deadline = view.deadline();
        body.put("deadline", deadline);
        body.put("attempt", view.attempt() == null ? null : view.attempt().toString());
        body.put("pending", view.pending() == null ? null : view.pending().name());
        body.put("call", view.call() == null ? null : body(view.call()));
        body.put("offer", view.offer() == null ? null : body(String.valueOf(view.attempt()), view.offer()));
        body.put("now", Instant.now());
        body.put("version", view.version());
        return body;
    }

    private static Map<String, @Nullable Object> body(String id, OfferCard offer) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("id", id);
        body.put("kind", offer.kind().name());
        body.put("campaign", offer.campaign());
        body.put("contact", offer.contact());
        body.put("phone", offer.phone());
        body.put("phones", offer.phones());
        body.put("attempts", offer.attempts());
        return body;
    }

    private static Map<String, @Nullable Object> body(CallCard call) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("campaign", call.campaign());
        body.put("contact", call.contact());
        body.put("phone", call.phone());
        body.put("phones", call.phones());
        body.put("attempts", call.attempts());
        body.put("personalCallbacks", call.personalCallbacks());
        body.put("disposition", call.disposition() == null ? null : DispositionFields.body(call.disposition()));
        return body;
    }

    private static AgentId agent(Context ctx) {
        String login = ctx.pathParam("login");
        if (!LOGIN.matcher(login).matches()) {
            throw Refused.badRequest(
                    "A login has 1 to 64 letters, digits, dots, hyphens, underscores or at signs, and begins with a letter"
                            + " or digit.");
        }
        return new AgentId(login);
    }

    // Absent or not ours: the desktop has seen nothing, and gets the present state.
    private static long lastEventId(Context ctx) {
        String id = ctx.header("Last-Event-ID");
        if (id == null || !id.matches("\\d{1,18}")) {
            return -1;
        }
        return Long.parseLong(id);
    }
}
