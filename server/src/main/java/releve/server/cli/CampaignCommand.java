package releve.server.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;
import releve.core.campaign.CallSettings;
import releve.core.campaign.Campaign;
import releve.core.campaign.DialingMode;
import releve.core.common.CampaignId;
import releve.server.store.CampaignStore;

/** Campaigns: make, start, stop, look. */
@Command(
        name = "campaign",
        mixinStandardHelpOptions = true,
        description = "Makes, starts, stops and shows campaigns.",
        subcommands = {
            CampaignCommand.Create.class,
            CampaignCommand.Set.class,
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
                names = "--caller-id",
                paramLabel = "NUMBER",
                required = true,
                description = "The number that customers see, in E.164.")
        @SuppressWarnings("NullAway.Init")
        private String callerId;

        @Mixin
        private final CampaignOptions options = new CampaignOptions();

        @Option(names = "--start", description = "Start it at once.")
        private boolean start;

        @Override
        protected boolean createsStore() {
            return true;
        }

        @Override
        protected int run(OpenStore store) {
            Campaign campaign =
                    options.applyTo(Campaign.named(name, mode.mode, callerId)).withRunning(start);
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
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Changes settings of a campaign; what is not given stays. Calls under way go on as they began.",
                "Lengths of time are written 500ms, 32s, 30m or 1h; a bare number is seconds.",
            },
            footer = {"", "Example:", "  releve campaign set spring --abandon-limit 2.5 --max-lines-per-agent 3"})
    static final class Set extends CommandOnStore {
        @Parameters(paramLabel = "NAME", description = "The campaign.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Option(names = "--caller-id", paramLabel = "NUMBER", description = "The number that customers see, in E.164.")
        private @Nullable String callerId;

        @Mixin
        private final CampaignOptions options = new CampaignOptions();

        @Override
        protected int run(OpenStore store) {
            CampaignStore campaigns = new CampaignStore(store.pool());
            Campaign changed = campaigns
                    .change(name, campaign -> {
                        Campaign given = options.applyTo(campaign);
                        return callerId == null
                                ? given
                                : given.withCalls(new CallSettings(
                                        callerId,
                                        given.calls().prefix(),
                                        given.calls().noAnswerRingLimit(),
                                        given.calls().minimumCallDuration()));
                    })
                    .orElseThrow(() -> noCampaign(campaigns, name));
            print(changed, "Campaign " + name + " is changed; see it with 'campaign show " + name + "'.");
            return CommandLines.DONE;
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
            print(found, CampaignSettings.table(found).toString());
            return CommandLines.DONE;
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
