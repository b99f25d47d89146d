package releve.system;

import java.io.File;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import releve.server.config.FreePorts;

/** baresip as a phone that answers by itself, and plays back what it hears. */
final class Baresip implements AutoCloseable {
    private final Process process;
    private final InetSocketAddress address;
    private final InetSocketAddress console;

    private Baresip(Process process, InetSocketAddress address, InetSocketAddress console) {
        this.process = process;
        this.address = address;
        this.console = console;
    }

    /** Starts it with its settings in that directory, and waits until it answers. */
    static Baresip start(Path directory, String user) throws Exception {
        InetSocketAddress address = FreePorts.address();
        InetSocketAddress console = FreePorts.address();
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("config"), """
                poll_method epoll
                net_interface 127.0.0.1
                sip_listen 127.0.0.1:%d
                call_max_calls 4
                cons_listen 127.0.0.1:%d
                module_path /usr/lib/baresip/modules
                module g711.so
                module aubridge.so
                module cons.so
                module_app account.so
                module_app menu.so
                audio_player aubridge,echo
                audio_source aubridge,echo
                audio_alert aubridge,alert
                """.formatted(address.getPort(), console.getPort()));
        Files.writeString(
                directory.resolve("accounts"),
                "<sip:%s@127.0.0.1:%d>;regint=0;answermode=auto;audio_codecs=PCMU%n"
                        .formatted(user, address.getPort()));
        Files.writeString(directory.resolve("contacts"), "");
        Process process = new ProcessBuilder("baresip", "-4", "-f", directory.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(new File(directory.toFile(), "baresip.log"))
                .start();
        Baresip phone = new Baresip(process, address, console);
        Awaitility.await("baresip is ready").atMost(Duration.ofSeconds(15)).until(() -> PeerAgent.answers(address));
        return phone;
    }

    InetSocketAddress address() {
        return address;
    }

    /** Ends its call. */
    void hangUp() throws Exception {
        byte[] key = "b".getBytes(StandardCharsets.US_ASCII);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(key, key.length, console));
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
