package releve.server.telephony;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import releve.media.g711.G711;
import releve.media.prompt.Prompt;
import releve.media.prompt.PromptPackets;
import releve.sip.sdp.MalformedSdpException;
import releve.sip.sdp.Sdp;
import releve.sip.sdp.SdpMedia;

/**
 * Plays recordings to calls: one packet of RTP every 20 ms for each, from the port that our descriptions name. All plays
 * share one thread; a packet takes microseconds to make and to send.
 */
final class PromptPlayer implements AutoCloseable {
    /** Plays at once; more are refused, and the caller does without. */
    static final int PLAYS_MAX = 1_000;

    private final RtpSink sink;
    private final RandomGenerator random;
    private final AtomicInteger plays = new AtomicInteger();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("prompts").factory());

    PromptPlayer(RtpSink sink, RandomGenerator random) {
        this.sink = sink;
        this.random = random;
    }

    /** One recording on its way to one call. */
    final class Play {
        private final PromptPackets packets;
        private final InetSocketAddress destination;
        private final Runnable played;
        private int next;
        private boolean over;
        private @Nullable ScheduledFuture<?> schedule;

        private Play(PromptPackets packets, InetSocketAddress destination, Runnable played) {
            this.packets = packets;
            this.destination = destination;
            this.played = played;
        }

        private synchronized void start() {
            long intervalMs = PromptPackets.INTERVAL.toMillis();
            schedule = clock.scheduleAtFixedRate(this::send, 0, intervalMs, TimeUnit.MILLISECONDS);
        }

        private void send() {
            synchronized (this) {
                if (over) {
                    return;
                }
                if (next < packets.count()) {
                    sink.send(packets.packet(next++), destination);
                    return;
                }
            }
            if (end()) {
                played.run();
            }
        }

        /** Stops it; nobody is told. */
        void stop() {
            end();
        }

        private synchronized boolean end() {
            if (over) {
                return false;
            }
            over = true;
            plays.decrementAndGet();
            if (schedule != null) {
                schedule.cancel(false);
            }
            return true;
        }
    }

    /**
     * Plays to where a description wants its audio.
     *
     * @param played is run on the player's thread when the last packet has left; it must not block
     * @return empty when the description takes no audio of ours, or too much is being played already
     */
    Optional<Play> play(Prompt prompt, String sdp, Runnable played) {
        Listener listener = listener(sdp);
        if (listener == null) {
            return Optional.empty();
        }
        if (plays.incrementAndGet() > PLAYS_MAX) {
            plays.decrementAndGet();
            return Optional.empty();
        }
        PromptPackets.Start start = new PromptPackets.Start(random.nextInt(), random.nextInt(), random.nextInt());
        Play play = new Play(new PromptPackets(prompt, listener.law(), start), listener.address(), played);
        play.start();
        return Optional.of(play);
    }

    private record Listener(InetSocketAddress address, G711 law) {}

    private static @Nullable Listener listener(String sdp) {
        try {
            Sdp description = Sdp.parse(sdp);
            SdpMedia audio = description.firstAudio();
            String host = audio == null ? null : description.addressOf(audio);
            if (audio == null || host == null || !host.matches("[0-9a-fA-F:.]+") || host.equals("0.0.0.0")) {
                return null;
            }
            for (String format : audio.formats()) {
                for (G711 law : G711.values()) {
                    if (format.equals(Integer.toString(law.payloadType()))) {
                        return new Listener(new InetSocketAddress(InetAddress.getByName(host), audio.port()), law);
                    }
                }
            }
            return null;
        } catch (MalformedSdpException | UnknownHostException e) {
            return null;
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        try {
            clock.awaitTermination(Duration.ofSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
