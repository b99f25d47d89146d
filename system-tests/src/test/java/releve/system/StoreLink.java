package releve.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import releve.server.store.StoreAddress;

/** The way from the nodes to the store, which can be cut: a TCP proxy on loopback. */
final class StoreLink implements AutoCloseable {
    /** How a cut shows itself. */
    enum Cut {
        /** Connections are reset, new ones are refused as soon as they are made. */
        RESET,
        /** Nothing is answered any more: connections stay open and silent. */
        BLACK_HOLE
    }

    private enum State {
        OPEN,
        RESET,
        SILENT
    }

    private final StoreAddress store;
    private final InetSocketAddress target;
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Object turn = new Object();
    private volatile State state = State.OPEN;
    private volatile boolean closed;

    StoreLink(StoreAddress store) throws IOException {
        this.store = store;
        URI uri = URI.create(store.url().substring("jdbc:".length()));
        this.target = new InetSocketAddress(uri.getHost(), uri.getPort());
        this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** The store's address by way of this link. */
    StoreAddress address() {
        String url = store.url()
                .replaceFirst(
                        "//[^/]+/",
                        "//" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort() + "/");
        return new StoreAddress(url, store.user(), store.password());
    }

    void cut(Cut how) {
        switch (how) {
            case RESET -> {
                state = State.RESET;
                sockets.forEach(StoreLink::reset);
            }
            case BLACK_HOLE -> state = State.SILENT;
        }
    }

    /** Lets traffic through again; what was connected during a silence gets a reset, as after a router's restart. */
    void restore() {
        boolean wasSilent = state == State.SILENT;
        if (wasSilent) {
            sockets.forEach(StoreLink::reset);
        }
        synchronized (turn) {
            state = State.OPEN;
            turn.notifyAll();
        }
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = server.accept();
                if (state == State.RESET) {
                    reset(client);
                } else {
                    sockets.add(client);
                    Thread.ofVirtual().start(() -> connect(client));
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        try {
            passable();
            Socket up = new Socket();
            sockets.add(up);
            up.connect(target);
            Thread.ofVirtual().start(() -> pump(client, up));
            pump(up, client);
        } catch (IOException e) {
            reset(client);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[16 * 1024];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                passable();
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // Either end is gone; so is the other now.
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    /** Waits while the link is silent. @throws IOException when it is cut */
    private void passable() throws IOException {
        synchronized (turn) {
            while (state == State.SILENT && !closed) {
                try {
                    turn.wait();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        }
        if (state == State.RESET || closed) {
            throw new IOException("the link is cut");
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is closed already.
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (turn) {
            closed = true;
            turn.notifyAll();
        }
        server.close();
        sockets.forEach(StoreLink::reset);
    }
}
