package releve.sip.locate;

import java.util.List;

/** What the DNS said to a {@link Question}. */
public sealed interface Answer {
    /**
     * There are records.
     *
     * @param records of the type asked for, aliases followed; at least one
     * @param ttlMs for how long they hold, ms, the shortest of all records involved
     */
    record Found(List<DnsRecord> records, long ttlMs) implements Answer {
        public Found {
            records = List.copyOf(records);
        }
    }

    /**
     * There is no such name, or it has no such records.
     *
     * @param ttlMs for how long that holds, ms (RFC 2308)
     */
    record Absent(long ttlMs) implements Answer {}

    /**
     * Nobody could say: no server answered in time, or it refused.
     *
     * @param reason in one clause
     */
    record Failed(String reason) implements Answer {}
}
