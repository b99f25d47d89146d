package releve.sim.world;

import java.util.ArrayList;
import java.util.List;

/**
 * How the people behave who are called.
 *
 * @param shares how calls end
 * @param ring from ringing to the answer
 * @param refusal from the call to busy, invalid, congestion, refused, unavailable
 * @param talk from the connection with an agent (the first re-INVITE) to the customer's hanging up
 * @param patience from the answer to hanging up when no agent came
 * @param customerEnds share of talks that the customer ends; the others wait for the agent to hang up
 * @param earlyMedia share of ringing calls announced by 183 with a session description instead of 180
 * @param slowRinging share of ringing calls whose first word comes late
 * @param slow how late
 */
public record PopulationConfig(
        Shares shares,
        Spread ring,
        Spread refusal,
        Spread talk,
        Spread patience,
        double customerEnds,
        double earlyMedia,
        double slowRinging,
        Spread slow) {

    /** The demo's people: {@link Shares#DEFAULT}, 8 s of ringing, 20 s of talk, a minute at most, 15 s of patience. */
    public static final PopulationConfig DEFAULT = new PopulationConfig(
            Shares.DEFAULT,
            new Spread(8_000, 2_000, 25_000),
            new Spread(1_200, 200, 6_000),
            new Spread(20_000, 3_000, 60_000),
            new Spread(15_000, 4_000, 60_000),
            0.6,
            0.08,
            0.05,
            new Spread(3_000, 1_500, 8_000));

    public PopulationConfig with(Shares newShares) {
        return new PopulationConfig(
                newShares, ring, refusal, talk, patience, customerEnds, earlyMedia, slowRinging, slow);
    }

    public PopulationConfig withRing(Spread newRing) {
        return new PopulationConfig(
                shares, newRing, refusal, talk, patience, customerEnds, earlyMedia, slowRinging, slow);
    }

    public PopulationConfig withTalk(Spread newTalk) {
        return new PopulationConfig(
                shares, ring, refusal, newTalk, patience, customerEnds, earlyMedia, slowRinging, slow);
    }

    public PopulationConfig withPatience(Spread newPatience) {
        return new PopulationConfig(
                shares, ring, refusal, talk, newPatience, customerEnds, earlyMedia, slowRinging, slow);
    }

    /** The same people with another share of talks that the customer ends. @param newCustomerEnds share, 0 to 1 */
    public PopulationConfig withCustomerEnds(double newCustomerEnds) {
        return new PopulationConfig(
                shares, ring, refusal, talk, patience, newCustomerEnds, earlyMedia, slowRinging, slow);
    }

    /** The same people with another share of early media. @param newEarlyMedia share, 0 to 1 */
    public PopulationConfig withEarlyMedia(double newEarlyMedia) {
        return new PopulationConfig(
                shares, ring, refusal, talk, patience, customerEnds, newEarlyMedia, slowRinging, slow);
    }

    /** The same people with another share of slow ringing. @param newSlowRinging share, 0 to 1 */
    public PopulationConfig withSlowRinging(double newSlowRinging) {
        return new PopulationConfig(
                shares, ring, refusal, talk, patience, customerEnds, earlyMedia, newSlowRinging, slow);
    }

    /** The same people with all times multiplied: 0.1 lives ten times as fast. */
    public PopulationConfig times(double factor) {
        return new PopulationConfig(
                shares,
                ring.times(factor),
                refusal.times(factor),
                talk.times(factor),
                patience.times(factor),
                customerEnds,
                earlyMedia,
                slowRinging,
                slow.times(factor));
    }

    /** What is wrong with it, each in one sentence; empty when it can be used. */
    public List<String> violations() {
        List<String> found = new ArrayList<>(shares.violations());
        ring.violation("ring time").ifPresent(found::add);
        refusal.violation("refusal time").ifPresent(found::add);
        talk.violation("talk time").ifPresent(found::add);
        patience.violation("patience").ifPresent(found::add);
        slow.violation("slow ringing").ifPresent(found::add);
        Spread.check(customerEnds, "share of talks that the customer ends", found);
        Spread.check(earlyMedia, "share of early media", found);
        Spread.check(slowRinging, "share of slow ringing", found);
        return found;
    }
}
