package releve.sip.locate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/** The order in which the servers of a service are tried (RFC 2782, usage rules). */
final class ServiceOrder {
    private ServiceOrder() {}

    /** By priority; among equals at random, in proportion to the weights. Fewer than 65,536 records of 16 bits. */
    static List<DnsRecord.Srv> of(List<DnsRecord.Srv> records, RandomGenerator random) {
        List<DnsRecord.Srv> left = new ArrayList<>(records);
        // Records of weight 0 come first within their priority, which gives them a small chance of being drawn.
        left.sort(Comparator.comparingInt(DnsRecord.Srv::priority).thenComparingInt(DnsRecord.Srv::weight));
        List<DnsRecord.Srv> ordered = new ArrayList<>(left.size());
        while (!left.isEmpty()) {
            ordered.add(left.remove(draw(left, random)));
        }
        return ordered;
    }

    /** The index of the next record among those of the first priority. */
    private static int draw(List<DnsRecord.Srv> left, RandomGenerator random) {
        int priority = left.getFirst().priority();
        int end = 0;
        int sum = 0;
        while (end < left.size() && left.get(end).priority() == priority) {
            sum += left.get(end++).weight();
        }
        int drawn = random.nextInt(sum + 1);
        int running = 0;
        for (int i = 0; i < end; i++) {
            running += left.get(i).weight();
            if (running >= drawn) {
                return i;
            }
        }
        return end - 1;
    }
}
