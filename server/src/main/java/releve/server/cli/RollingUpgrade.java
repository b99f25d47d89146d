package releve.server.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import releve.core.common.Side;
import releve.server.store.OperatorStore.Answer;
import releve.server.store.OperatorStore.Verb;

/**
 * Takes both sides of a pair to another program, one after the other, the one that stands by first: so the right to dial moves
 * once. Each side goes through
 *
 * <pre>
 *   fit pair ──▶ maintenance ──▶ stopped with status 0 ──▶ exchanged ──▶ started ──▶ standby, fit, for a while ──▶ next side
 *        │            │                  │                     │            │                  │
 *        └────────────┴──────────────────┴─────────────────────┴────────────┴──────────────────┴──▶ ends with one sentence
 * </pre>
 *
 * and whatever is not as it should be ends the upgrade there, with the other side in service. Begun again, it goes on with the side
 * that has not been done.
 */
final class RollingUpgrade {
    static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /** What the upgrade sees and does; time passes only in {@link #pause}. */
    interface Pair {
        /** Both sides, as their heartbeats show them now. */
        List<SideReport> sides();

        /** Asks a side. @throws Refusal when it does not answer */
        Answer ask(Side side, Verb verb) throws InterruptedException;

        /** Exchanges the program of a side that has stopped, and starts it. @return the exit status of the command that does so */
        int exchange(Side side) throws IOException, InterruptedException;

        void pause(Duration length) throws InterruptedException;
    }

    private final Pair pair;
    private final String version;
    private final Duration startLimit;
    private final Duration settle;
    private final Consumer<String> say;

    /**
     * An upgrade that has not begun.
     *
     * @param version what both sides should run afterwards; empty to take what is started
     * @param startLimit how long an exchanged side may take until it is a fit standby
     * @param settle for how long it has to stay one before the other side is taken
     * @param say takes each step, a sentence
     */
    RollingUpgrade(Pair pair, String version, Duration startLimit, Duration settle, Consumer<String> say) {
        this.pair = pair;
        this.version = version;
        this.startLimit = startLimit;
        this.settle = settle;
        this.say = say;
    }

    /** Says what would be done, in order. @throws Refusal when it would not be begun */
    void plan() throws InterruptedException {
        int step = 1;
        for (Side side : order()) {
            SideReport now = report(side);
            if (isDone(now)) {
                say.accept("%d. side %s runs %s already: nothing is done to it.".formatted(step, side, now.version()));
            } else {
                Answer answer = pair.ask(side, Verb.MAINTENANCE_DRY_RUN);
                String doubt = answer.accepted() ? "" : "; now it would be refused";
                say.accept(
                        "%d. side %s, %s with %s: maintenance until it has stopped, exchange, start, fit standby for %s%s."
                                .formatted(
                                        step,
                                        side,
                                        now.phase(),
                                        orUnknown(now.version()),
                                        Times.length(settle),
                                        doubt));
            }
            step++;
        }
    }

    /** Does it. @throws Refusal with what went wrong, and who dials, when it ends before both sides are done */
    void run() throws IOException, InterruptedException {
        for (Side side : order()) {
            SideReport now = report(side);
            if (isDone(now)) {
                say.accept("side %s runs %s already".formatted(side, now.version()));
            } else {
                upgrade(now);
            }
        }
    }

    private void upgrade(SideReport before) throws IOException, InterruptedException {
        Side side = before.side();
        order();
        Answer answer = pair.ask(side, Verb.MAINTENANCE_START);
        if (!answer.accepted()) {
            throw ended(side, "its maintenance is refused: " + answer.text());
        }
        say.accept("side %s: maintenance, %s with %s until now"
                .formatted(side, before.phase(), orUnknown(before.version())));
        awaitStop(before);
        if (!report(side.other()).phase().equals("active")) {
            throw ended(side, "it has stopped, but the other side does not dial");
        }
        say.accept("side %s: stopped with status 0; its program is exchanged and started".formatted(side));
        int status = pair.exchange(side);
        if (status != 0) {
            throw ended(side, "the command that exchanges and starts its program ended with status " + status);
        }
        SideReport after = awaitStandby(before);
        if (!version.isEmpty() && !after.version().equals(version)) {
            throw ended(side, "it runs %s after the exchange, not %s".formatted(orUnknown(after.version()), version));
        }
        say.accept("side %s: standby with %s, fit to take over".formatted(side, orUnknown(after.version())));
    }

    private void awaitStop(SideReport before) throws InterruptedException {
        boolean begun = false;
        while (true) {
            SideReport now = report(before.side());
            if (!now.instance().equals(before.instance())) {
                throw ended(before.side(), "somebody else started it while its maintenance went on");
            }
            // A last heartbeat says 'stopped' a moment before the process enters its end, with the status.
            if (now.phase().equals("stopped") && now.isAtRest()) {
                if (now.exitStatus() == null || now.exitStatus() != 0) {
                    throw ended(
                            before.side(), "it stopped with status %s: %s".formatted(now.exitStatus(), now.reason()));
                }
                return;
            }
            boolean inService = now.phase().equals("active") || now.phase().equals("standby");
            if (now.isAtRest() || begun && inService) {
                throw ended(before.side(), "its maintenance did not end in a stop: " + now.reason());
            }
            begun |= !inService;
            pair.pause(LOOK_EVERY);
        }
    }

    /** Waits until the side is back as a standby that could take over, and has stayed so. */
    private SideReport awaitStandby(SideReport before) throws InterruptedException {
        Duration waited = Duration.ZERO;
        Duration fitFor = Duration.ZERO;
        while (true) {
            SideReport now = report(before.side());
            boolean fit = !now.instance().equals(before.instance()) && isFitStandby(now);
            if (fit && fitFor.compareTo(settle) >= 0) {
                return now;
            }
            if (!fit && waited.compareTo(startLimit) >= 0) {
                throw ended(
                        before.side(),
                        "it was no fit standby %s after its start: %s"
                                .formatted(Times.length(startLimit), trouble(now)));
            }
            if (!report(before.side().other()).phase().equals("active")) {
                throw ended(before.side(), "the other side no longer dials");
            }
            fitFor = fit ? fitFor.plus(LOOK_EVERY) : Duration.ZERO;
            waited = waited.plus(LOOK_EVERY);
            pair.pause(LOOK_EVERY);
        }
    }

    /** The sides, the standby first. @throws Refusal when they are not an active one and a fit standby */
    private List<Side> order() {
        List<SideReport> sides = pair.sides();
        boolean active =
                sides.stream().anyMatch(each -> each.running() && each.phase().equals("active"));
        boolean standby = sides.stream().anyMatch(RollingUpgrade::isFitStandby);
        if (!active || !standby) {
            String who = String.join(
                    ", ",
                    sides.stream()
                            .map(each -> "side " + each.side() + " is " + trouble(each))
                            .toList());
            throw new Refusal(
                    "an upgrade needs one side that dials and one fit to take over, and %s; see 'releve status'."
                            .formatted(who));
        }
        return sides.stream()
                .sorted(Comparator.comparing((SideReport each) -> each.phase().equals("active")))
                .map(SideReport::side)
                .toList();
    }

    private Refusal ended(Side side, String why) {
        SideReport other = report(side.other());
        String rest = other.running()
                ? "side %s is %s with %s".formatted(other.side(), other.phase(), orUnknown(other.version()))
                : "side %s does not run either".formatted(other.side());
        return new Refusal("the upgrade ends at side %s: %s; %s. Mend side %s and begin the upgrade again."
                .formatted(side, stripped(why), rest, side));
    }

    private SideReport report(Side side) {
        return pair.sides().stream()
                .filter(each -> each.side() == side)
                .findFirst()
                .orElseThrow();
    }

    private boolean isDone(SideReport now) {
        return !version.isEmpty() && now.running() && now.version().equals(version);
    }

    private static boolean isFitStandby(SideReport side) {
        return side.running() && side.phase().equals("standby") && side.ready();
    }

    private static String trouble(SideReport side) {
        String phase = side.phase();
        if (phase.equals("standby") && !side.ready()) {
            return "standby, but not ready: " + stripped(String.valueOf(side.notReadyReason()));
        }
        return side.running() ? phase : "%s (%s)".formatted(phase, stripped(side.reason()));
    }

    private static String stripped(String sentence) {
        String text = sentence.strip();
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private static String orUnknown(String version) {
        return version.isEmpty() ? "a version unknown" : version;
    }
}
