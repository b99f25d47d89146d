package releve.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @Test
    void shouldGiveNoPortTwiceNorToTwoProcesses() throws IOException {
        FreePorts one = new FreePorts();
        FreePorts other = new FreePorts();
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            assertThat(given.add(one.give())).isTrue();
            assertThat(given.add(other.give())).isTrue();
        }
        assertThat(given).allMatch(port -> port > FreePorts.FIRST && port < FreePorts.LAST && port % 2 == 0);
    }

    @Test
    void shouldPassOverWhatIsInUseWithEitherTransport() throws IOException {
        FreePorts ports = new FreePorts();
        int last = ports.give();
        // Of the ports that come next: in the middle of a block, which has 49.
        try (ServerSocket _ = new ServerSocket(last + 2, 1, LOOPBACK);
                DatagramSocket _ = new DatagramSocket(last + 4, LOOPBACK);
                ServerSocket _ = new ServerSocket(last + 7, 1, LOOPBACK)) {
            assertThat(ports.give()).isEqualTo(last + 8);
        }
    }
}
