package releve.server.store;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import releve.core.campaign.Campaign;
import releve.core.common.CampaignId;

/** Campaigns as operators and supervisors handle them, by name. */
public final class CampaignStore {
    private final Transactions transactions;

    public CampaignStore(DataSource dataSource) {
        this.transactions = new Transactions(dataSource);
    }

    /**
     * Makes a campaign; its id is given by the store, whatever it was.
     *
     * @throws StoreRefused when a field is out of range or the name is taken
     */
    public CampaignId create(Campaign campaign) {
        List<String> violations = campaign.violations();
        if (!violations.isEmpty()) {
            throw new StoreRefused(
                    "campaign %s cannot be made: %s".formatted(campaign.name(), String.join("; ", violations)));
        }
        return transactions.run(tx -> {
            CampaignId id = CampaignRows.insert(tx, campaign);
            tx.notify(Channels.CAMPAIGNS, id.toString());
            return id;
        });
    }

    /**
     * Changes a campaign's settings; whether it runs stays.
     *
     * @return the campaign as it is now; empty when there is none of that name
     * @throws StoreRefused when a field would be out of range
     */
    public Optional<Campaign> change(String name, UnaryOperator<Campaign> change) {
        return transactions.run(tx -> {
            Optional<Campaign> found =
                    tx.first("select * from campaign where name = ? for update", CampaignRows::read, name);
            if (found.isEmpty()) {
                return found;
            }
            Campaign changed = change.apply(found.get());
            List<String> violations = changed.violations();
            if (!violations.isEmpty()) {
                throw new StoreRefused(
                        "campaign %s cannot be changed so: %s".formatted(name, String.join("; ", violations)));
            }
            CampaignRows.update(tx, changed);
            tx.notify(Channels.CAMPAIGNS, changed.id().toString());
            return Optional.of(changed);
        });
    }

    /**
     * Starts or stops a campaign; a call under way is not touched.
     *
     * @return false when there is no campaign of that name
     */
    public boolean setRunning(String name, boolean running) {
        return transactions.run(tx -> {
            Optional<Long> id = tx.first(
                    "update campaign set running = ?, changed_at = clock_timestamp() where name = ? returning id",
                    row -> row.getLong(1),
                    running,
                    name);
            if (id.isPresent()) {
                tx.notify(Channels.CAMPAIGNS, id.get().toString());
            }
            return id.isPresent();
        });
    }

    public List<Campaign> list() {
        return transactions.run(CampaignRows::all);
    }

    public Optional<Campaign> find(String name) {
        return transactions.run(tx -> tx.first("select * from campaign where name = ?", CampaignRows::read, name));
    }

    /**
     * Keeps that the customer of an IVR's call wants no more calls: his contact is closed, now or when the call ends.
     *
     * @param ivrCallId the Call-ID of the IVR's leg
     * @return false when no IVR had such a call
     */
    public boolean optOut(String ivrCallId) {
        return transactions.run(tx -> new Dispositions(tx).optOut(ivrCallId));
    }
}
