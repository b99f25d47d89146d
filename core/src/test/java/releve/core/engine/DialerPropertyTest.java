package releve.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import releve.core.agent.AgentState;
import releve.core.call.CallEvent;
import releve.core.call.Verdict;
import releve.core.campaign.AbandonSettings;
import releve.core.campaign.AbsentAgentRule;
import releve.core.campaign.CallbackSettings;
import releve.core.campaign.Campaign;
import releve.core.campaign.ContactStatus;
import releve.core.campaign.CpaSettings;
import releve.core.campaign.DialingMode;
import releve.core.campaign.IvrSettings;
import releve.core.campaign.MachineTreatment;
import releve.core.campaign.OfferAnswer;
import releve.core.campaign.PreviewSettings;
import releve.core.campaign.Samples;
import releve.core.common.AgentId;
import releve.core.common.AttemptId;
import releve.core.common.CampaignId;
import releve.core.common.ContactId;
import releve.core.common.Handover;
import releve.core.common.ReservationId;
import releve.core.engine.FakeCarrier.Phone;
import releve.core.engine.FakeCarrier.Plan;
import releve.core.pair.Peer;
import releve.core.pair.RoleState;
import releve.core.store.DialerStore.Elsewhere;

/** Worlds drawn from a seed, with whatever can happen at a bad moment; the witness looks at every step. */
class DialerPropertyTest {
    private static final int SEEDS_EACH = 50;
    private static final int EVENTS = 2_000;

    @ParameterizedTest
    @ValueSource(ints = {0, 50, 100, 150, 200, 250})
    void shouldHoldItsInvariantsWhateverHappens(int firstSeed) {
        for (int seed = firstSeed; seed < firstSeed + SEEDS_EACH; seed++) {
            try {
                new Run(seed).live();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static final class Run {
        private final SplittableRandom random;
        private final World world;
        private final List<Campaign> campaigns = new ArrayList<>();
        private final boolean illegal;

        Run(int seed) {
            random = new SplittableRandom(seed);
            illegal = seed % 2 == 1;
            DialerConfig base = World.config();
            world = new World(new DialerConfig(
                    base.node(),
                    1 + random.nextInt(40),
                    0.5 + random.nextInt(100),
                    Duration.ofMinutes(1 + random.nextInt(20)),
                    base.transferLimit(),
                    1 + random.nextInt(20)));
            world.keepsSteps = false;
            world.routeEveryMs = 100;
            double lines = 1 + random.nextInt(30) / 10.0;
            campaigns.add(Samples.withLines(Samples.agentCampaign(1), lines));
            campaigns.add(Samples.withLines(Samples.agentCampaign(2), 1)
                    .withCpa(analysis())
                    .withIvr(new IvrSettings(1, "sip:ivr@192.0.2.30"))
                    .withAbandon(treatment()));
            campaigns.add(Samples.ivrCampaign(3, 1 + random.nextInt(8)).withAbandon(treatment()));
            campaigns.add(Samples.agentCampaign(4)
                    .withMode(DialingMode.PREDICTIVE_AGENT)
                    .withCpa(analysis())
                    .withAbandon(treatment()));
            campaigns.add(Samples.ivrCampaign(5, 1 + random.nextInt(8)).withMode(DialingMode.PREDICTIVE_IVR));
            campaigns.add(Samples.previewCampaign(6)
                    .withPreview(new PreviewSettings(Duration.ofSeconds(5), Duration.ofSeconds(random.nextInt(60)))));
            campaigns.add(Samples.directPreviewCampaign(7));
            campaigns.add(Samples.agentCampaign(8)
                    .withCallbacks(new CallbackSettings(
                            true,
                            AbsentAgentRule.values()[random.nextInt(3)],
                            Duration.ofSeconds(60 + random.nextInt(60)))));
            for (long campaign = 1; campaign <= 8; campaign++) {
                world.contacts(50 + random.nextInt(300), campaign);
            }
            world.store.contacts.values().forEach(row -> row.agentOwed = random.nextInt(20) == 0);
            world.agents(1 + random.nextInt(12));
            promises();
            world.carrier.customers = dial -> customer();
            world.desks = offered -> reply();
            world.carrier.phones =
                    uri -> new Phone(random.nextInt(20) == 0 ? -1 : random.nextInt(3000), random.nextInt(8) > 0);
        }

        /** Some of what the last campaign's agents have promised; now and then by one who is never there. */
        private void promises() {
            List<ContactId> promised = world.store.contacts.values().stream()
                    .filter(row -> row.contact.campaign().equals(new CampaignId(8)) && random.nextInt(3) == 0)
                    .map(row -> row.contact.id())
                    .toList();
            for (ContactId contact : promised) {
                world.store.promise(
                        contact,
                        new AgentId("agent" + (1 + random.nextInt(15))),
                        world.now.plusSeconds(random.nextInt(600) - 100));
            }
        }

        private World.Reply reply() {
            OfferAnswer answer = switch (random.nextInt(8)) {
                case 0 -> OfferAnswer.SKIP;
                case 1 -> OfferAnswer.REJECT;
                case 2 -> OfferAnswer.SKIP_AND_CLOSE;
                case 3 -> OfferAnswer.REJECT_AND_CLOSE;
                default -> OfferAnswer.ACCEPT;
            };
            // Now and then just at the time-out of 5 s, or after it.
            return new World.Reply(random.nextInt(5) == 0 ? 4_990 + random.nextInt(30) : random.nextInt(6_000), answer);
        }

        private Plan customer() {
            long ring = random.nextInt(5) == 0 ? -1 : random.nextInt(3000);
            long end = ring + random.nextInt(40_000);
            return switch (random.nextInt(7)) {
                case 0 -> new Plan(ring, -1, null, 0, random.nextInt(10) > 0);
                case 1 ->
                    Plan.fails(ring, end, List.of(486, 480, 404, 503, 603, 500).get(random.nextInt(6)));
                case 2 -> Plan.isNotTaken(random.nextInt(5_000));
                default -> new Plan(ring, end, null, random.nextInt(120_000), random.nextInt(10) > 0, heard());
            };
        }

        private Verdict[] heard() {
            Verdict[] heard = new Verdict[random.nextInt(3)];
            Arrays.setAll(heard, i -> verdict());
            return heard;
        }

        private Verdict verdict() {
            return Verdict.values()[random.nextInt(Verdict.values().length)];
        }

        private AbandonSettings treatment() {
            return switch (random.nextInt(3)) {
                case 0 -> AbandonSettings.DEFAULT;
                case 1 -> AbandonSettings.DEFAULT.withMessage("sorry.wav");
                default -> AbandonSettings.DEFAULT.withIvr("sip:sorry@192.0.2.30");
            };
        }

        private CpaSettings analysis() {
            return CpaSettings.DEFAULT.withMachine(
                    MachineTreatment.values()[random.nextInt(MachineTreatment.values().length)], "hello.wav");
        }

        void live() {
            world.activated(campaigns.toArray(Campaign[]::new));
            world.countingAbandonment(campaigns.toArray(Campaign[]::new));
            for (int i = 0; i < EVENTS && !(world.dialer.role() instanceof RoleState.Stopped); i++) {
                world.run(Duration.ofMillis(random.nextInt(300)));
                if (random.nextInt(4) == 0) {
                    world.send(illegal && random.nextBoolean() ? impossible() : possible());
                }
            }
            leave();
        }

        /** However it stands now, maintenance brings it to its end within its bounds once the world answers. */
        private void leave() {
            world.storeAnswers = true;
            world.handoverWorks = true;
            world.carrier.customers = dial -> Plan.rings();
            world.send(new Event.PeerSeen(new Peer.Healthy("b1")));
            world.send(new Event.MaintenanceAsked(1, true, "ops"));
            // The longest ring, the analysis, the transfers after it, the monitoring limit, a CANCEL without an answer.
            // An offer's time, the store's word on it and the wait for leave come before the ring.
            Duration bound =
                    Duration.ofSeconds(60 + 5 + 10 + 32 + 3 + 17 + 32 + 5).plus(Duration.ofMinutes(20));
            world.until(w -> w.dialer.role() instanceof RoleState.Stopped, bound);
            world.run(Duration.ofSeconds(2));
            world.witness.nothingLeft();
            if (!illegal) {
                assertThat(world.store.live)
                        .as("attempts left open in the store")
                        .isEmpty();
                assertThat(world.store.agentsIn(AgentState.RESERVED))
                        .as("agents left reserved")
                        .isZero();
                assertThat(world.store.agentsIn(AgentState.PREVIEW) + world.store.agentsIn(AgentState.DIALING))
                        .as("agents left with an offer, or with a call that their phones place")
                        .isZero();
                assertThat(world.store.offers.values())
                        .as("offers left open in the store")
                        .allMatch(offer -> offer.over);
                assertThat(world.store.agentsIn(AgentState.TALKING))
                        .as("agents left talking")
                        .isZero();
                assertThat(world.store.held).as("the right is still held").isFalse();
                assertThat(world.store.contactsIn(ContactStatus.DIALED))
                        .as("contacts left under way")
                        .isZero();
            }
        }

        private Event possible() {
            return switch (random.nextInt(16)) {
                case 0 -> new Event.PeerSeen(new Peer.Unfit("side B is absent"));
                case 1, 2 -> new Event.PeerSeen(new Peer.Healthy("b" + random.nextInt(3)));
                case 3 ->
                    new Event.MaintenanceAsked(
                            random.nextInt(3),
                            random.nextInt(4) == 0,
                            random.nextBoolean() ? Handover.OVERLAP : Handover.SEQUENTIAL,
                            "ops");
                case 15 ->
                    new Event.ElsewhereCounted(new Elsewhere(random.nextInt(20), random.nextInt(2), random.nextInt(2)));
                case 4, 5 -> new Event.MaintenanceCancelled(random.nextInt(3), "ops");
                case 6 -> new Event.DryRunAsked(1);
                case 7 -> new Event.CampaignsRead(someCampaigns());
                case 8 -> new Event.TrunkDown("OPTIONS is not answered");
                case 9 -> new Event.TrunkUp();
                case 14 -> new Event.TrunkPaused(Duration.ofMillis(random.nextInt(5_000)), "it answered 503");
                case 10 -> toggleStore();
                case 11 -> loseOrGain();
                case 12 -> random.nextInt(60) == 0 ? new Event.StopNow("second SIGTERM") : new Event.Tick();
                default -> {
                    world.handoverWorks = random.nextInt(3) > 0;
                    ready();
                    yield new Event.CampaignsRead(campaigns);
                }
            };
        }

        private void ready() {
            world.store.agents.values().stream()
                    .filter(agent -> agent.state == AgentState.NOT_READY)
                    .forEach(agent -> {
                        agent.state = AgentState.READY;
                        agent.reservation = null;
                    });
        }

        private Event toggleStore() {
            world.storeAnswers = random.nextInt(4) > 0;
            return new Event.Tick();
        }

        private Event loseOrGain() {
            if (world.store.held) {
                if (random.nextInt(5) > 0) {
                    return new Event.Tick();
                }
                world.store.takenOver();
                return new Event.RightLost("side B took over");
            }
            return new Event.RightGranted(world.store.acquire(), world.now.plusSeconds(2), "it had expired");
        }

        private List<Campaign> someCampaigns() {
            return campaigns.stream()
                    .filter(campaign -> random.nextInt(4) > 0)
                    .map(campaign -> Samples.withRunning(campaign, random.nextInt(4) > 0))
                    .toList();
        }

        /** What no honest world would say: of the wrong call, at the wrong time, or twice. */
        private Event impossible() {
            return switch (random.nextInt(12)) {
                case 0 -> new Event.HandedOver(random.nextInt(5), "nobody asked");
                case 1 -> new Event.HandoverFailed(random.nextInt(5), "nobody asked");
                case 2 -> new Event.StartRefused(attempt(), "out of the blue");
                case 3 ->
                    new Event.ReservationGranted(
                            ReservationId.of(1, 1, random.nextInt(2000)),
                            new AgentId("zoe"),
                            "sip:zoe@192.0.2.20",
                            Set.of("sales"));
                case 8 -> new Event.PersonalCallbacksClaimed(new CampaignId(1 + random.nextInt(9)), List.of());
                case 9 ->
                    new Event.PersonalCallbacksNotClaimed(new CampaignId(1 + random.nextInt(9)), "out of the blue");
                case 4 -> new Event.ContactsClaimed(new CampaignId(1 + random.nextInt(4)), List.of());
                case 5 -> new Event.ClaimFailed(new CampaignId(1 + random.nextInt(4)), "out of the blue");
                case 7 ->
                    new Event.OfferAnswered(
                            attempt(), OfferAnswer.values()[random.nextInt(OfferAnswer.values().length)]);
                case 6 -> new Event.RightRenewed(random.nextInt(5), world.now.plusSeconds(random.nextInt(3) - 1));
                default -> new Event.CallReported(attempt(), callEvent());
            };
        }

        private AttemptId attempt() {
            List<AttemptId> live = new ArrayList<>(world.witness.live());
            live.sort(null);
            return live.isEmpty() || random.nextInt(5) == 0
                    ? AttemptId.of(1, 1 + random.nextInt(3), random.nextInt(3000))
                    : live.get(random.nextInt(live.size()));
        }

        private CallEvent callEvent() {
            return switch (random.nextInt(12)) {
                case 0 -> new CallEvent.Ringing();
                case 9 -> new CallEvent.AnalysisPromised();
                case 10 -> new CallEvent.Played();
                case 1 -> new CallEvent.Answered();
                case 2 -> FakeCarrier.failure(487, 0);
                case 3 -> new CallEvent.Withheld("out of the blue");
                case 4 -> new CallEvent.Bridged();
                case 5 -> new CallEvent.BridgeFailed("out of the blue");
                case 6 -> new CallEvent.CustomerHungUp();
                case 7 -> new CallEvent.TargetHungUp();
                case 8 -> new CallEvent.Analysed(verdict());
                default -> new CallEvent.Dropped("out of the blue");
            };
        }
    }
}
