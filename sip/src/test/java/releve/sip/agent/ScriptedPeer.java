package releve.sip.agent;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import releve.sip.message.Method;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;

/** A notifier that does what a test says, right or wrong; it takes the place of a user agent in the network. */
final class ScriptedPeer {
    private final LossyNetwork net;
    private final InetSocketAddress address;
    private final InetSocketAddress peer;
    final List<SipRequest> requests = new ArrayList<>();
    final List<SipResponse> responses = new ArrayList<>();
    Consumer<SipRequest> onRequest = _ -> {};
    private int branch;
    int cseq;

    ScriptedPeer(LossyNetwork net, InetSocketAddress address, InetSocketAddress peer) {
        this.net = net;
        this.address = address;
        this.peer = peer;
        net.loses = wire -> {
            if (!wire.to().equals(address)) {
                return false;
            }
            switch (wire.message()) {
                case SipRequest request -> {
                    requests.add(request);
                    onRequest.accept(request);
                }
                case SipResponse response -> responses.add(response);
            }
            return true;
        };
    }

    private void send(String start, List<String> headers, String body) {
        String text = start + "\r\n" + String.join("\r\n", headers) + "\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
        net.inject(text.getBytes(StandardCharsets.UTF_8), address, peer);
    }

    void respond(SipRequest request, int status, String... more) {
        List<String> headers = new ArrayList<>(List.of(
                "Via: " + request.headers().first("Via"),
                "From: " + request.headers().first("From"),
                "To: " + request.headers().first("To") + (request.to().tag() == null ? ";tag=peer" : ""),
                "Call-ID: " + request.callId(),
                "CSeq: " + request.headers().first("CSeq"),
                "Contact: <sip:peer@" + text(address) + ">"));
        headers.addAll(List.of(more));
        send("SIP/2.0 " + status + " Said", headers, "");
    }

    /** A NOTIFY for the subscription that a SUBSCRIBE asked for. */
    void notify(SipRequest subscribe, String tag, int number, String state, String contentType, String body) {
        List<String> headers = new ArrayList<>(List.of(
                "Via: SIP/2.0/UDP " + text(address) + ";branch=z9hG4bKpeer" + ++branch,
                "Max-Forwards: 70",
                "From: <" + subscribe.to().uri() + ">;tag=" + tag,
                "To: " + subscribe.headers().first("From"),
                "Call-ID: " + subscribe.callId(),
                "CSeq: " + number + " " + Method.NOTIFY,
                "Contact: <sip:peer@" + text(address) + ">",
                "Event: dialog",
                "Subscription-State: " + state));
        if (!body.isEmpty()) {
            headers.add("Content-Type: " + contentType);
        }
        send("NOTIFY sip:releve@" + text(peer) + " SIP/2.0", headers, body);
    }

    void notify(SipRequest subscribe, String state, String body) {
        notify(subscribe, "peer", ++cseq, state, "application/dialog-info+xml", body);
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    int lastStatus() {
        return responses.getLast().status();
    }
}
