package releve.server.gateway;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.agent.AgentCommand;
import releve.core.agent.AgentRules;
import releve.core.agent.AgentState;
import releve.core.campaign.Disposition;
import releve.core.campaign.OfferAnswer;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.engine.Standing;
import releve.core.store.DialerStore.StoreUnavailable;
import releve.server.gateway.AgentSessions.Session;

/**
 * Holds the sessions of agents' desktops: applies their commands as compare-and-set on the agent's row, tells desktops of
 * every change; the active one ends wrap-ups whose time is over, and lets agents go whose call has gone. All it knows is in the store, so desktops may be at either
 * side, and either can stop at any time. A gateway in maintenance sends its desktops to the other side.
 */
public final class AgentGateway implements AutoCloseable, Duty {
    private static final Logger LOG = LoggerFactory.getLogger(AgentGateway.class);
    private static final int RACES_MAX = 8;
    private static final Duration ROUND = Duration.ofMillis(500);
    private static final Duration RECONCILE_EVERY = Duration.ofSeconds(2);

    private final AgentSessions sessions;
    private final @Nullable String agentKey;
    private final Pulse pulse;
    private final Map<AgentId, Desk> desks = new ConcurrentHashMap<>();
    private final AtomicInteger attached = new AtomicInteger();
    private final InHand inHand = new InHand();
    private long reconcileAtNs = System.nanoTime();
    private volatile Post post = new Post(Standing.STANDBY, "");

    /** Where the role stands, and the other side's gateway. */
    private record Post(Standing standing, String elsewhere) {
        boolean sendsAway() {
            return standing == Standing.ABSENT
                    || standing == Standing.CUT
                    || (standing == Standing.LEAVING && !elsewhere.isEmpty());
        }
    }

    /**
     * @param agentKey what a desktop shows at login; when null nobody logs in here
     */
    public AgentGateway(AgentSessions sessions, @Nullable String agentKey) {
        this.sessions = sessions;
        this.agentKey = agentKey == null || agentKey.isBlank() ? null : agentKey;
        this.pulse = new Pulse("agent-gateway", ROUND, this::round);
    }

    /** What became of a login, or why not. */
    public sealed interface LoginAnswer {}

    /** What became of a command or a question. */
    public sealed interface Answer {
        /** Done, or so already; this is the agent now. */
        record Done(AgentView view) implements Answer {}
    }

    /** The session begins; the token is shown this once. */
    public record LoggedIn(String token) implements LoginAnswer {
        @Override
        public String toString() {
            return "LoggedIn[token=…]";
        }
    }

    /** Not done, with one sentence why. */
    public record Refusal(Kind kind, String sentence) implements Answer, LoginAnswer {}

    /** Why something was not done. */
    public enum Kind {
        NO_KEY_CONFIGURED,
        WRONG_KEY,
        UNKNOWN_TOKEN,
        NOT_NOW,
        /** The gateway is in maintenance; the other side serves. */
        ELSEWHERE,
        STORE_AWAY
    }

    /** Threads that wait for a change of one agent, and the last version known. */
    private static final class Desk {
        private long version = -1;
        private int waiting;
    }

    public AgentGateway start() {
        pulse.start();
        return this;
    }

    /** Ends the loop and lets every waiting thread go. */
    @Override
    public void close() {
        pulse.close();
        letAllLook();
    }

    private void letAllLook() {
        desks.values().forEach(desk -> {
            synchronized (desk) {
                desk.notifyAll();
            }
        });
    }

    public boolean stopped() {
        return pulse.stopped();
    }

    @Override
    public void stand(Standing standing, String elsewhere) {
        Post before = post;
        post = new Post(standing, elsewhere);
        if (before.standing() != standing) {
            inHand.turn();
        }
        if (!before.sendsAway() && post.sendsAway()) {
            letAllLook();
        }
    }

    @Override
    public int working() {
        return inHand.ofBefore();
    }

    @Override
    public int attached() {
        return attached.get();
    }

    /** A desktop has connected; {@link #detached} when it has gone. */
    public void attach() {
        attached.incrementAndGet();
    }

    public void detached() {
        attached.decrementAndGet();
    }

    /** Where desktops have to go from here; empty while they may stay, and the text is empty when nobody knows where. */
    public Optional<String> sendsTo() {
        Post now = post;
        return now.sendsAway() ? Optional.of(now.elsewhere()) : Optional.empty();
    }

    private Optional<Refusal> refuseWhileLeaving() {
        return sendsTo().map(url -> new Refusal(Kind.ELSEWHERE, whereInstead(post.standing(), url)));
    }

    private static String whereInstead(Standing standing, String url) {
        if (standing == Standing.ABSENT) {
            return "No agent gateway runs in this process; 'releve status --json' says where one does.";
        }
        return "This side's agent gateway is in maintenance; the other side serves%s."
                .formatted(url.isEmpty() ? "" : " at " + url);
    }

    /** Something changed about an agent: called when the store says so, a hint that may be lost. */
    public void wake(AgentId agent) {
        if (desks.containsKey(agent)) {
            pulse.wake();
        }
    }

    /** Why this key does not open the login; empty when it does. */
    public Optional<Refusal> refuseKey(@Nullable String presented) {
        if (agentKey == null) {
            return Optional.of(new Refusal(
                    Kind.NO_KEY_CONFIGURED, "Agents cannot log in here, because no agent key is configured."));
        }
        boolean right = presented != null
                && SessionToken.same(
                        agentKey.getBytes(StandardCharsets.UTF_8), presented.getBytes(StandardCharsets.UTF_8));
        return right
                ? Optional.empty()
                : Optional.of(new Refusal(Kind.WRONG_KEY, "The agent key is missing or wrong."));
    }

    /**
     * Begins a session; {@link #refuseKey} has been asked before. An agent who is logged in already gets a new session and
     * keeps his state, so a desktop that lost its token comes back to its call; the old token ends.
     */
    public LoginAnswer login(AgentLogin login) {
        Optional<Refusal> elsewhere = refuseWhileLeaving();
        if (elsewhere.isPresent()) {
            return elsewhere.get();
        }
        String token = SessionToken.create();
        try (InHand.Piece _ = inHand.begin()) {
            sessions.login(login, SessionToken.hash(token));
            LOG.info("agent {} logged in", login.agent());
            wake(login.agent());
            return new LoggedIn(token);
        } catch (StoreUnavailable e) {
            return away();
        }
    }

    /** The agent as he is now. */
    public Answer view(AgentId agent, @Nullable String token) {
        Optional<Refusal> elsewhere = refuseWhileLeaving();
        if (elsewhere.isPresent()) {
            return elsewhere.get();
        }
        try {
            Optional<Session> session = authentic(agent, token);
            return session.isPresent() ? new Answer.Done(session.get().view()) : unknownToken();
        } catch (StoreUnavailable e) {
            return away();
        }
    }

    /** What to do with an agent as he was just read. */
    private interface Attempt {
        /** @return what came of it; empty when something else changed him meanwhile */
        Optional<Answer> on(AgentView view);
    }

    /** Changes an agent by compare-and-set: reads him anew and decides again when something else changes him meanwhile. */
    private Answer change(AgentId agent, @Nullable String token, Attempt attempt) {
        Optional<Refusal> elsewhere = refuseWhileLeaving();
        if (elsewhere.isPresent()) {
            return elsewhere.get();
        }
        try (InHand.Piece _ = inHand.begin()) {
            for (int race = 0; race < RACES_MAX; race++) {
                Optional<Session> found = authentic(agent, token);
                if (found.isEmpty()) {
                    return unknownToken();
                }
                Optional<Answer> answer = attempt.on(found.get().view());
                if (answer.isPresent()) {
                    return answer.get();
                }
            }
            return notNow("Your state keeps changing; look at it and try again.");
        } catch (StoreUnavailable e) {
            return away();
        }
    }

    private Optional<Answer> done(Optional<AgentView> changed) {
        changed.ifPresent(view -> wake(view.agent()));
        return changed.map(Answer.Done::new);
    }

    /** Carries an agent's command out; when something else changes him at the same moment, decides again. */
    public Answer command(AgentId agent, @Nullable String token, AgentCommand command) {
        return change(agent, token, view -> {
            AgentRules.Outcome outcome =
                    AgentRules.decide(view.state(), Optional.ofNullable(view.pending()), view.reason(), command);
            return switch (outcome) {
                case AgentRules.Outcome.Nothing nothing -> done(Optional.of(view));
                case AgentRules.Outcome.Move move -> done(sessions.move(view, move.to(), move.reason()));
                case AgentRules.Outcome.Wish wish -> done(sessions.wish(view, wish.pending(), wish.reason()));
                case AgentRules.Outcome.Refuse refuse -> Optional.of(notNow(refuse.sentence()));
            };
        });
    }

    /**
     * Takes an agent's answer to the contact that is offered to him. The first answer counts; repeated, it is done already.
     *
     * @param offer the one that his desktop shows, so that a late answer never meets the next offer
     */
    public Answer answer(AgentId agent, @Nullable String token, String offer, OfferAnswer answer) {
        return change(agent, token, view -> {
            AttemptId shown = view.attempt();
            if (view.state() == AgentState.PREVIEW
                    && shown != null
                    && shown.toString().equals(offer)) {
                return done(sessions.answer(view, shown, answer));
            }
            boolean already = AttemptId.parse(offer)
                    .filter(named -> sessions.answeredSo(agent, named, answer))
                    .isPresent();
            return Optional.of(already ? new Answer.Done(view) : notNow("That contact is no longer offered to you."));
        });
    }

    /**
     * Keeps what an agent made of the call that he talks on or wraps up; said again, the last word counts.
     *
     * @param attempt the call that his desktop shows, so that a late word never meets the next call
     */
    public Answer dispose(AgentId agent, @Nullable String token, String attempt, Disposition disposition) {
        return change(agent, token, view -> {
            AttemptId call = view.attempt();
            if (call == null || !call.toString().equals(attempt)) {
                return Optional.of(notNow("That call is no longer yours to decide about; its wrap-up is over."));
            }
            CallCard card = view.call();
            if (disposition.personal() && (card == null || !card.personalCallbacks())) {
                return Optional.of(
                        notNow("This campaign has no personal callbacks; promise a callback by any of its agents."));
            }
            return done(sessions.dispose(view, call, disposition));
        });
    }

    private static Refusal notNow(String sentence) {
        return new Refusal(Kind.NOT_NOW, sentence);
    }

    /**
     * Waits until the agent's row has a later version than this one.
     *
     * @return false when the time is over, the gateway stops, or it sends its desktops away
     */
    public boolean awaitChange(AgentId agent, long seen, Duration atMost) throws InterruptedException {
        Desk desk = desks.compute(agent, (id, known) -> {
            Desk here = known == null ? new Desk() : known;
            synchronized (here) {
                here.waiting++;
            }
            return here;
        });
        try {
            long giveUpAtNanos = System.nanoTime() + atMost.toNanos();
            synchronized (desk) {
                while (!stopped() && !post.sendsAway() && desk.version <= seen) {
                    long leftMs = (giveUpAtNanos - System.nanoTime()) / 1_000_000;
                    if (leftMs <= 0) {
                        return false;
                    }
                    desk.wait(leftMs);
                }
            }
            return !stopped() && !post.sendsAway();
        } finally {
            desks.computeIfPresent(agent, (id, here) -> {
                synchronized (here) {
                    here.waiting--;
                    return here.waiting == 0 ? null : here;
                }
            });
        }
    }

    private boolean round() {
        int ended = duties();
        Set<AgentId> watched = Set.copyOf(desks.keySet());
        if (!watched.isEmpty()) {
            Map<AgentId, Long> versions = new HashMap<>(sessions.versions(watched));
            watched.forEach(agent -> publish(agent, versions.getOrDefault(agent, 0L)));
        }
        return ended > 0;
    }

    private int duties() {
        try (InHand.Piece _ = inHand.begin()) {
            if (!post.standing().servesRounds()) {
                return 0;
            }
            int ended = sessions.endWrapUps();
            if (ended > 0) {
                LOG.debug("{} wrap-ups ended by time", ended);
            }
            if (System.nanoTime() - reconcileAtNs >= 0) {
                reconcileAtNs = System.nanoTime() + RECONCILE_EVERY.toNanos();
                ended += sessions.releaseStranded();
            }
            return ended;
        }
    }

    private void publish(AgentId agent, long version) {
        Desk desk = desks.get(agent);
        if (desk != null) {
            synchronized (desk) {
                if (desk.version < version) {
                    desk.version = version;
                    desk.notifyAll();
                }
            }
        }
    }

    private Optional<Session> authentic(AgentId agent, @Nullable String token) {
        if (token == null) {
            return Optional.empty();
        }
        byte[] presented = SessionToken.hash(token);
        return sessions.find(agent).filter(session -> SessionToken.same(session.tokenHash(), presented));
    }

    private static Refusal unknownToken() {
        return new Refusal(Kind.UNKNOWN_TOKEN, "The session token is missing, wrong or over; log in again.");
    }

    private static Refusal away() {
        return new Refusal(Kind.STORE_AWAY, "The store does not answer; try again in a moment.");
    }
}
