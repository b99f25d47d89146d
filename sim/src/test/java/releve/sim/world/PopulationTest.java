package releve.sim.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class PopulationTest {
    private static final int CALLS = 20_000;

    private static List<Fate> fates(PopulationConfig config) {
        Population people = new Population(42, config);
        List<Fate> fates = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            fates.add(people.fateOf("+1202555" + (10_000 + i), 0));
        }
        return fates;
    }

    private static double share(List<Fate> fates, Predicate<Fate> which) {
        return fates.stream().filter(which).count() / (double) fates.size();
    }

    private static Predicate<Fate> refusedAs(Fate.Refusal refusal) {
        return fate -> fate instanceof Fate.Refused refused && refused.refusal() == refusal;
    }

    @Test
    void shouldGiveTheSameCallTheSameFateWhateverCameBefore() {
        Population one = new Population(7, PopulationConfig.DEFAULT);
        Population other = new Population(7, PopulationConfig.DEFAULT);
        for (int i = 0; i < 500; i++) {
            other.fateOf("+33199001234", i);
        }
        for (int call = 0; call < 20; call++) {
            assertThat(one.fateOf("+12025550100", call)).isEqualTo(other.fateOf("+12025550100", call));
        }
    }

    @Test
    void shouldDifferBySeedNumberAndCall() {
        Population people = new Population(7, PopulationConfig.DEFAULT.with(Shares.ALL_ANSWER));
        Fate fate = people.fateOf("+12025550100", 0);
        assertThat(people.fateOf("+12025550100", 1)).isNotEqualTo(fate);
        assertThat(people.fateOf("+12025550101", 0)).isNotEqualTo(fate);
        assertThat(new Population(8, people.config()).fateOf("+12025550100", 0)).isNotEqualTo(fate);
    }

    @Test
    void shouldKeepTheConfiguredShares() {
        Shares shares = Shares.DEFAULT;
        List<Fate> fates = fates(PopulationConfig.DEFAULT);
        assertThat(share(fates, f -> f instanceof Fate.Answers)).isCloseTo(shares.answer(), within(0.015));
        assertThat(share(fates, refusedAs(Fate.Refusal.BUSY))).isCloseTo(shares.busy(), within(0.01));
        assertThat(share(fates, refusedAs(Fate.Refusal.INVALID))).isCloseTo(shares.invalid(), within(0.01));
        assertThat(share(fates, refusedAs(Fate.Refusal.CONGESTION))).isCloseTo(shares.congestion(), within(0.005));
        assertThat(share(fates, refusedAs(Fate.Refusal.REFUSED))).isCloseTo(shares.refused(), within(0.005));
        assertThat(share(fates, refusedAs(Fate.Refusal.UNAVAILABLE))).isCloseTo(shares.unavailable(), within(0.005));
        assertThat(share(fates, f -> f instanceof Fate.NoAnswer)).isCloseTo(shares.noAnswer(), within(0.015));
    }

    @Test
    void shouldKeepAnInvalidNumberInvalidAtEachCall() {
        Population people = new Population(3, PopulationConfig.DEFAULT.with(new Shares(0.5, 0, 0.5, 0, 0, 0)));
        for (int i = 0; i < 200; i++) {
            String phone = "+4477009" + (10_000 + i);
            boolean invalid = refusedAs(Fate.Refusal.INVALID).test(people.fateOf(phone, 0));
            for (int call = 1; call < 5; call++) {
                assertThat(refusedAs(Fate.Refusal.INVALID).test(people.fateOf(phone, call)))
                        .isEqualTo(invalid);
            }
        }
    }

    @Test
    void shouldKeepTimesWithinTheirEnds() {
        PopulationConfig config = PopulationConfig.DEFAULT.with(Shares.ALL_ANSWER);
        List<Fate> fates = fates(config);
        double meanRingMs = fates.stream()
                .mapToInt(f -> ((Fate.Answers) f).ringMs())
                .average()
                .orElseThrow();
        assertThat(meanRingMs).isCloseTo(config.ring().meanMs(), within(600.0));
        assertThat(fates).allSatisfy(fate -> {
            Fate.Answers answers = (Fate.Answers) fate;
            assertThat(answers.ringMs())
                    .isBetween(config.ring().minMs(), config.ring().maxMs());
            assertThat(answers.patienceMs())
                    .isBetween(config.patience().minMs(), config.patience().maxMs());
            if (answers.talkMs() != Fate.UNTIL_AGENT_ENDS) {
                assertThat(answers.talkMs())
                        .isBetween(config.talk().minMs(), config.talk().maxMs());
            }
        });
        assertThat(share(fates, f -> ((Fate.Answers) f).talkMs() == Fate.UNTIL_AGENT_ENDS))
                .isCloseTo(1 - config.customerEnds(), within(0.015));
        assertThat(share(fates, f -> f.progress().kind() == Progress.Kind.EARLY_MEDIA))
                .isCloseTo(config.earlyMedia(), within(0.01));
        assertThat(share(fates, f -> f.progress().delayMs() > 0)).isCloseTo(config.slowRinging(), within(0.01));
    }

    @Test
    void shouldLiveFasterWithTheSameFates() {
        PopulationConfig fast = PopulationConfig.DEFAULT.with(Shares.ALL_ANSWER).times(0.1);
        assertThat(fast.violations()).isEmpty();
        Fate.Answers slow = (Fate.Answers)
                new Population(1, PopulationConfig.DEFAULT.with(Shares.ALL_ANSWER)).fateOf("+12025550100", 0);
        Fate.Answers quick = (Fate.Answers) new Population(1, fast).fateOf("+12025550100", 0);
        assertThat((double) quick.ringMs()).isCloseTo(slow.ringMs() / 10.0, within(1.0));
    }

    @Test
    void shouldSayInOneSentenceWhatIsWrong() {
        assertThat(PopulationConfig.DEFAULT.violations()).isEmpty();
        PopulationConfig wrong = PopulationConfig.DEFAULT
                .with(new Shares(0.9, 0.2, 0, 0, 0, 0))
                .withRing(new Spread(10, 20, 30))
                .withCustomerEnds(1.5);
        assertThat(wrong.violations())
                .containsExactly(
                        "The rates of answer, busy, invalid, congestion, refused and unavailable add up to 1.100, above 1.",
                        "The ring time needs 0 <= shortest <= mean <= longest <= 86400000 ms, not 20, 10 and 30.",
                        "The share of talks that the customer ends is a share from 0 to 1, not 1.5.");
        assertThat(new Shares(Double.NaN, 0, 0, 0, 0, 0).violations()).hasSize(1);
        assertThatThrownBy(() -> new Population(1, wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("The rates of");
    }

    @Test
    void shouldDrawAConstantWhenTheSpreadIsNone() {
        assertThat(Spread.always(1234).draw(new SplittableRandom(9))).isEqualTo(1234);
    }
}
