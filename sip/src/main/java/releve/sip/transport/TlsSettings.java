package releve.sip.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What TLS and secure WebSockets use: our certificate, whom we trust, and whether peers that connect to us have to show a
 * certificate. Chains and names are always checked; there is no switch for it.
 *
 * @param context the keys and the trust
 * @param clients what is asked of peers that connect to us
 */
public record TlsSettings(SSLContext context, ClientCertificates clients) {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final List<String> KEY_KINDS = List.of("RSA", "EC", "Ed25519");

    /** What is asked of peers that connect to us. */
    public enum ClientCertificates {
        NOT_ASKED,
        /** Checked when there is one. */
        OPTIONAL,
        REQUIRED
    }

    /**
     * From key stores.
     *
     * @param own our private key with its chain, or null when we only connect and show none
     * @param password of the private key
     * @param trusted certificates of the authorities we trust, or null for those of this Java
     * @throws IOException with one sentence when a store cannot be used
     */
    public static TlsSettings of(
            @Nullable KeyStore own, char[] password, @Nullable KeyStore trusted, ClientCertificates clients)
            throws IOException {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, password);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
            return new TlsSettings(context, clients);
        } catch (GeneralSecurityException e) {
            throw new IOException("The key store for SIP over TLS cannot be used: " + e.getMessage() + ".", e);
        }
    }

    /**
     * From PEM files.
     *
     * @param chain our certificate and those between it and the authority
     * @param key our private key, PKCS #8, not encrypted
     * @param authorities the certificates we trust, or null for those of this Java
     * @throws IOException with one sentence that names the file and what is wrong with it
     */
    public static TlsSettings ofPem(Path chain, Path key, @Nullable Path authorities, ClientCertificates clients)
            throws IOException {
        try {
            KeyStore own = empty();
            own.setKeyEntry(
                    "own", privateKey(key), new char[0], certificates(chain).toArray(Certificate[]::new));
            return of(own, new char[0], trusted(authorities), clients);
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "The key and chain in " + key + " and " + chain + " do not fit: " + e.getMessage(), e);
        }
    }

    /**
     * Without a certificate of our own: for connections that we make to peers who ask for none.
     *
     * @param authorities the certificates we trust, in PEM, or null for those of this Java
     * @throws IOException with one sentence that names the file and what is wrong with it
     */
    public static TlsSettings trusting(@Nullable Path authorities) throws IOException {
        try {
            return of(null, new char[0], trusted(authorities), ClientCertificates.NOT_ASKED);
        } catch (GeneralSecurityException e) {
            throw new IOException("The certificates in " + authorities + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static @Nullable KeyStore trusted(@Nullable Path authorities) throws GeneralSecurityException, IOException {
        if (authorities == null) {
            return null;
        }
        KeyStore trusted = empty();
        for (Certificate authority : certificates(authorities)) {
            trusted.setCertificateEntry("authority " + trusted.size(), authority);
        }
        return trusted;
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (found.isEmpty()) {
                throw new IOException("The file " + file + " holds no certificate in PEM.");
            }
            return found;
        } catch (GeneralSecurityException e) {
            throw new IOException("The file " + file + " holds no certificate in PEM: " + e.getMessage(), e);
        }
    }

    private static PrivateKey privateKey(Path file) throws IOException {
        Matcher matcher = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        if (!matcher.find()) {
            throw new IOException("The file " + file + " holds no private key in PEM (PKCS #8, not encrypted).");
        }
        PKCS8EncodedKeySpec spec =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(1)));
        for (String kind : KEY_KINDS) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(spec);
            } catch (GeneralSecurityException _) {
                // Not of this kind; the file does not say which it is.
            }
        }
        throw new IOException("The private key in " + file + " is none of " + String.join(", ", KEY_KINDS) + ".");
    }

    /** The engine of a connection that a peer made. */
    SSLEngine accepting() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        switch (clients) {
            case NOT_ASKED -> {}
            case OPTIONAL -> parameters.setWantClientAuth(true);
            case REQUIRED -> parameters.setNeedClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** The engine of a connection that we make. @param host the peer's name, told to it as SNI unless an address */
    SSLEngine connecting(String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        engine.setSSLParameters(parameters);
        return engine;
    }
}
