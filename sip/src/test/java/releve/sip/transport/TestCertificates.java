package releve.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.sip.transport.TlsSettings.ClientCertificates;

/** Certificates made for one run of the tests with the JDK's own tool: one authority, and what it signed. */
final class TestCertificates {
    static final String DOMAIN = "sip.releve.test";
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path directory;
    private final Path file;

    TestCertificates(Path directory) throws Exception {
        this.directory = directory;
        this.file = directory.resolve("keys.p12");
        keytool("authority", "-ext", "bc:c=ca:true", "-validity", "30");
        signed("good", "san=dns:" + DOMAIN + ",ip:127.0.0.1", "-validity", "30");
        signed("other", "san=uri:sip:elsewhere.test,dns:" + DOMAIN, "-validity", "30");
        signed("expired", "san=dns:" + DOMAIN + ",ip:127.0.0.1", "-startdate", "-10d", "-validity", "5");
        keytool("stranger", "-ext", "san=dns:" + DOMAIN + ",ip:127.0.0.1", "-validity", "30");
    }

    private void signed(String alias, String san, String... more) throws Exception {
        List<String> all = new ArrayList<>(List.of("-signer", "authority", "-ext", san));
        all.addAll(List.of(more));
        keytool(alias, all.toArray(String[]::new));
    }

    private void keytool(String alias, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + alias,
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD)));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
    }

    private KeyStore all() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static KeyStore empty() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** @param alias whose key to show, or null to show none */
    TlsSettings settings(@Nullable String alias, ClientCertificates clients) throws Exception {
        KeyStore all = all();
        KeyStore trusted = empty();
        trusted.setCertificateEntry("authority", all.getCertificate("authority"));
        KeyStore own = null;
        if (alias != null) {
            own = empty();
            own.setKeyEntry(alias, all.getKey(alias, PASSWORD), PASSWORD, all.getCertificateChain(alias));
        }
        return TlsSettings.of(own, PASSWORD, trusted, clients);
    }

    /** The same for the good key, by way of PEM files. */
    TlsSettings pem() throws Exception {
        KeyStore all = all();
        Path chain = pem("chain.pem", "CERTIFICATE", all.getCertificateChain("good"));
        Path authority = pem("authority.pem", "CERTIFICATE", all.getCertificate("authority"));
        Path key = directory.resolve("key.pem");
        Files.writeString(key, block("PRIVATE KEY", all.getKey("good", PASSWORD).getEncoded()));
        return TlsSettings.ofPem(chain, key, authority, ClientCertificates.OPTIONAL);
    }

    private Path pem(String name, String kind, Certificate... certificates) throws Exception {
        StringBuilder text = new StringBuilder();
        for (Certificate certificate : certificates) {
            text.append(block(kind, certificate.getEncoded()));
        }
        return Files.writeString(directory.resolve(name), text);
    }

    private static String block(String kind, byte[] bytes) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
    }
}
