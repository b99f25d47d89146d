package releve.sim.world;

import java.util.PriorityQueue;

/** What is going to happen, in the order of time, and of entry at the same time. */
public final class Agenda {
    private record Entry(long atMs, long order, Runnable what) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(atMs, other.atMs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long order;
    private long nowMs;

    public void at(long atMs, Runnable what) {
        entries.add(new Entry(Math.max(atMs, nowMs), order++, what));
    }

    public void in(long ms, Runnable what) {
        at(nowMs + ms, what);
    }

    public long nowMs() {
        return nowMs;
    }

    /** Does the next thing; false when there is none. */
    public boolean step() {
        Entry entry = entries.poll();
        if (entry == null) {
            return false;
        }
        nowMs = entry.atMs;
        entry.what.run();
        return true;
    }
}
