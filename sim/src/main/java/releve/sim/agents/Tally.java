package releve.sim.agents;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What phones and desktops count, from any thread. */
final class Tally {
    final AtomicInteger loggedIn = new AtomicInteger();
    final AtomicLong talking = new AtomicLong();
    final AtomicLong answered = new AtomicLong();
    final AtomicLong ivrTalking = new AtomicLong();
    final AtomicLong ivrAnswered = new AtomicLong();
    final AtomicLong offersAnswered = new AtomicLong();
    final AtomicLong dispositions = new AtomicLong();
    final AtomicLong healed = new AtomicLong();
    final AtomicLong failovers = new AtomicLong();
    final AtomicLong unreachable = new AtomicLong();
}
