package releve.server.cli;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import releve.server.telephony.TrunkSearch;
import releve.server.trunk.TrunkFile;
import releve.server.trunk.TrunkPlan;
import releve.server.trunk.UnusableTrunks;
import releve.sip.locate.Location;
import releve.sip.transaction.Hop;

/** Files of trunks. */
@Command(
        name = "trunks",
        mixinStandardHelpOptions = true,
        description = "Checks descriptions of trunks before a node takes them.",
        footer = {"", "Example:", "  releve trunks check /etc/releve/trunks.yaml"},
        subcommands = TrunksCommand.Check.class)
public final class TrunksCommand extends CommandGroup {

    /** Reads a file and looks its gateways up. */
    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Reads a file of trunks as 'releve node --trunks' does, passwords and certificates included, looks its"
                        + " gateways up in the DNS and shows where calls would go. Nothing is sent to a gateway.",
                "",
            },
            footer = {
                "",
                "Exit code 0 when every gateway was found, else 1.",
                "",
                "Example:",
                "  releve trunks check /etc/releve/trunks.yaml --sip 192.0.2.20:5060",
            })
    @SuppressWarnings("NullAway.Init") // picocli sets the fields before any call
    static final class Check implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "FILE", description = "The description, in YAML.")
        private Path file;

        @Option(
                names = "--sip",
                paramLabel = "ADDRESS:PORT",
                defaultValue = "127.0.0.1:5070",
                converter = NodeCommand.Address.class,
                description = "Where the node will speak SIP: addresses of its family are looked for."
                        + " Default: ${DEFAULT-VALUE}.")
        private InetSocketAddress sip;

        @Mixin
        private final OutputOptions output = new OutputOptions();

        @Override
        public Integer call() throws InterruptedException {
            TrunkPlan plan;
            try {
                plan = TrunkFile.read(file, System.getenv());
            } catch (UnusableTrunks e) {
                throw new Refusal(String.valueOf(e.getMessage()));
            }
            List<TrunkSearch.Found> found = TrunkSearch.of(plan, sip, new SecureRandom());
            List<String> missing = new ArrayList<>();
            for (TrunkSearch.Found each : found) {
                if (each.location() instanceof Location.Nowhere nowhere) {
                    missing.add(nowhere.reason());
                }
            }
            spec.commandLine().getOut().println(output.json() ? JsonOutput.of(json(found)) : table(found));
            spec.commandLine().getOut().flush();
            missing.forEach(spec.commandLine().getErr()::println);
            spec.commandLine().getErr().flush();
            return missing.isEmpty() ? CommandLines.DONE : CommandLines.REFUSED;
        }

        private static Table table(List<TrunkSearch.Found> found) {
            Table table = new Table("TRUNK", "GATEWAY", "PRIORITY", "WEIGHT", "PER S", "PORTS", "LEADS TO");
            for (TrunkSearch.Found each : found) {
                table.row(
                        each.trunk().name(),
                        each.gateway().name(),
                        each.gateway().priority(),
                        each.gateway().weight(),
                        each.gateway().callsPerSecond(),
                        each.gateway().ports(),
                        hops(each).isEmpty() ? "-" : String.join(", ", hops(each)));
            }
            return table;
        }

        private static Object json(List<TrunkSearch.Found> found) {
            return found.stream()
                    .map(each -> JsonOutput.object(
                            "trunk", each.trunk().name(),
                            "gateway", each.gateway().name(),
                            "uri", each.gateway().uri(),
                            "priority", each.gateway().priority(),
                            "weight", each.gateway().weight(),
                            "callsPerSecond", each.gateway().callsPerSecond(),
                            "ports", each.gateway().ports(),
                            "leadsTo", hops(each)))
                    .toList();
        }

        private static List<String> hops(TrunkSearch.Found each) {
            return switch (each.location()) {
                case Location.Found location ->
                    location.hops().stream().map(Hop::toString).toList();
                case Location.Nowhere nowhere -> List.of();
                case Location.Unsettled unsettled -> List.of();
            };
        }
    }
}
