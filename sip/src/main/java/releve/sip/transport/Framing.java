package releve.sip.transport;

import java.nio.ByteBuffer;

/** Cuts what a connection brings into messages and wraps those that leave. Pure: bytes in, bytes out. */
sealed interface Framing permits StreamFraming, WebSocketFraming {
    /**
     * Takes bytes that came, all of them, and gives what they complete to the sink, in order.
     *
     * @throws FramingException when the peer breaks the rules, so that the connection has to be closed
     */
    void arrived(ByteBuffer bytes, Sink sink) throws FramingException;

    /** A message as it goes over the connection. */
    byte[] wrap(byte[] message);

    /** What asks the peer for a sign of life. */
    byte[] ping();

    /** What says goodbye before the connection closes; possibly empty. */
    byte[] goodbye(int closeCode);

    /** Whether a message has begun and not ended. */
    boolean isIncomplete();

    /** Where a framing puts what it finds. */
    interface Sink {
        /** One whole message; the array is to be read during the call only. */
        void message(byte[] bytes, int offset, int length);

        /** Bytes that the rules want sent back: a pong, a closing handshake. */
        void reply(byte[] bytes);

        /** Whether a ping of ours is unanswered: then a lone line end on a stream is its pong (RFC 5626 section 4.4.1). */
        boolean awaitsPong();

        /** The peer answered our ping. */
        void pong();

        /** The peer sent a ping, which was answered. */
        void pinged();
    }
}
