package releve.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import releve.sip.transport.TlsSettings;
import releve.sip.transport.TlsSettings.ClientCertificates;

/**
 * A certificate for the loopback address made for one run of the tests with the JDK's own tool, as PEM files that all
 * sides show and trust.
 */
final class OwnCertificate {
    private static final String ALIAS = "loopback";
    private static final String PASSWORD = "changeit";

    private final Path key;
    private final Path certificate;

    /** Writes {@code key.pem} and {@code certificate.pem} to that folder. */
    OwnCertificate(Path directory) throws Exception {
        key = directory.resolve("key.pem");
        certificate = directory.resolve("certificate.pem");
        KeyStore store = made(directory.resolve("keys.p12"));
        Files.writeString(
                key,
                pem("PRIVATE KEY", store.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()));
        Files.writeString(
                certificate, pem("CERTIFICATE", store.getCertificate(ALIAS).getEncoded()));
    }

    private static KeyStore made(Path file) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-J-XX:TieredStopAtLevel=1",
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + ALIAS,
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "30",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static String pem(String kind, byte[] content) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }

    /** Shows the certificate, trusts nothing else, and requires it of whoever connects. */
    TlsSettings settings() throws Exception {
        return TlsSettings.ofPem(certificate, key, certificate, ClientCertificates.REQUIRED);
    }
}
