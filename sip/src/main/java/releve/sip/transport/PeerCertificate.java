package releve.sip.transport;

import java.net.InetAddress;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import releve.sip.transaction.Hop;

/**
 * Whether a peer's certificate is for the peer we meant (RFC 5922 sections 7.1 to 7.3): the domain in a SIP URI of
 * subjectAltName; only without one of those, a DNS name there. Names match whole and without wildcards. Who is meant by
 * an address must show the address.
 */
final class PeerCertificate {
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int IP = 7;

    private PeerCertificate() {}

    /** Why the certificate is not the peer's, in one clause; null when it is. */
    static @Nullable String refusal(SSLSession session, Hop peer) {
        String wanted = wanted(peer);
        try {
            Certificate first = session.getPeerCertificates()[0];
            if (!(first instanceof X509Certificate certificate)) {
                return "its certificate is not X.509";
            }
            List<String> names = names(certificate);
            boolean matches = names.stream().anyMatch(name -> name.equalsIgnoreCase(wanted));
            return matches
                    ? null
                    : "its certificate is for " + (names.isEmpty() ? "nobody" : names) + ", not " + wanted;
        } catch (SSLPeerUnverifiedException _) {
            return "it showed no certificate";
        } catch (CertificateParsingException e) {
            return "its certificate's names cannot be read: " + e.getMessage();
        }
    }

    /** The name that the certificate has to be for. */
    static String wanted(Hop peer) {
        return peer.domain().isEmpty() ? peer.address().getAddress().getHostAddress() : peer.domain();
    }

    /** The identities of a certificate, in the order of preference of section 7.1. */
    static List<String> names(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        List<String> uris = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (List<?> entry : alternatives == null ? List.<List<?>>of() : alternatives) {
            if (!(entry.get(0) instanceof Integer kind) || !(entry.get(1) instanceof String text)) {
                continue;
            }
            switch (kind) {
                case URI -> addDomain(text, uris);
                case DNS -> others.add(text);
                case IP -> others.add(InetAddress.ofLiteral(text).getHostAddress());
                default -> {}
            }
        }
        return uris.isEmpty() ? others : uris;
    }

    /** Only {@code sip:domain}: a URI with a user is an address of record, not a domain (section 7.1). */
    private static void addDomain(String uri, List<String> to) {
        String lower = uri.toLowerCase(Locale.ROOT);
        if (lower.startsWith("sip:") && lower.indexOf('@') < 0) {
            String domain = lower.substring(4);
            int end = domain.indexOf(';');
            to.add(end < 0 ? domain : domain.substring(0, end));
        }
    }
}
