package releve.sip.transaction;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Deadlines ordered by time: a binary heap in which each element knows its place, so that setting, moving and clearing
 * cost O(log n) and nothing that was cleared stays behind.
 */
public final class DeadlineHeap {
    private @Nullable Deadline[] heap = new Deadline[64];
    private int size;

    /** How many deadlines are set. */
    public int size() {
        return size;
    }

    /** The earliest deadline, or {@link Deadline#NONE}. */
    public long nextMs() {
        return size == 0 ? Deadline.NONE : at(0).deadlineMs;
    }

    /** Sets or moves the deadline; {@link Deadline#NONE} clears it. */
    public void set(Deadline d, long deadlineMs) {
        if (deadlineMs == Deadline.NONE) {
            clear(d);
            return;
        }
        d.deadlineMs = deadlineMs;
        if (d.heapIndex < 0) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, 2 * size);
            }
            d.heapIndex = size;
            heap[size++] = d;
        }
        up(d.heapIndex);
        down(d.heapIndex);
    }

    /** Clears the deadline if one is set. */
    public void clear(Deadline d) {
        int hole = d.heapIndex;
        d.deadlineMs = Deadline.NONE;
        if (hole < 0) {
            return;
        }
        d.heapIndex = -1;
        Deadline last = at(--size);
        heap[size] = null;
        if (hole < size) {
            heap[hole] = last;
            last.heapIndex = hole;
            up(hole);
            down(last.heapIndex);
        }
    }

    /**
     * Calls deadlines that are due, in their order.
     *
     * @param most the most to call; when more are due, {@link #nextMs()} stays in the past
     * @return how many were called
     */
    public int expire(long nowMs, int most) {
        int count = 0;
        while (count < most && size > 0 && at(0).deadlineMs <= nowMs) {
            Deadline due = at(0);
            clear(due);
            due.expire(nowMs);
            count++;
        }
        return count;
    }

    private Deadline at(int index) {
        Deadline d = heap[index];
        if (d == null) {
            throw new IllegalStateException("the deadline heap has a hole at " + index);
        }
        return d;
    }

    private void up(int from) {
        int i = from;
        Deadline moving = at(i);
        while (i > 0 && at((i - 1) / 2).deadlineMs > moving.deadlineMs) {
            place(at((i - 1) / 2), i);
            i = (i - 1) / 2;
        }
        place(moving, i);
    }

    private void down(int from) {
        int i = from;
        Deadline moving = at(i);
        while (2 * i + 1 < size) {
            int child = 2 * i + 1;
            if (child + 1 < size && at(child + 1).deadlineMs < at(child).deadlineMs) {
                child++;
            }
            if (at(child).deadlineMs >= moving.deadlineMs) {
                break;
            }
            place(at(child), i);
            i = child;
        }
        place(moving, i);
    }

    private void place(Deadline d, int index) {
        heap[index] = d;
        d.heapIndex = index;
    }
}
