package releve.sip.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import releve.sip.agent.UserAgentConfig;
import releve.sip.transaction.Hop;
import releve.sip.transaction.Transport;

/**
 * The bound sockets of an endpoint, registered with one selector.
 *
 * @param udp the UDP sockets, the one of the user agent's local address first
 * @param ports the port bound for each of {@link EndpointConfig#more()}, in its order
 */
record Sockets(Selector selector, List<UdpSocket> udp, List<Integer> ports) {
    /** @throws IOException with one sentence that names transport, address, port and cause; then nothing stays bound */
    static Sockets open(EndpointConfig config) throws IOException {
        Selector selector = Selector.open();
        try {
            List<UdpSocket> udp = new ArrayList<>();
            List<Integer> ports = new ArrayList<>();
            udp.add(datagrams(config.udp(), selector));
            for (EndpointConfig.Bind bind : config.more()) {
                if (bind.transport() == Transport.UDP) {
                    UdpSocket socket = datagrams(bind.bind(), selector);
                    udp.add(socket);
                    ports.add(socket.port());
                } else {
                    Connections.Listener listener = Connections.Listener.open(bind);
                    listener.channel().register(selector, SelectionKey.OP_ACCEPT, listener);
                    ports.add(listener.port());
                }
            }
            return new Sockets(selector, List.copyOf(udp), List.copyOf(ports));
        } catch (IOException | RuntimeException e) {
            close(selector);
            throw e;
        }
    }

    private static UdpSocket datagrams(InetSocketAddress bind, Selector selector) throws IOException {
        UdpSocket socket = UdpSocket.open(bind);
        socket.channel().register(selector, SelectionKey.OP_READ, socket);
        return socket;
    }

    /** The user agent's configuration with the ports that were bound. */
    UserAgentConfig told(EndpointConfig endpoint, UserAgentConfig config) throws IOException {
        UserAgentConfig real = config.local().getPort() != 0
                ? config
                : config.withLocal(new InetSocketAddress(
                        config.local().getAddress(), udp.getFirst().port()));
        List<Hop> also = new ArrayList<>(config.alsoAt());
        for (int i = 0; i < ports.size(); i++) {
            EndpointConfig.Bind bind = endpoint.more().get(i);
            InetSocketAddress told = bind.told();
            int port = told.getPort() != 0 ? told.getPort() : ports.get(i);
            also.add(Hop.of(bind.transport(), new InetSocketAddress(told.getAddress(), port)));
        }
        return real.withAlsoAt(also);
    }

    /** Closes whatever is registered, and the selector. */
    static void close(Selector selector) {
        for (SelectionKey key : List.copyOf(selector.keys())) {
            try {
                key.channel().close();
            } catch (IOException _) {
                // Nothing is left to be done with it.
            }
        }
        try {
            selector.close();
        } catch (IOException _) {
            // The same.
        }
    }
}
