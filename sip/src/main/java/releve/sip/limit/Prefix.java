package releve.sip.limit;

import java.net.InetAddress;

/**
 * A range of addresses, such as {@code 192.0.2.0/24} or {@code 2001:db8::/32}; one address is a range too.
 *
 * @param address any address of the range
 * @param bits how many leading bits count, 0 to 32 or 128
 */
public record Prefix(InetAddress address, int bits) {
    /** @throws IllegalArgumentException when there are more bits than the address has */
    public Prefix {
        if (bits < 0 || bits > 8 * address.getAddress().length) {
            throw new IllegalArgumentException(
                    "an address like " + address.getHostAddress() + " has no " + bits + " bits");
        }
    }

    /** The range of one address. */
    public static Prefix of(InetAddress address) {
        return new Prefix(address, 8 * address.getAddress().length);
    }

    /**
     * Reads {@code ADDRESS} or {@code ADDRESS/BITS}. Names are not looked up.
     *
     * @throws IllegalArgumentException with one sentence for people
     */
    public static Prefix parse(String text) {
        int slash = text.indexOf('/');
        try {
            InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            return slash < 0 ? of(address) : new Prefix(address, Integer.parseInt(text.substring(slash + 1)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no address range: write an address such as 192.0.2.1, or a prefix such as"
                            + " 192.0.2.0/24 or 2001:db8::/32.",
                    e);
        }
    }

    /** Whether the address is in the range; one of the other family never is. */
    public boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] its = other.getAddress();
        if (mine.length != its.length) {
            return false;
        }
        int whole = bits / 8;
        for (int i = 0; i < whole; i++) {
            if (mine[i] != its[i]) {
                return false;
            }
        }
        int mask = 0xff << (8 - bits % 8) & 0xff;
        return bits % 8 == 0 || (mine[whole] & mask) == (its[whole] & mask);
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + bits;
    }
}
