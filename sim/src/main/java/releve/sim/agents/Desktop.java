package releve.sim.agents;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.sim.agents.Gateways.NoSideAnswers;
import releve.sim.agents.Gateways.Reply;
import releve.sim.world.Draws;

/**
 * An agent at his desktop, on a thread of his own: logs in, says ready, wraps up after each call, and mends his state when it
 * does not fit his phone. It is the phone that decides: while it is in a call the desktop asks for nothing.
 */
final class Desktop implements Runnable, Line.Watcher {
    private static final Logger LOG = LoggerFactory.getLogger(Desktop.class);
    /** Between two tries to become ready while the product says not now. */
    private static final int RETRY_MS = 250;

    private static final int READY_TRIES = 40;
    /** A minute: as long as an agent may stay reserved for a call that rings. */
    private static final int LOGOUT_TRIES = 240;

    private static final int SILENT_TRIES = 4;
    private static final int UNREACHABLE_PAUSE_MS = 500;
    private static final int HEAL_MIN_MS = 2_000;
    private static final int HEAL_MAX_MS = 3_000;
    private static final int LOOK_MS = 300;
    private static final int DISPOSITION_TRIES = 20;
    private static final int BUSY_LOOK_MS = 5_000;

    private final String login;
    private final String name;
    private final String phoneUri;
    private final List<String> skillGroups;
    private final String agentKey;
    private final AgentHabits habits;
    private final Gateways gateways;
    private final Tally tally;
    private final SplittableRandom random;
    private final Screen screen;
    private final Queue<Screen.Request> said = new ArrayDeque<>();
    private final Gateways.Preference preference = new Gateways.Preference();
    private @Nullable String token;
    private boolean wantsReady;
    private @Nullable String lastComplaint;

    private final Object phone = new Object();
    private boolean phoneBusy;
    private boolean callEnded;
    private boolean stopping;

    Desktop(String login, String name, String phoneUri, AgentsConfig config, Gateways gateways, Tally tally) {
        this.login = login;
        this.name = name;
        this.phoneUri = phoneUri;
        this.skillGroups = config.skillGroups();
        this.agentKey = config.agentKey();
        this.habits = config.habits();
        this.gateways = gateways;
        this.tally = tally;
        this.random = Draws.of(config.seed(), login, -1);
        this.screen = new Screen(config.desk(), config.script(), Draws.of(config.seed(), login, -2), tally);
    }

    @Override
    public void phoneBusy() {
        synchronized (phone) {
            phoneBusy = true;
            phone.notifyAll();
        }
    }

    @Override
    public void phoneIdle() {
        synchronized (phone) {
            phoneBusy = false;
            callEnded = true;
            phone.notifyAll();
        }
    }

    /** Logs out as soon as the phone is idle, then ends. */
    void stop() {
        synchronized (phone) {
            stopping = true;
            phone.notifyAll();
        }
    }

    @Override
    public void run() {
        try {
            while (!(isStopping() && !isPhoneBusy() && loggedOut())) {
                try {
                    work();
                } catch (NoSideAnswers e) {
                    complain(e.getMessage());
                    pause(UNREACHABLE_PAUSE_MS + random.nextInt(UNREACHABLE_PAUSE_MS));
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // a second stop: at once
        }
    }

    private void work() throws NoSideAnswers, InterruptedException {
        if (isStopping()) {
            pauseWhileBusy();
        } else if (isPhoneBusy()) {
            pauseWhileBusy();
        } else if (takeCallEnded()) {
            wrapUp();
        } else if (token == null) {
            logIn();
        } else if (wantsReady) {
            becomeReady();
        } else {
            pause(screen.watched() ? LOOK_MS : HEAL_MIN_MS + random.nextInt(HEAL_MAX_MS - HEAL_MIN_MS));
            look();
        }
    }

    private void logIn() throws NoSideAnswers, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("name", name);
        skillGroups.forEach(body.putArray("skillGroups")::add);
        body.put("phoneUri", phoneUri);
        Reply reply = gateways.post(preference, path("/login"), agentKey, body);
        String fresh = reply.body().path("token").asText("");
        if (reply.isDone() && !fresh.isEmpty()) {
            token = fresh;
            tally.loggedIn.incrementAndGet();
            wantsReady = true;
            lastComplaint = null;
        } else {
            complain("log-in: " + reply.error());
            pause(HEAL_MIN_MS);
        }
    }

    private void wrapUp() throws NoSideAnswers, InterruptedException {
        if (screen.watched()) {
            sayWhatCameOfIt();
        }
        pauseUnlessBusy(habits.wrapUp().draw(random));
        if (screen.leaves()) {
            stop();
        } else {
            wantsReady = true;
        }
    }

    /** The product may learn of the call's end a moment after the phone. */
    private void sayWhatCameOfIt() throws NoSideAnswers, InterruptedException {
        for (int i = 0; i < DISPOSITION_TRIES && !isPhoneBusy(); i++) {
            Reply reply = state();
            if (reply.status() == 401 || reply.status() == 404) {
                forgetSession();
                return;
            }
            if (reply.body().path("call").isObject() && stateIn(reply).equals("WRAP_UP")) {
                screen.disposition(reply.body()).ifPresent(said::add);
                break;
            }
            pauseUnlessBusy(LOOK_MS);
        }
        sayAll();
    }

    /** Sends what he has decided; what nobody hears is said again at the other side. */
    private void sayAll() throws NoSideAnswers, InterruptedException {
        for (Screen.Request request = said.peek(); request != null; request = said.peek()) {
            Reply reply = command(request.path(), request.body());
            said.remove();
            if (reply.isDone()) {
                request.counted().incrementAndGet();
            } else {
                complain(request.path() + ": " + reply.error());
            }
        }
    }

    private void becomeReady() throws NoSideAnswers, InterruptedException {
        wantsReady = false; // tried in vain, it is left to healing
        for (int i = 0; i < READY_TRIES && !isPhoneBusy() && !isStopping(); i++) {
            Reply reply = command("/ready");
            if (reply.status() == 401) {
                forgetSession();
                return;
            }
            if (reply.status() != 409) {
                if (!reply.isDone()) {
                    complain("ready: " + reply.error());
                }
                return;
            }
            if (screen.watched() && stateIn(state()).equals("PREVIEW")) {
                return; // he is ready enough: a contact waits for his word
            }
            pauseUnlessBusy(RETRY_MS);
        }
    }

    /**
     * Answers what is offered, and mends the state when it does not fit the phone: not ready, or in wrap-up though the call has ended and wrap-up was over before: the state missed something. */
    private void look() throws NoSideAnswers, InterruptedException {
        if (isPhoneBusy() || isStopping()) {
            return;
        }
        Reply reply = state();
        if (reply.status() == 401 || reply.status() == 404) {
            forgetSession();
            return;
        }
        synchronized (phone) {
            if (phoneBusy || callEnded) {
                return;
            }
        }
        screen.answer(reply.body(), System.nanoTime()).ifPresent(said::add);
        sayAll();
        switch (stateIn(reply)) {
            case "NOT_READY", "WRAP_UP" -> {
                tally.healed.incrementAndGet();
                wantsReady = true;
            }
            case "LOGGED_OUT" -> {
                tally.healed.incrementAndGet();
                forgetSession();
            }
            default -> {}
        }
    }

    /** Whether the desktop is done: logged out, or it cannot be told to anybody. False when a call came in between. */
    private boolean loggedOut() throws InterruptedException {
        boolean accepted = false;
        int silent = 0;
        for (int i = 0; i < LOGOUT_TRIES && silent < SILENT_TRIES && token != null; i++) {
            if (isPhoneBusy()) {
                return false;
            }
            try {
                Reply reply = accepted ? state() : command("/logout");
                silent = 0;
                accepted |= reply.isDone();
                Reply now = reply.isDone() ? reply : state();
                // An agent who is reserved logs out when he is no longer needed, maybe after a call.
                if (now.status() == 401 || now.status() == 404 || stateIn(now).equals("LOGGED_OUT")) {
                    forgetSession();
                }
            } catch (NoSideAnswers e) {
                silent++;
                complain(e.getMessage());
            }
            if (token != null) {
                pauseUnlessBusy(RETRY_MS);
            }
        }
        return !isPhoneBusy();
    }

    private Reply state() throws NoSideAnswers, InterruptedException {
        String session = token;
        return gateways.get(preference, path(""), session == null ? "" : session);
    }

    private static String stateIn(Reply reply) {
        return reply.body().path("state").asText("");
    }

    private Reply command(String what) throws NoSideAnswers, InterruptedException {
        return command(what, JsonNodeFactory.instance.objectNode());
    }

    private Reply command(String what, ObjectNode body) throws NoSideAnswers, InterruptedException {
        String session = token;
        return gateways.post(preference, path(what), session == null ? "" : session, body);
    }

    private String path(String what) {
        return "/api/agents/" + login + what;
    }

    private void forgetSession() {
        if (token != null) {
            token = null;
            tally.loggedIn.decrementAndGet();
        }
    }

    private void complain(@Nullable String what) {
        if (what != null && !what.equals(lastComplaint)) {
            lastComplaint = what;
            LOG.warn("{}: {}", login, what);
        }
    }

    private boolean isStopping() {
        synchronized (phone) {
            return stopping;
        }
    }

    private boolean isPhoneBusy() {
        synchronized (phone) {
            return phoneBusy;
        }
    }

    private boolean takeCallEnded() {
        synchronized (phone) {
            boolean ended = callEnded;
            callEnded = false;
            return ended;
        }
    }

    private void pauseWhileBusy() throws InterruptedException {
        synchronized (phone) {
            if (phoneBusy) {
                phone.wait(BUSY_LOOK_MS);
            }
        }
    }

    /** Waits that long, or until a call comes or ends, or the agent has to stop. */
    private void pause(int ms) throws InterruptedException {
        waitUntil(System.nanoTime() + ms * 1_000_000L, true);
    }

    /** Waits that long, or until a call comes or the agent has to stop. */
    private void pauseUnlessBusy(int ms) throws InterruptedException {
        waitUntil(System.nanoTime() + ms * 1_000_000L, false);
    }

    private void waitUntil(long endNs, boolean orCallEnds) throws InterruptedException {
        synchronized (phone) {
            boolean stoppingBefore = stopping;
            while (!phoneBusy && !(orCallEnds && callEnded) && stopping == stoppingBefore) {
                long leftMs = (endNs - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    return;
                }
                phone.wait(leftMs);
            }
        }
    }
}
