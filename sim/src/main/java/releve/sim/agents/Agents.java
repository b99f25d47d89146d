package releve.sim.agents;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import releve.sim.journal.Journal;

/**
 * Agents with SIP phones and desktops, and an IVR at {@code sip:ivr@…}, all behind one SIP address. Their journal has the
 * form of the carrier's.
 */
public final class Agents implements AutoCloseable {
    /** The user part of the IVR's URI. */
    public static final String IVR = "ivr";

    private final AgentsConfig config;
    private final Journal journal;
    private final Phones phones;
    private final Gateways gateways;
    private final Tally tally = new Tally();
    private final List<Desktop> desktops = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private Agents(AgentsConfig config, Journal journal) throws IOException {
        this.config = config;
        this.journal = journal;
        this.phones = new Phones(config.listen(), config.seed(), journal, tally);
        this.gateways = new Gateways(config.gateways(), tally);
        phones.add(new Line(IVR, true, Line.Watcher.NOBODY, config.seed(), config.habits()));
        for (int i = 1; i <= config.count(); i++) {
            String login = "agent" + i;
            Desktop desktop = new Desktop(login, "Agent " + i, phones.uriOf(login), config, gateways, tally);
            phones.add(new Line(login, false, desktop, config.seed(), config.habits()));
            desktops.add(desktop);
            threads.add(Thread.ofVirtual().name(login).unstarted(desktop));
        }
        threads.forEach(Thread::start);
    }

    /**
     * Starts the phones, then the desktops, which keep trying to reach the product.
     *
     * @throws IllegalArgumentException when the configuration has violations; the message is the first of them
     * @throws IOException with one sentence when the port or the journal cannot be had
     */
    public static Agents start(AgentsConfig config) throws IOException {
        List<String> violations = config.violations();
        if (!violations.isEmpty()) {
            throw new IllegalArgumentException(violations.getFirst());
        }
        Journal journal = Journal.open(config.journal(), InstantSource.system());
        try {
            return new Agents(config, journal);
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    /** Where the phones listen. */
    public InetSocketAddress address() {
        return phones.address();
    }

    /** How they are doing. */
    public AgentsStatus status() {
        return new AgentsStatus(
                config.count(),
                tally.loggedIn.get(),
                tally.talking.get(),
                tally.answered.get(),
                tally.ivrTalking.get(),
                tally.ivrAnswered.get(),
                tally.offersAnswered.get(),
                tally.dispositions.get(),
                tally.healed.get(),
                tally.failovers.get(),
                tally.unreachable.get(),
                phones.faults());
    }

    /** Whether they still work: the socket is open and the journal is being written. */
    public boolean isHealthy() {
        return phones.isRunning() && journal.failure() == null;
    }

    /** Has each agent log out as soon as his phone is idle; the IVR goes on taking calls. */
    public void stop() {
        desktops.forEach(Desktop::stop);
    }

    /**
     * Waits until all agents have logged out after {@link #stop}, and nobody is in the IVR.
     *
     * @return whether that came about within that time
     */
    public boolean awaitStopped(Duration limit) throws InterruptedException {
        long endNs = System.nanoTime() + limit.toNanos();
        for (Thread thread : threads) {
            Duration left = Duration.ofNanos(Math.max(1, endNs - System.nanoTime()));
            if (!thread.join(left)) {
                return false;
            }
        }
        return tally.ivrTalking.get() == 0;
    }

    /**
     * Stops at once: nobody logs out, live calls are dropped without a word and stay open in the journal.
     *
     * @throws IOException when the journal is not complete
     */
    @Override
    public void close() throws IOException {
        threads.forEach(Thread::interrupt);
        phones.close();
        gateways.close();
        journal.close();
    }
}
