package releve.core.common;

/** Names a campaign; the store gives it. */
public record CampaignId(long value) {
    @Override
    public String toString() {
        return Long.toString(value);
    }
}
