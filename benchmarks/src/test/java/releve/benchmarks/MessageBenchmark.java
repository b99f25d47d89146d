package releve.benchmarks;

import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.parser.StringMsgParser;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import releve.sip.message.MalformedMessageException;
import releve.sip.message.SipMessage;
import releve.sip.message.SipParser;
import releve.sip.message.SipWriter;

/**
 * Parsing and writing a 200 OK with a session description, as a carrier sends it; beside JAIN-SIP's parser. Both read the
 * fields that every transaction needs. One thread, so one core bounds it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class MessageBenchmark {
    private static final String BODY = """
            v=0
            o=carrier 2890844527 2890844527 IN IP4 192.0.2.101
            s=-
            c=IN IP4 192.0.2.101
            t=0 0
            m=audio 49172 RTP/AVP 0 8 101
            a=rtpmap:0 PCMU/8000
            a=rtpmap:8 PCMA/8000
            a=rtpmap:101 telephone-event/8000
            a=fmtp:101 0-15
            a=ptime:20
            a=sendrecv
            """.replace("\n", "\r\n");

    private static final String HEAD = """
            SIP/2.0 200 OK
            Via: SIP/2.0/UDP 192.0.2.20:5060;branch=z9hG4bK74bf9a1c02d4e8f1;rport=5060;received=192.0.2.20
            From: <sip:+12025550199@192.0.2.20>;tag=9fxced76sl1b2c3d
            To: <sip:+12025550123@192.0.2.10>;tag=8321234356aa01
            Call-ID: 3848276298220188511f1a9c20b7d4e6
            CSeq: 1 INVITE
            Contact: <sip:+12025550123@192.0.2.101:5060;transport=udp>
            Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, PRACK
            Server: Carrier
            Content-Type: application/sdp
            """.replace("\n", "\r\n");

    private final byte[] bytes =
            (HEAD + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY).getBytes(StandardCharsets.UTF_8);

    private final StringMsgParser jainParser = new StringMsgParser();
    private SipMessage message;
    private SIPResponse jainMessage;

    @Setup
    public void parseOnce() throws MalformedMessageException, ParseException {
        message = SipParser.parse(bytes, 0, bytes.length);
        jainMessage = (SIPResponse) jainParser.parseSIPMessage(bytes, true, true, null);
    }

    @Benchmark
    public Object releveParses() throws MalformedMessageException {
        SipMessage parsed = SipParser.parse(bytes, 0, bytes.length);
        return parsed.topVia().branch() + parsed.cseq().number() + parsed.to().tag() + parsed.callId();
    }

    @Benchmark
    public Object jainSipParses() throws ParseException {
        SIPResponse parsed = (SIPResponse) jainParser.parseSIPMessage(bytes, true, true, null);
        return parsed.getTopmostVia().getBranch()
                + parsed.getCSeq().getSeqNumber()
                + parsed.getTo().getTag()
                + parsed.getCallId().getCallId();
    }

    @Benchmark
    public Object releveWrites() {
        return SipWriter.write(message);
    }

    @Benchmark
    public Object jainSipWrites() {
        return jainMessage.encodeAsBytes("udp");
    }
}
