package releve.sip.trunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import releve.sip.transaction.Hop;

/** The choice of a gateway, and what gateways' answers do to it. */
class TrunkTest {
    private static final List<Hop> HOPS =
            List.of(Hop.udp(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 5060)));

    private long nowMs = 5_000;

    private static GatewayConfig gateway(String name, int priority, int weight) {
        return new GatewayConfig(name, "sip:" + name + ".example.com", priority, weight, 1_000, 100);
    }

    private Trunk trunk(GatewayConfig... gateways) {
        return trunk(1_000, 1_000, gateways);
    }

    private Trunk trunk(double callsPerSecond, int ports, GatewayConfig... gateways) {
        return new Trunk(
                new TrunkConfig(
                        "carrier",
                        List.of(gateways),
                        callsPerSecond,
                        ports,
                        Optional.empty(),
                        Probing.DEFAULT,
                        CallSettings.PLAIN),
                new SplittableRandom(3),
                nowMs);
    }

    private Trunk up(Trunk trunk) {
        for (GatewayConfig gateway : trunk.config().gateways()) {
            trunk.located(gateway.name(), HOPS, nowMs);
            trunk.probeAnswered(gateway.name(), 200, 0, nowMs);
        }
        tasks(trunk);
        return trunk;
    }

    private List<TrunkTask> tasks(Trunk trunk) {
        trunk.advance(nowMs);
        List<TrunkTask> tasks = new ArrayList<>();
        for (TrunkTask task = trunk.nextTask(); task != null; task = trunk.nextTask()) {
            tasks.add(task);
        }
        return tasks;
    }

    private String chosen(Trunk trunk) {
        return switch (trunk.choose(nowMs)) {
            case Choice.Chosen chosen -> chosen.gateway();
            case Choice.Refused refused -> refused.refusal().name();
        };
    }

    private GatewayState state(Trunk trunk, int index) {
        return trunk.view(nowMs).gateways().get(index).state();
    }

    @Test
    void shouldGiveNoCallToAGatewayNobodyHasHeardOf() {
        Trunk trunk = trunk(gateway("a", 0, 1));
        assertThat(tasks(trunk)).containsExactly(new TrunkTask.Locate("a", "sip:a.example.com"));
        assertThat(chosen(trunk)).isEqualTo("NOT_UP");
        trunk.located("a", HOPS, nowMs);
        assertThat(tasks(trunk)).containsExactly(new TrunkTask.Probe("a", "sip:a.example.com", HOPS));
        assertThat(chosen(trunk)).isEqualTo("NOT_UP");
        trunk.probeAnswered("a", 404, 0, nowMs);
        assertThat(chosen(trunk)).as("any answer says that it is there").isEqualTo("a");
    }

    @Test
    void shouldUseHigherPriorityNumbersOnlyWhenNoLowerOneTakesACall() {
        Trunk trunk = up(trunk(gateway("second", 2, 9), gateway("first", 1, 1)));
        for (int i = 0; i < 100; i++) {
            nowMs++;
            assertThat(chosen(trunk)).isEqualTo("first");
        }
        assertThat(chosen(trunk)).as("all 100 ports of the first are taken").isEqualTo("second");
        trunk.ended("first");
        assertThat(chosen(trunk)).isEqualTo("first");
    }

    @Test
    void shouldShareCallsByWeight() {
        Trunk trunk = up(trunk(gateway("a", 0, 1), gateway("b", 0, 3)));
        int toA = 0;
        for (int i = 0; i < 4_000; i++) {
            nowMs += 10;
            String gateway = chosen(trunk);
            toA += gateway.equals("a") ? 1 : 0;
            trunk.ended(gateway);
        }
        assertThat(toA).isBetween(850, 1_150);
    }

    @Test
    void shouldGoDownAfterThreeUnansweredProbesAndUpAfterTwoAnswers() {
        Trunk trunk = up(trunk(gateway("a", 0, 1)));
        for (int i = 0; i < 3; i++) {
            assertThat(state(trunk, 0)).isEqualTo(GatewayState.UP);
            nowMs += 2_000;
            tasks(trunk);
        }
        assertThat(state(trunk, 0)).isEqualTo(GatewayState.DOWN);
        assertThat(trunk.standing(nowMs)).isEqualTo(new TrunkStanding.Down("it does not answer"));
        assertThat(chosen(trunk)).isEqualTo("NOT_UP");
        trunk.probeAnswered("a", 200, 0, nowMs);
        assertThat(state(trunk, 0)).isEqualTo(GatewayState.DOWN);
        nowMs += 2_000;
        tasks(trunk);
        trunk.probeAnswered("a", 200, 0, nowMs);
        assertThat(state(trunk, 0)).isEqualTo(GatewayState.UP);
    }

    @Test
    void shouldStayUpWhenEveryOtherProbeIsLost() {
        Trunk trunk = up(trunk(gateway("a", 0, 1)));
        for (int i = 0; i < 50; i++) {
            nowMs += 2_000;
            tasks(trunk);
            if (i % 2 == 0) {
                trunk.probeAnswered("a", 200, 0, nowMs);
            }
            assertThat(state(trunk, 0)).isEqualTo(GatewayState.UP);
        }
    }

    @Test
    void shouldGoDownAtOnceWhenTheNetworkRefuses() {
        Trunk trunk = up(trunk(gateway("a", 0, 1), gateway("b", 1, 1)));
        assertThat(chosen(trunk)).isEqualTo("a");
        trunk.outcome("a", CallOutcome.of(503, "as it is", 0, true), nowMs);
        assertThat(state(trunk, 0)).isEqualTo(GatewayState.DOWN);
        assertThat(chosen(trunk)).isEqualTo("b");
    }

    @Test
    void shouldCountCallsWithoutAnyAnswerAsFailedProbes() {
        Trunk trunk = up(trunk(gateway("a", 0, 1)));
        for (int i = 0; i < 3; i++) {
            trunk.outcome("a", CallOutcome.of(408, "as it is", 0, true), nowMs);
        }
        assertThat(state(trunk, 0)).isEqualTo(GatewayState.DOWN);
    }

    @Test
    void shouldLeaveAGatewayInPeaceForItsRetryAfter() {
        Trunk trunk = up(trunk(gateway("a", 0, 1), gateway("b", 1, 1)));
        trunk.outcome("a", CallOutcome.of(503, "as it is", 30, false), nowMs);
        assertThat(chosen(trunk)).isEqualTo("b");
        trunk.outcome("b", CallOutcome.of(503, "as it is", 10, false), nowMs);
        assertThat(trunk.choose(nowMs)).isEqualTo(new Choice.Refused(Refusal.RESTING, nowMs + 10_000));
        nowMs += 10_000;
        assertThat(chosen(trunk)).isEqualTo("b");
        nowMs += 20_000;
        assertThat(chosen(trunk)).isEqualTo("a");
    }

    @Test
    void shouldBackOffLongerForEach503WithoutRetryAfter() {
        Trunk trunk = up(trunk(gateway("a", 0, 1)));
        for (long restMs : new long[] {1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000}) {
            trunk.outcome("a", CallOutcome.of(503, "as it is", 0, false), nowMs);
            assertThat(trunk.choose(nowMs)).isEqualTo(new Choice.Refused(Refusal.RESTING, nowMs + restMs));
            nowMs += restMs;
        }
        trunk.outcome("a", CallOutcome.of(486, "as it is", 0, false), nowMs);
        trunk.outcome("a", CallOutcome.of(503, "as it is", 0, false), nowMs);
        assertThat(trunk.choose(nowMs))
                .as("a call that was served ends the back-off")
                .isEqualTo(new Choice.Refused(Refusal.RESTING, nowMs + 1_000));
    }

    @Test
    void shouldTakeA503WithoutRetryAfterForTheCallsOwn() {
        Trunk trunk = up(trunk(gateway("a", 0, 1)));
        for (int call = 0; call < 100; call++) {
            boolean refused = call % 10 == 5;
            trunk.outcome("a", CallOutcome.of(refused ? 503 : 486, "as it is", 0, false), nowMs);
            assertThat(chosen(trunk)).as("after call " + call).isEqualTo("a");
            nowMs += 50;
        }
    }

    @Test
    void shouldRestAGatewayThatServesTooFewOfItsCalls() {
        Trunk trunk = up(trunk(gateway("a", 0, 1)));
        trunk.outcome("a", CallOutcome.of(486, "as it is", 0, false), nowMs);
        List<String> after = new ArrayList<>();
        for (int call = 0; call < 6; call++) {
            trunk.outcome("a", CallOutcome.of(call % 2 == 0 ? 503 : 486, "as it is", 0, false), nowMs);
            after.add(chosen(trunk));
        }
        assertThat(after).containsExactly("a", "a", "a", "a", "RESTING", "RESTING");
    }

    @Test
    void shouldNotBelieveARetryAfterOfDays() {
        Trunk trunk = up(trunk(gateway("a", 0, 1)));
        trunk.outcome("a", CallOutcome.of(503, "as it is", 1_000_000, false), nowMs);
        assertThat(trunk.choose(nowMs)).isEqualTo(new Choice.Refused(Refusal.RESTING, nowMs + 3_600_000));
    }

    @Test
    void shouldKeepToTheCallsPerSecondOfTrunkAndGateway() {
        Trunk trunk = up(trunk(1, 10, gateway("a", 0, 1)));
        assertThat(chosen(trunk)).isEqualTo("a");
        assertThat(trunk.choose(nowMs)).isEqualTo(new Choice.Refused(Refusal.RATE, nowMs + 1_000));
        nowMs += 1_000;
        assertThat(chosen(trunk)).isEqualTo("a");
        Trunk slowGateway = up(trunk(100, 100, new GatewayConfig("a", "sip:a.example.com", 0, 1, 2, 100)));
        int taken = 0;
        for (int ms = 0; ms < 10_000; ms += 10) {
            nowMs += 10;
            taken += chosen(slowGateway).equals("a") ? 1 : 0;
        }
        assertThat(taken).isBetween(20, 21);
    }

    @Test
    void shouldKeepToThePortsOfTheTrunk() {
        Trunk trunk = up(trunk(1_000, 2, gateway("a", 0, 1), gateway("b", 0, 1)));
        chosen(trunk);
        String last = chosen(trunk);
        assertThat(trunk.choose(nowMs)).isEqualTo(new Choice.Refused(Refusal.PORTS, Long.MAX_VALUE));
        assertThat(trunk.view(nowMs).usable()).isFalse();
        assertThat(trunk.view(nowMs).reason()).isEqualTo("all ports are taken");
        trunk.ended(last);
        assertThat(trunk.view(nowMs).usable()).isTrue();
        assertThat(trunk.view(nowMs).calls()).isEqualTo(1);
    }

    @Test
    void shouldSearchTheOutboundProxyInsteadOfTheGateway() {
        Trunk trunk = new Trunk(
                new TrunkConfig(
                        "carrier",
                        List.of(gateway("a", 0, 1)),
                        10,
                        10,
                        Optional.of("sip:proxy.example.com;lr"),
                        Probing.DEFAULT,
                        CallSettings.PLAIN),
                new SplittableRandom(3),
                nowMs);
        assertThat(tasks(trunk)).containsExactly(new TrunkTask.Locate("a", "sip:proxy.example.com;lr"));
    }

    @Test
    void shouldKeepAGatewaysHopsWhenTheDnsFailsLater() {
        Trunk trunk = up(trunk(gateway("a", 0, 1)));
        trunk.nowhere("a", "the DNS did not answer in time", nowMs);
        assertThat(chosen(trunk)).isEqualTo("a");
        Trunk unknown = trunk(gateway("a", 0, 1));
        unknown.nowhere("a", "the DNS has no address for it", nowMs);
        assertThat(unknown.standing(nowMs)).isEqualTo(new TrunkStanding.Down("the DNS has no address for it"));
    }

    @Test
    void shouldTakeUnprobedGatewaysForUpUntilCallsShowTheContrary() {
        Trunk trunk = new Trunk(
                new TrunkConfig(
                        "carrier",
                        List.of(gateway("a", 0, 1)),
                        10,
                        10,
                        Optional.empty(),
                        new Probing(0, 3, 2),
                        CallSettings.PLAIN),
                new SplittableRandom(3),
                nowMs);
        trunk.located("a", HOPS, nowMs);
        assertThat(tasks(trunk)).containsExactly(new TrunkTask.Locate("a", "sip:a.example.com"));
        assertThat(chosen(trunk)).isEqualTo("a");
    }

    @Test
    void shouldSayWhatIsWrongWithAConfiguration() {
        assertThatThrownBy(() -> new GatewayConfig("a", "sip:a", 0, 0, 1, 1))
                .hasMessage("of the gateway a, the weight must be 1 to 65535");
        assertThatThrownBy(() -> trunk(gateway("a", 0, 1), gateway("a", 0, 1)))
                .hasMessage("the trunk carrier has two gateways named a");
    }

    @Test
    void shouldGiveACallTheNextGatewayWhenOneHasFailedIt() {
        Trunk trunk = up(trunk(gateway("a", 0, 1), gateway("b", 1, 1)));
        assertThat(chosen(trunk)).isEqualTo("a");
        trunk.outcome("a", CallOutcome.of(408, "Request Timeout", 0, true), nowMs);
        assertThat(trunk.choose(Set.of("a"), nowMs))
                .isInstanceOfSatisfying(
                        Choice.Chosen.class, next -> assertThat(next.gateway()).isEqualTo("b"));
        assertThat(trunk.choose(Set.of("a", "b"), nowMs)).isEqualTo(new Choice.Refused(Refusal.NOT_UP, Long.MAX_VALUE));
    }

    @Test
    void shouldTakeCallsAsLongAsOneGatewayDoes() {
        Trunk trunk = up(trunk(gateway("a", 0, 1), gateway("b", 1, 1)));
        trunk.outcome("a", CallOutcome.of(503, "Service Unavailable", 30, false), nowMs);
        assertThat(trunk.standing(nowMs)).isEqualTo(new TrunkStanding.Usable());
        trunk.outcome("b", CallOutcome.of(503, "Service Unavailable", 10, false), nowMs);
        assertThat(trunk.standing(nowMs))
                .isEqualTo(new TrunkStanding.Resting(nowMs + 10_000, "it answered 503 and is left in peace"));
        assertThat(trunk.nextRestEndMs(nowMs)).isEqualTo(nowMs + 10_000);
        trunk.outcome("b", CallOutcome.of(503, "no route", 0, true), nowMs);
        assertThat(trunk.standing(nowMs))
                .as("a gateway that rests comes back by itself, one that is down may not")
                .isEqualTo(new TrunkStanding.Resting(nowMs + 30_000, "it answered 503 and is left in peace"));
    }

    @Test
    void shouldNameEveryGatewayThatTakesNoCalls() {
        Trunk trunk = up(trunk(gateway("a", 0, 1), gateway("b", 1, 1)));
        trunk.outcome("a", CallOutcome.of(503, "no route", 0, true), nowMs);
        trunk.outcome("b", CallOutcome.of(407, "Proxy Authentication Required", 0, false), nowMs);
        assertThat(trunk.standing(nowMs))
                .isEqualTo(new TrunkStanding.Down(
                        "a: it cannot be reached, b: it refuses our calls: 407 Proxy" + " Authentication Required"));
    }

    @Test
    void shouldTakeARefusalOfWhoWeAreForTheTrunksAndTryOneCallAtATimeThen() {
        Trunk trunk = up(trunk(gateway("a", 0, 1)));
        chosen(trunk);
        trunk.outcome("a", CallOutcome.of(401, "Unauthorized", 0, false), nowMs);
        trunk.ended("a");
        assertThat(trunk.isDenying("a")).isTrue();
        assertThat(trunk.standing(nowMs)).isEqualTo(new TrunkStanding.Down("it refuses our calls: 401 Unauthorized"));
        nowMs += 1_000;
        assertThat(trunk.standing(nowMs)).isEqualTo(new TrunkStanding.Usable());
        assertThat(chosen(trunk)).isEqualTo("a");
        assertThat(chosen(trunk)).as("one call shows whether it still refuses").isEqualTo("RESTING");
        assertThat(trunk.standing(nowMs)).isInstanceOf(TrunkStanding.Down.class);
        trunk.outcome("a", CallOutcome.of(180, "Ringing", 0, false), nowMs);
        assertThat(trunk.standing(nowMs)).isEqualTo(new TrunkStanding.Usable());
        assertThat(chosen(trunk)).isEqualTo("a");
    }

    @Test
    void shouldTakeASingle403ForTheNumbersOnceTheGatewayHasServed() {
        Trunk trunk = up(trunk(gateway("a", 0, 1)));
        trunk.outcome("a", CallOutcome.of(403, "Forbidden", 0, false), nowMs);
        assertThat(trunk.isDenying("a")).as("it has served nobody yet").isTrue();
        trunk.outcome("a", CallOutcome.of(486, "Busy Here", 0, false), nowMs);
        trunk.outcome("a", CallOutcome.of(403, "Forbidden", 0, false), nowMs);
        trunk.outcome("a", CallOutcome.of(403, "Forbidden", 0, false), nowMs);
        assertThat(trunk.isDenying("a")).isFalse();
        trunk.outcome("a", CallOutcome.of(403, "Forbidden", 0, false), nowMs);
        assertThat(trunk.isDenying("a")).as("the third in a row is no number's").isTrue();
    }

    @Test
    void shouldLeaveASilentGatewayInPeaceThatNobodyProbes() {
        Trunk trunk = new Trunk(
                new TrunkConfig(
                        "carrier",
                        List.of(gateway("a", 0, 1)),
                        1_000,
                        10,
                        Optional.empty(),
                        new Probing(0, 3, 2),
                        CallSettings.PLAIN),
                new SplittableRandom(3),
                nowMs);
        trunk.located("a", HOPS, nowMs);
        assertThat(chosen(trunk)).isEqualTo("a");
        trunk.outcome("a", CallOutcome.of(408, "Request Timeout", 0, true), nowMs);
        assertThat(trunk.choose(nowMs)).isEqualTo(new Choice.Refused(Refusal.RESTING, nowMs + 1_000));
    }

    @Test
    void shouldShowTheCallsOfTheLastSecond() {
        Trunk trunk = up(trunk(gateway("a", 0, 1)));
        for (int i = 0; i < 7; i++) {
            chosen(trunk);
        }
        nowMs += 1_000;
        assertThat(trunk.view(nowMs).gateways().getFirst().startedLastSecond()).isEqualTo(7);
        nowMs += 1_000;
        assertThat(trunk.view(nowMs).gateways().getFirst().startedLastSecond()).isZero();
    }
}
