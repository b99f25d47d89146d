package releve.server.cli;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;
import releve.core.campaign.AbandonSettings;
import releve.core.campaign.CallSettings;
import releve.core.campaign.CallbackSettings;
import releve.core.campaign.Campaign;
import releve.core.campaign.DialingMode;
import releve.core.campaign.IvrSettings;
import releve.core.campaign.PacingSettings;
import releve.core.campaign.PreviewSettings;
import releve.core.campaign.RetryDelays;
import releve.core.campaign.RetrySettings;
import releve.core.campaign.Staffing;
import releve.core.common.CampaignId;
import releve.server.store.CampaignStore;

/** Campaigns: make, start, stop, look. */
@Command(
        name = "campaign",
        mixinStandardHelpOptions = true,
        description = "Makes, starts, stops and shows campaigns.",
        subcommands = {
            CampaignCommand.Create.class,
            CampaignCommand.Start.class,
            CampaignCommand.Stop.class,
            CampaignCommand.ListAll.class,
            CampaignCommand.Show.class,
        },
        footer = {
            "",
            "Examples:",
            "  releve campaign create spring --mode progressive-agent --skill-group sales --caller-id +12025550100",
            "  releve campaign start spring",
        })
public final class CampaignCommand extends CommandGroup {

    /** How the command line names the modes. */
    public enum Mode {
        PREDICTIVE_AGENT("predictive-agent", DialingMode.PREDICTIVE_AGENT),
        PREDICTIVE_IVR("predictive-ivr", DialingMode.PREDICTIVE_IVR),
        PROGRESSIVE_AGENT("progressive-agent", DialingMode.PROGRESSIVE_AGENT),
        PROGRESSIVE_IVR("progressive-ivr", DialingMode.PROGRESSIVE_IVR),
        PREVIEW("preview", DialingMode.PREVIEW),
        DIRECT_PREVIEW("direct-preview", DialingMode.DIRECT_PREVIEW);

        private final String written;
        private final DialingMode mode;

        Mode(String written, DialingMode mode) {
            this.written = written;
            this.mode = mode;
        }

        static String written(DialingMode mode) {
            return switch (mode) {
                case PREDICTIVE_AGENT -> PREDICTIVE_AGENT.written;
                case PREDICTIVE_IVR -> PREDICTIVE_IVR.written;
                case PROGRESSIVE_AGENT -> PROGRESSIVE_AGENT.written;
                case PROGRESSIVE_IVR -> PROGRESSIVE_IVR.written;
                case PREVIEW -> PREVIEW.written;
                case DIRECT_PREVIEW -> DIRECT_PREVIEW.written;
            };
        }

        @Override
        public String toString() {
            return written;
        }

        /** Only as written, not by the constant's name. */
        static final class Written implements ITypeConverter<Mode> {
            @Override
            public Mode convert(String text) {
                return Stream.of(values())
                        .filter(mode -> mode.written.equals(text))
                        .findFirst()
                        .orElseThrow(() -> new TypeConversionException("'" + text + "' is no mode: choose one of "
                                + Stream.of(values()).map(Mode::toString).collect(Collectors.joining(", "))));
            }
        }
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Makes a campaign, stopped unless --start is given.",
                "Lengths of time are written 500ms, 32s, 30m or 1h; a bare number is seconds.",
            },
            footer = {
                "",
                "Examples:",
                "  releve campaign create spring --mode progressive-agent --skill-group sales \\",
                "      --lines-per-agent 1.5 --ring-limit 30s --caller-id +12025550100",
                "  releve campaign create survey --mode progressive-ivr --ivr-uri sip:survey@10.0.0.5 \\",
                "      --ivr-ports 30 --caller-id +12025550100 --start",
            })
    static final class Create extends CommandOnStore {
        @Parameters(paramLabel = "NAME", description = "1 to 64 characters; no other campaign has it.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Option(
                names = "--mode",
                paramLabel = "MODE",
                required = true,
                converter = Mode.Written.class,
                description = "Where live answers go: ${COMPLETION-CANDIDATES}.")
        @SuppressWarnings("NullAway.Init")
        private Mode mode;

        @Option(
                names = "--skill-group",
                paramLabel = "GROUP",
                defaultValue = "",
                description = "The agents that serve it.")
        @SuppressWarnings("NullAway.Init")
        private String skillGroup;

        @Option(
                names = "--lines-per-agent",
                paramLabel = "N",
                defaultValue = "1.5",
                description =
                        "Calls started for each reserved agent, 1 to 100 in steps of 0.1 (default: ${DEFAULT-VALUE}).")
        private double linesPerAgent;

        @Option(
                names = "--abandon-limit",
                paramLabel = "PERCENT",
                defaultValue = "3",
                description = "Of live answers, 0.1 to 100; 0 for none (default: ${DEFAULT-VALUE}).")
        private double abandonLimit;

        @Option(
                names = "--preview-timeout",
                paramLabel = "TIME",
                defaultValue = "60s",
                converter = Times.Length.class,
                description = "For an agent to answer an offered contact, 5 s to 600 s (default: ${DEFAULT-VALUE}).")
        @SuppressWarnings("NullAway.Init")
        private Duration previewTimeout;

        @Option(names = "--personal-callbacks", description = "Agents may promise to call back themselves.")
        private boolean personalCallbacks;

        @Option(names = "--ivr-uri", paramLabel = "URI", description = "The IVR's SIP address.")
        private @Nullable String ivrUri;

        @Option(
                names = "--ivr-ports",
                paramLabel = "N",
                defaultValue = "0",
                description = "Calls that the IVR takes at once, 1 to 10000.")
        private int ivrPorts;

        @Option(
                names = "--caller-id",
                paramLabel = "NUMBER",
                required = true,
                description = "The number that customers see, in E.164.")
        @SuppressWarnings("NullAway.Init")
        private String callerId;

        @Option(
                names = "--ring-limit",
                paramLabel = "TIME",
                defaultValue = "30s",
                converter = Times.Length.class,
                description = "No answer after it, 10 s to 90 s (default: ${DEFAULT-VALUE}).")
        @SuppressWarnings("NullAway.Init")
        private Duration ringLimit;

        @Option(
                names = "--max-attempts",
                paramLabel = "N",
                defaultValue = "3",
                description = "Over all retries of a contact, 1 to 100 (default: ${DEFAULT-VALUE}).")
        private int maximumAttempts;

        @Option(
                names = "--minimum-call",
                paramLabel = "TIME",
                defaultValue = "1s",
                converter = Times.Length.class,
                description = "A shorter call counts as customer abandon, 0 to 10 s (default: ${DEFAULT-VALUE}).")
        @SuppressWarnings("NullAway.Init")
        private Duration minimumCall;

        @Option(
                names = "--wrap-up",
                paramLabel = "TIME",
                defaultValue = "30s",
                converter = Times.Length.class,
                description = "For the agent after a call, 0 to 600 s (default: ${DEFAULT-VALUE}).")
        @SuppressWarnings("NullAway.Init")
        private Duration wrapUp;

        @Option(
                names = "--abandon-after",
                paramLabel = "TIME",
                defaultValue = "2s",
                converter = Times.Length.class,
                description = "From the answer until a call without an agent is abandoned, 0 to 10 s"
                        + " (default: ${DEFAULT-VALUE}).")
        @SuppressWarnings("NullAway.Init")
        private Duration abandonAfter;

        @Option(
                names = "--retry-no-answer",
                paramLabel = "TIME",
                defaultValue = "60m",
                converter = Times.Length.class,
                description = "When a contact is dialed again after no answer (default: ${DEFAULT-VALUE}).")
        @SuppressWarnings("NullAway.Init")
        private Duration retryNoAnswer;

        @Option(
                names = "--retry-busy",
                paramLabel = "TIME",
                defaultValue = "60m",
                converter = Times.Length.class,
                description = "… after busy (default: ${DEFAULT-VALUE}).")
        @SuppressWarnings("NullAway.Init")
        private Duration retryBusy;

        @Option(
                names = "--retry-dialer-abandon",
                paramLabel = "TIME",
                defaultValue = "60m",
                converter = Times.Length.class,
                description = "… after a dialer abandon (default: ${DEFAULT-VALUE}).")
        @SuppressWarnings("NullAway.Init")
        private Duration retryDialerAbandon;

        @Option(
                names = "--retry-machine",
                paramLabel = "TIME",
                defaultValue = "60m",
                converter = Times.Length.class,
                description = "… after an answering machine (default: ${DEFAULT-VALUE}).")
        @SuppressWarnings("NullAway.Init")
        private Duration retryMachine;

        @Option(
                names = "--retry-customer-abandon",
                paramLabel = "TIME",
                defaultValue = "30m",
                converter = Times.Length.class,
                description = "… after a customer abandon (default: ${DEFAULT-VALUE}).")
        @SuppressWarnings("NullAway.Init")
        private Duration retryCustomerAbandon;

        @Option(
                names = "--retry-not-home",
                paramLabel = "TIME",
                defaultValue = "30m",
                converter = Times.Length.class,
                description = "… when the customer was not home (default: ${DEFAULT-VALUE}).")
        @SuppressWarnings("NullAway.Init")
        private Duration retryNotHome;

        @Option(names = "--start", description = "Start it at once.")
        private boolean start;

        @Override
        protected boolean createsStore() {
            return true;
        }

        @Override
        protected int run(OpenStore store) {
            PreviewSettings preview = PreviewSettings.DEFAULT;
            CallbackSettings callbacks = CallbackSettings.DEFAULT;
            PacingSettings pacing = PacingSettings.DEFAULT.withLines(linesPerAgent);
            Campaign campaign = Campaign.named(name, mode.mode, callerId)
                    .withRunning(start)
                    .withStaffing(Staffing.by(skillGroup).withWrapUp(wrapUp))
                    .withIvr(new IvrSettings(ivrPorts, ivrUri))
                    .withPacing(new PacingSettings(
                            linesPerAgent, pacing.maximumLinesPerAgent(), abandonLimit, pacing.abandonWindow()))
                    .withCalls(
                            CallSettings.from(callerId).withRingLimit(ringLimit).withMinimumCallDuration(minimumCall))
                    .withAbandon(AbandonSettings.DEFAULT.withAfter(abandonAfter))
                    .withRetry(RetrySettings.DEFAULT
                            .withMaximumAttempts(maximumAttempts)
                            .withDelays(delays()))
                    .withPreview(new PreviewSettings(previewTimeout, preview.skipDelay()))
                    .withCallbacks(new CallbackSettings(personalCallbacks, callbacks.whenAbsent(), callbacks.window()));
            CampaignId id = new CampaignStore(store.pool()).create(campaign);
            print(
                    JsonOutput.object("campaign", name, "id", id.value(), "running", start),
                    "Campaign %s is made%s."
                            .formatted(
                                    name,
                                    start
                                            ? " and running"
                                            : "; load its list with 'contacts import FILE --campaign " + name
                                                    + "' and start it with 'campaign start " + name + "'"));
            return CommandLines.DONE;
        }

        private RetryDelays delays() {
            return new RetryDelays(
                    retryNoAnswer, retryBusy, retryDialerAbandon, retryMachine, retryCustomerAbandon, retryNotHome);
        }
    }

    @Command(
            name = "start",
            mixinStandardHelpOptions = true,
            description = "Starts dialing a campaign; nothing changes if it runs already.",
            footer = {"", "Example:", "  releve campaign start spring"})
    static final class Start extends SetRunning {
        Start() {
            super(true);
        }
    }

    @Command(
            name = "stop",
            mixinStandardHelpOptions = true,
            description = "Stops dialing a campaign; calls under way are not touched.",
            footer = {"", "Example:", "  releve campaign stop spring"})
    static final class Stop extends SetRunning {
        Stop() {
            super(false);
        }
    }

    private abstract static class SetRunning extends CommandOnStore {
        @Parameters(paramLabel = "NAME", description = "The campaign.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        private final boolean running;

        SetRunning(boolean running) {
            this.running = running;
        }

        @Override
        protected int run(OpenStore store) {
            CampaignStore campaigns = new CampaignStore(store.pool());
            if (!campaigns.setRunning(name, running)) {
                throw noCampaign(campaigns, name);
            }
            print(
                    JsonOutput.object("campaign", name, "running", running),
                    "Campaign " + name
                            + (running ? " is running." : " has stopped; calls under way go on to their end."));
            return CommandLines.DONE;
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists all campaigns.",
            footer = {"", "Example:", "  releve campaign list --json"})
    static final class ListAll extends CommandOnStore {
        @Override
        protected int run(OpenStore store) {
            List<Campaign> campaigns = new CampaignStore(store.pool()).list();
            Table table = new Table("NAME", "MODE", "STATE", "SKILL GROUP", "LINES", "RING LIMIT", "ATTEMPTS");
            for (Campaign each : campaigns) {
                table.row(
                        each.name(),
                        Mode.written(each.mode()),
                        each.running() ? "running" : "stopped",
                        each.staffing().skillGroup().isEmpty()
                                ? "-"
                                : each.staffing().skillGroup(),
                        each.pacing().linesPerAgent(),
                        Times.length(each.calls().noAnswerRingLimit()),
                        each.retry().maximumAttempts());
            }
            print(campaigns, campaigns.isEmpty() ? "There are no campaigns." : table.toString());
            return CommandLines.DONE;
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows all settings of a campaign.",
            footer = {"", "Example:", "  releve campaign show spring"})
    static final class Show extends CommandOnStore {
        @Parameters(paramLabel = "NAME", description = "The campaign.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Override
        protected int run(OpenStore store) {
            CampaignStore campaigns = new CampaignStore(store.pool());
            Campaign found = campaigns.find(name).orElseThrow(() -> noCampaign(campaigns, name));
            print(found, settings(found).toString());
            return CommandLines.DONE;
        }

        private static Table settings(Campaign campaign) {
            RetryDelays retry = campaign.retry().delays();
            return new Table("SETTING", "VALUE")
                    .row("name", campaign.name())
                    .row("state", campaign.running() ? "running" : "stopped")
                    .row("mode", Mode.written(campaign.mode()))
                    .row(
                            "skill group",
                            campaign.staffing().skillGroup().isEmpty()
                                    ? "-"
                                    : campaign.staffing().skillGroup())
                    .row("lines per agent", campaign.pacing().linesPerAgent())
                    .row(
                            "IVR",
                            campaign.ivr().uri() == null ? "-" : campaign.ivr().uri())
                    .row("IVR ports", campaign.ivr().ports())
                    .row("caller id", campaign.calls().callerId())
                    .row("ring limit", Times.length(campaign.calls().noAnswerRingLimit()))
                    .row("maximum attempts", campaign.retry().maximumAttempts())
                    .row("minimum call", Times.length(campaign.calls().minimumCallDuration()))
                    .row("wrap-up", Times.length(campaign.staffing().wrapUp()))
                    .row("abandon after", Times.length(campaign.abandon().after()))
                    .row("abandon limit", campaign.pacing().abandonLimitPercent() + " %")
                    .row("preview time-out", Times.length(campaign.preview().timeout()))
                    .row("personal callbacks", campaign.callbacks().personal() ? "on" : "off")
                    .row("retry after no answer", Times.length(retry.noAnswer()))
                    .row("retry after busy", Times.length(retry.busy()))
                    .row("retry after dialer abandon", Times.length(retry.dialerAbandon()))
                    .row("retry after a machine", Times.length(retry.answeringMachine()))
                    .row("retry after customer abandon", Times.length(retry.customerAbandon()))
                    .row("retry after not home", Times.length(retry.notHome()));
        }
    }

    /** There is none of that name; the sentence lists those that there are. */
    static Refusal noCampaign(CampaignStore campaigns, String name) {
        List<String> names =
                campaigns.list().stream().map(Campaign::name).limit(10).toList();
        return new Refusal("there is no campaign %s; %s"
                .formatted(
                        name,
                        names.isEmpty()
                                ? "make it with 'campaign create'."
                                : "there are: " + String.join(", ", names) + "."));
    }
}
