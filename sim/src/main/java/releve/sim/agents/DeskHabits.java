package releve.sim.agents;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import releve.sim.world.Spread;

/**
 * How agents treat what their screens show; all shares 0 to 1. What the shares of offers leave of 1 is accepted, and what
 * the shares of calls leave is done.
 *
 * @param watches whether they look at the screen at all; without, they only take calls
 * @param think from an offer to the answer
 * @param skip share of offers that are skipped
 * @param reject share of offers that are rejected
 * @param close share of offers that are closed, half by skipping and half by rejecting
 * @param ignore share of offers whose time runs out
 * @param callback share of calls after which a callback is promised
 * @param personal share of those promises that the agent keeps himself
 * @param callbackIn from the promise to its time
 * @param wrongNumber share of calls to a wrong number
 * @param notHome share of calls that somebody else answered
 * @param doNotCall share of customers who want no further call
 */
public record DeskHabits(
        boolean watches,
        Spread think,
        double skip,
        double reject,
        double close,
        double ignore,
        double callback,
        double personal,
        Spread callbackIn,
        double wrongNumber,
        double notHome,
        double doNotCall) {
    /** They do not look. */
    public static final DeskHabits BLIND = new DeskHabits(
            false, new Spread(4_000, 800, 20_000), 0, 0, 0, 0, 0, 0, new Spread(60_000, 10_000, 300_000), 0, 0, 0);

    /** They look, take 4 s to decide, accept every offer and are done with every call. */
    public static final DeskHabits WILLING =
            new DeskHabits(true, BLIND.think(), 0, 0, 0, 0, 0, 0, BLIND.callbackIn(), 0, 0, 0);

    public DeskHabits withThink(Spread newThink) {
        return new DeskHabits(
                watches,
                newThink,
                skip,
                reject,
                close,
                ignore,
                callback,
                personal,
                callbackIn,
                wrongNumber,
                notHome,
                doNotCall);
    }

    /** The same agents, who answer offers otherwise. */
    public DeskHabits withOffers(double newSkip, double newReject, double newClose, double newIgnore) {
        return new DeskHabits(
                watches,
                think,
                newSkip,
                newReject,
                newClose,
                newIgnore,
                callback,
                personal,
                callbackIn,
                wrongNumber,
                notHome,
                doNotCall);
    }

    /** The same agents, who promise other callbacks. */
    public DeskHabits withCallbacks(double newCallback, double newPersonal, Spread newCallbackIn) {
        return new DeskHabits(
                watches,
                think,
                skip,
                reject,
                close,
                ignore,
                newCallback,
                newPersonal,
                newCallbackIn,
                wrongNumber,
                notHome,
                doNotCall);
    }

    /** The same agents, who have other people at the phone. */
    public DeskHabits withPeople(double newWrongNumber, double newNotHome, double newDoNotCall) {
        return new DeskHabits(
                watches,
                think,
                skip,
                reject,
                close,
                ignore,
                callback,
                personal,
                callbackIn,
                newWrongNumber,
                newNotHome,
                newDoNotCall);
    }

    /** The same agents with all times multiplied. */
    public DeskHabits times(double factor) {
        return withThink(think.times(factor)).withCallbacks(callback, personal, callbackIn.times(factor));
    }

    OfferAnswer answer(SplittableRandom random) {
        double drawn = random.nextDouble();
        double upTo = skip;
        if (drawn < upTo) {
            return OfferAnswer.SKIP;
        }
        upTo += reject;
        if (drawn < upTo) {
            return OfferAnswer.REJECT;
        }
        upTo += close;
        if (drawn < upTo) {
            return drawn < upTo - close / 2 ? OfferAnswer.SKIP_CLOSE : OfferAnswer.REJECT_CLOSE;
        }
        return drawn < upTo + ignore ? OfferAnswer.WAIT : OfferAnswer.ACCEPT;
    }

    Verdict verdict(SplittableRandom random, boolean mayBePersonal) {
        double drawn = random.nextDouble();
        boolean himself = random.nextDouble() < personal && mayBePersonal;
        int inSeconds = Math.max(1, callbackIn.draw(random) / 1_000);
        if (drawn < callback) {
            return Verdict.callback(inSeconds, himself);
        }
        double upTo = callback + wrongNumber;
        if (drawn < upTo) {
            return Verdict.of(Verdict.WRONG_NUMBER);
        }
        upTo += notHome;
        if (drawn < upTo) {
            return Verdict.of(Verdict.NOT_HOME);
        }
        return Verdict.of(drawn < upTo + doNotCall ? Verdict.DO_NOT_CALL : Verdict.DONE);
    }

    List<String> violations() {
        List<String> found = new ArrayList<>();
        think.violation("time to think").ifPresent(found::add);
        callbackIn.violation("time to a callback").ifPresent(found::add);
        for (double share : List.of(skip, reject, close, ignore, callback, personal, wrongNumber, notHome, doNotCall)) {
            if (!(share >= 0 && share <= 1)) {
                found.add("What agents decide are shares from 0 to 1, not %s.".formatted(share));
            }
        }
        if (found.isEmpty() && skip + reject + close + ignore > 1) {
            found.add("The shares of offers skipped, rejected, closed and ignored add up to more than 1.");
        }
        if (found.isEmpty() && callback + wrongNumber + notHome + doNotCall > 1) {
            found.add("The shares of callbacks, wrong numbers, not home and do not call add up to more than 1.");
        }
        return found;
    }
}
