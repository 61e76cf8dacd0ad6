package io.evenkeel.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Certificates for fake servers, in the folder {@code tls} of the test resources. They are valid until 2119 and were made
 * by these commands, each with {@code -storepass changeit -storetype PKCS12 -keyalg EC -groupname secp256r1} where it
 * applies:
 *
 * <pre>
 * keytool -genkeypair -keystore ca.p12 -alias ca -dname "CN=test authority" -ext bc:c -startdate 2020/01/01 -validity 36500
 * keytool -exportcert -rfc -keystore ca.p12 -alias ca &gt; ca.pem
 * keytool -importcert -noprompt -keystore trust.p12 -alias authority -file ca.pem
 *
 * # good: 36500 days, "ip:127.0.0.1,dns:shop.test"; expired: 1 day, the same names; other-name: 36500 days,
 * # "ip:127.0.0.9,dns:other.test"
 * keytool -genkeypair -keystore NAME.p12 -alias server -dname "CN=NAME" -startdate 2020/01/01 -validity DAYS
 * keytool -certreq -keystore NAME.p12 -alias server | keytool -gencert -rfc -keystore ca.p12 -alias ca \\
 *     -startdate 2020/01/01 -validity DAYS -ext "san=NAMES" &gt; NAME.pem
 * keytool -importcert -noprompt -keystore NAME.p12 -alias authority -file ca.pem
 * keytool -importcert -noprompt -keystore NAME.p12 -alias server -file NAME.pem
 *
 * keytool -genkeypair -keystore self-signed.p12 -alias server -dname "CN=self-signed" -startdate 2020/01/01 \\
 *     -validity 36500 -ext "san=ip:127.0.0.1,dns:shop.test"
 * </pre>
 */
public final class Certificates {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private Certificates() {}

    /** A context for a server that shows {@code good}, {@code expired}, {@code other-name} or {@code self-signed}. */
    public static SSLContext server(String name) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store(name), PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Writes the certificate and the key of such a server into files, for one that is not of the JDK. */
    public static void writePem(String name, Path certificate, Path key) throws IOException {
        try {
            KeyStore store = store(name);
            Files.writeString(
                    key, pem("PRIVATE KEY", store.getKey("server", PASSWORD).getEncoded()));
            Files.writeString(
                    certificate,
                    pem("CERTIFICATE", store.getCertificate("server").getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String pem(String type, byte[] bytes) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n";
    }

    /** A context for a client that trusts the test authority and nobody else. */
    public static SSLContext trusting() {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store("trust"));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyStore store(String name) throws GeneralSecurityException {
        try (InputStream in = Certificates.class.getResourceAsStream("/tls/" + name + ".p12")) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD);
            return store;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
