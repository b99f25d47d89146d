package releve.server.cli;

import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import releve.core.campaign.AbandonSettings;
import releve.core.campaign.AbandonTreatment;
import releve.core.campaign.AbsentAgentRule;
import releve.core.campaign.CallSettings;
import releve.core.campaign.CallbackSettings;
import releve.core.campaign.Campaign;
import releve.core.campaign.CpaSettings;
import releve.core.campaign.IvrSettings;
import releve.core.campaign.MachineTreatment;
import releve.core.campaign.PacingSettings;
import releve.core.campaign.PreviewSettings;
import releve.core.campaign.RetryDelays;
import releve.core.campaign.RetrySettings;
import releve.core.campaign.Schedule;
import releve.core.campaign.SelectionOrder;
import releve.core.campaign.Staffing;
import releve.media.prompt.UnreadablePrompt;
import releve.server.telephony.Prompts;

/** The settings of a campaign on the command line, in groups; what is not given stays as it is. */
final class CampaignOptions {
    @ArgGroup(validate = false, order = 1, heading = "%nAgents%n")
    private final Agents agents = new Agents();

    @ArgGroup(validate = false, order = 2, heading = "%nIVR%n")
    private final Ivr ivr = new Ivr();

    @ArgGroup(validate = false, order = 3, heading = "%nPacing%n")
    private final Pacing pacing = new Pacing();

    @ArgGroup(validate = false, order = 4, heading = "%nCalls%n")
    private final Calls calls = new Calls();

    @ArgGroup(validate = false, order = 5, heading = "%nLive answers that nobody takes%n")
    private final Abandoned abandoned = new Abandoned();

    @ArgGroup(validate = false, order = 6, heading = "%nRetries%n")
    private final RetryOptions retries = new RetryOptions();

    @ArgGroup(validate = false, order = 7, heading = "%nPreviews and callbacks%n")
    private final Promises promises = new Promises();

    @ArgGroup(validate = false, order = 8, heading = "%nCall progress analysis%n")
    private final Analysis analysis = new Analysis();

    @ArgGroup(validate = false, order = 9, heading = "%nHours%n")
    private final Hours hours = new Hours();

    /**
     * The campaign with what was given.
     *
     * @throws Refusal when the recording that was named cannot be played
     */
    Campaign applyTo(Campaign campaign) {
        abandoned.check(analysis.machineMessage);
        return campaign.withStaffing(agents.applyTo(campaign.staffing()))
                .withIvr(ivr.applyTo(campaign.ivr()))
                .withPacing(pacing.applyTo(campaign.pacing()))
                .withCalls(calls.applyTo(campaign.calls()))
                .withAbandon(abandoned.applyTo(campaign.abandon()))
                .withRetry(retries.applyTo(campaign.retry()))
                .withPreview(promises.applyTo(campaign.preview()))
                .withCallbacks(promises.applyTo(campaign.callbacks()))
                .withCpa(analysis.applyTo(campaign.cpa()))
                .withSchedule(hours.applyTo(campaign.schedule()));
    }

    private static <T> T or(@Nullable T given, T otherwise) {
        return Objects.requireNonNullElse(given, otherwise);
    }

    private static final class Agents {
        @Option(names = "--skill-group", paramLabel = "GROUP", description = "The agents that serve it.")
        private @Nullable String skillGroup;

        @Option(
                names = "--wrap-up",
                paramLabel = "TIME",
                converter = Times.Length.class,
                description = "For the agent after a call, 0 to 600 s (30 s).")
        private @Nullable Duration wrapUp;

        @Option(
                names = "--reservation-percent",
                paramLabel = "N",
                description = "Share of the skill group's agents that it may hold at once, 0 to 100 (100).")
        private @Nullable Integer reservationPercent;

        @Option(
                names = "--overflow-agents",
                paramLabel = "N",
                description = "Further agents beyond that share, 0 to 100 (0).")
        private @Nullable Integer overflowAgents;

        Staffing applyTo(Staffing is) {
            return new Staffing(
                    or(skillGroup, is.skillGroup()),
                    or(wrapUp, is.wrapUp()),
                    or(reservationPercent, is.reservationPercent()),
                    or(overflowAgents, is.overflowAgents()));
        }
    }

    private static final class Ivr {
        @Option(names = "--ivr-uri", paramLabel = "URI", description = "The IVR's SIP address.")
        private @Nullable String uri;

        @Option(names = "--ivr-ports", paramLabel = "N", description = "Calls that the IVR takes at once, 1 to 10000.")
        private @Nullable Integer ports;

        IvrSettings applyTo(IvrSettings is) {
            return new IvrSettings(or(ports, is.ports()), uri == null ? is.uri() : uri);
        }
    }

    private static final class Pacing {
        @Option(
                names = "--lines-per-agent",
                paramLabel = "N",
                description = "Calls started for each reserved agent, 1 to 100 in steps of 0.1 (1.5).")
        private @Nullable Double lines;

        @Option(
                names = "--max-lines-per-agent",
                paramLabel = "N",
                description = "What predictive pacing never exceeds, 1 to 100 in steps of 0.1 (2).")
        private @Nullable Double maximumLines;

        @Option(
                names = "--abandon-limit",
                paramLabel = "PERCENT",
                description = "Abandoned calls, of live answers, 0.1 to 100; 0 for no limit (3).")
        private @Nullable Double abandonLimit;

        @Option(
                names = "--abandon-window",
                paramLabel = "TIME",
                converter = Times.Length.class,
                description = "Over which that limit holds, 1 h to 31 d (24 h).")
        private @Nullable Duration abandonWindow;

        PacingSettings applyTo(PacingSettings is) {
            PacingSettings paced = lines == null ? is : is.withLines(lines);
            return new PacingSettings(
                    paced.linesPerAgent(),
                    or(maximumLines, paced.maximumLinesPerAgent()),
                    or(abandonLimit, is.abandonLimitPercent()),
                    or(abandonWindow, is.abandonWindow()));
        }
    }

    private static final class Calls {
        @Option(
                names = "--prefix",
                paramLabel = "DIGITS",
                description = "Put before each number that is dialed, up to 15 digits.")
        private @Nullable String prefix;

        @Option(
                names = "--ring-limit",
                paramLabel = "TIME",
                converter = Times.Length.class,
                description = "No answer after it, 10 s to 90 s (32 s).")
        private @Nullable Duration ringLimit;

        @Option(
                names = "--minimum-call",
                paramLabel = "TIME",
                converter = Times.Length.class,
                description = "A shorter call counts as customer abandon, 0 to 10 s (1 s).")
        private @Nullable Duration minimumCall;

        CallSettings applyTo(CallSettings is) {
            return new CallSettings(
                    is.callerId(),
                    or(prefix, is.prefix()),
                    or(ringLimit, is.noAnswerRingLimit()),
                    or(minimumCall, is.minimumCallDuration()));
        }
    }

    private static final class Abandoned {
        @Option(
                names = "--abandon-after",
                paramLabel = "TIME",
                converter = Times.Length.class,
                description = "From the end of the greeting, 0 to 10 s (2 s).")
        private @Nullable Duration after;

        @Option(
                names = "--abandon-treatment",
                paramLabel = "WHAT",
                converter = Words.OfTreatment.class,
                description = "What the customer gets: hang-up, message, ivr (hang-up).")
        private @Nullable AbandonTreatment treatment;

        @Option(
                names = "--abandon-message",
                paramLabel = "FILE",
                description = "The recording, a file's name in the directory of prompts of both sides.")
        private @Nullable String message;

        @Option(
                names = "--prompts",
                paramLabel = "DIR",
                defaultValue = "var/prompts",
                description = "Where this command finds recordings and checks them (${DEFAULT-VALUE}).")
        private Path prompts = Path.of("var/prompts");

        @Option(
                names = "--abandon-ivr-uri",
                paramLabel = "URI",
                description = "The SIP address of an IVR with opt-out.")
        private @Nullable String ivrUri;

        @Option(
                names = "--abandon-guarantee",
                paramLabel = "TIME",
                converter = Times.Length.class,
                description = "For how long an abandoned customer is dialed only with an agent kept for him (72 h).")
        private @Nullable Duration guarantee;

        /** A recording that was named is looked at before anybody should hear it. */
        void check(@Nullable String recording) {
            if (recording != null) {
                try {
                    new Prompts(prompts).prompt(recording);
                } catch (UnreadablePrompt e) {
                    throw new Refusal(String.valueOf(e.getMessage()));
                }
            }
        }

        AbandonSettings applyTo(AbandonSettings is) {
            check(message);
            return new AbandonSettings(
                    or(after, is.after()),
                    or(treatment, is.treatment()),
                    message == null ? is.message() : message,
                    ivrUri == null ? is.ivrUri() : ivrUri,
                    or(guarantee, is.guarantee()));
        }
    }

    private static final class RetryOptions {
        @Option(
                names = "--max-attempts",
                paramLabel = "N",
                description = "Over all retries and phones of a contact, 1 to 100 (3).")
        private @Nullable Integer maximum;

        @Option(
                names = "--selection-order",
                paramLabel = "LETTERS",
                converter = Words.OfOrder.class,
                description = "Which contacts come first: B callbacks, R retries, P pending (BRP).")
        private @Nullable SelectionOrder order;

        @Option(
                names = "--retry-no-answer",
                paramLabel = "TIME",
                converter = Times.Length.class,
                description = "When a contact is dialed again after no answer (60 min).")
        private @Nullable Duration noAnswer;

        @Option(
                names = "--retry-busy",
                paramLabel = "TIME",
                converter = Times.Length.class,
                description = "… after busy (60 min).")
        private @Nullable Duration busy;

        @Option(
                names = "--retry-dialer-abandon",
                paramLabel = "TIME",
                converter = Times.Length.class,
                description = "… after a dialer abandon (60 min).")
        private @Nullable Duration dialerAbandon;

        @Option(
                names = "--retry-machine",
                paramLabel = "TIME",
                converter = Times.Length.class,
                description = "… after an answering machine (60 min).")
        private @Nullable Duration machine;

        @Option(
                names = "--retry-customer-abandon",
                paramLabel = "TIME",
                converter = Times.Length.class,
                description = "… after a customer abandon (30 min).")
        private @Nullable Duration customerAbandon;

        @Option(
                names = "--retry-not-home",
                paramLabel = "TIME",
                converter = Times.Length.class,
                description = "… when the customer was not home (30 min).")
        private @Nullable Duration notHome;

        RetrySettings applyTo(RetrySettings is) {
            RetryDelays delays = is.delays();
            return new RetrySettings(
                    or(maximum, is.maximumAttempts()),
                    new RetryDelays(
                            or(noAnswer, delays.noAnswer()),
                            or(busy, delays.busy()),
                            or(dialerAbandon, delays.dialerAbandon()),
                            or(machine, delays.answeringMachine()),
                            or(customerAbandon, delays.customerAbandon()),
                            or(notHome, delays.notHome())),
                    or(order, is.order()));
        }
    }

    private static final class Promises {
        @Option(
                names = "--preview-timeout",
                paramLabel = "TIME",
                converter = Times.Length.class,
                description = "For the agent to answer an offer, 5 to 600 s (60 s).")
        private @Nullable Duration previewTimeout;

        @Option(
                names = "--skip-delay",
                paramLabel = "TIME",
                converter = Times.Length.class,
                description = "Until a contact that was not accepted is offered again (30 min).")
        private @Nullable Duration skipDelay;

        @Option(
                names = "--personal-callbacks",
                negatable = true,
                description = "Agents may promise to call back themselves (no).")
        private @Nullable Boolean personal;

        @Option(
                names = "--absent-agent",
                paramLabel = "RULE",
                converter = Words.OfAbsence.class,
                description = "When he is absent then: other-agent, next-business-day, abandon (other-agent).")
        private @Nullable AbsentAgentRule whenAbsent;

        @Option(
                names = "--callback-window",
                paramLabel = "TIME",
                converter = Times.Length.class,
                description = "How long a personal callback waits for its agent, 1 min to 24 h (15 min).")
        private @Nullable Duration window;

        PreviewSettings applyTo(PreviewSettings is) {
            return new PreviewSettings(or(previewTimeout, is.timeout()), or(skipDelay, is.skipDelay()));
        }

        CallbackSettings applyTo(CallbackSettings is) {
            return new CallbackSettings(
                    or(personal, is.personal()), or(whenAbsent, is.whenAbsent()), or(window, is.window()));
        }
    }

    private static final class Analysis {
        @Option(
                names = "--cpa",
                negatable = true,
                description = "Let the trunk analyse who or what answered; see node --trunk-analyses (no).")
        private @Nullable Boolean on;

        @Option(
                names = "--machine",
                paramLabel = "WHAT",
                converter = Words.OfMachine.class,
                description =
                        "For a machine: abandon, transfer-to-agent, transfer-to-ivr, wait-for-beep-and-play (abandon).")
        private @Nullable MachineTreatment machine;

        @Option(
                names = "--machine-message",
                paramLabel = "FILE",
                description = "What a machine is to record after its beep, a file's name in the directory of prompts.")
        private @Nullable String machineMessage;

        @Option(
                names = "--cpa-minimum-silence",
                paramLabel = "TIME",
                converter = Times.Length.class,
                description = "100 to 1000 ms (608 ms).")
        private @Nullable Duration minimumSilence;

        @Option(
                names = "--cpa-analysis-period",
                paramLabel = "TIME",
                converter = Times.Length.class,
                description = "1000 to 10000 ms (2500 ms).")
        private @Nullable Duration analysisPeriod;

        @Option(
                names = "--cpa-minimum-speech",
                paramLabel = "TIME",
                converter = Times.Length.class,
                description = "50 to 500 ms (112 ms).")
        private @Nullable Duration minimumSpeech;

        @Option(
                names = "--cpa-maximum-time",
                paramLabel = "TIME",
                converter = Times.Length.class,
                description = "1000 to 10000 ms; unsure counts as human (3000 ms).")
        private @Nullable Duration maximumTime;

        @Option(
                names = "--cpa-maximum-tone-wait",
                paramLabel = "TIME",
                converter = Times.Length.class,
                description = "1000 to 60000 ms (30000 ms).")
        private @Nullable Duration toneWait;

        CpaSettings applyTo(CpaSettings is) {
            return new CpaSettings(
                    or(on, is.on()),
                    or(machine, is.machine()),
                    machineMessage == null ? is.machineMessage() : machineMessage,
                    or(minimumSilence, is.minimumSilence()),
                    or(analysisPeriod, is.analysisPeriod()),
                    or(minimumSpeech, is.minimumValidSpeech()),
                    or(maximumTime, is.maximumTime()),
                    or(toneWait, is.maximumToneWait()));
        }
    }

    private static final class Hours {
        @Option(
                names = "--zone",
                paramLabel = "ZONE",
                converter = Words.OfZone.class,
                description = "Of all its times, such as Europe/Paris (UTC).")
        private @Nullable ZoneId zone;

        @Option(
                names = "--days",
                paramLabel = "DAYS",
                converter = Words.OfDays.class,
                description = "On which it dials: numbers from 1, Monday, to 7, such as 12345 (1234567).")
        private @Nullable Set<DayOfWeek> days;

        @Option(names = "--from", paramLabel = "HH:MM", description = "From when on a day it dials (00:00).")
        private @Nullable LocalTime from;

        @Option(names = "--to", paramLabel = "HH:MM", description = "Until when; 00:00 is the end of the day (00:00).")
        private @Nullable LocalTime to;

        @Option(names = "--start-date", paramLabel = "YYYY-MM-DD", description = "The first day.")
        private @Nullable LocalDate start;

        @Option(names = "--end-date", paramLabel = "YYYY-MM-DD", description = "The last day.")
        private @Nullable LocalDate end;

        Schedule applyTo(Schedule is) {
            return new Schedule(
                    or(zone, is.zone()),
                    or(days, is.days()),
                    or(from, is.from()),
                    or(to, is.to()),
                    start == null ? is.start() : start,
                    end == null ? is.end() : end);
        }
    }
}
