package releve.server.cli;

import java.util.List;

/** The commands of the product, in the order in which help lists them. */
public final class ServerCommands {
    private ServerCommands() {}

    /** A new instance of each command. */
    public static List<Object> all() {
        return List.of(
                new StatusCommand(),
                new MaintenanceCommand(),
                new UpgradeCommand(),
                new CampaignCommand(),
                new ContactsCommand(),
                new DoNotCallCommand(),
                new ReportCommand(),
                new NodeCommand(),
                new TrunksCommand(),
                new StoreCommand());
    }
}
