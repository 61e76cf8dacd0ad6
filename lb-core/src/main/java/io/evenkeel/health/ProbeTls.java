package io.evenkeel.health;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.net.InetAddresses;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How an HTTPS probe knows whom it talks to. By default the certificate must come from an authority that the JDK trusts,
 * be valid today, and name the backend: its host name, or its IP address where that is what was declared. Immutable.
 */
public final class ProbeTls {
    private static final Logger LOG = LoggerFactory.getLogger(ProbeTls.class);

    private final SSLContext context;
    private final Optional<String> serverName;
    private final boolean isVerifying;

    private ProbeTls(SSLContext context, Optional<String> serverName, boolean isVerifying) {
        this.context = context;
        this.serverName = serverName;
        this.isVerifying = isVerifying;
    }

    /** Trusts the authorities that the JDK trusts, and shows no certificate of its own. */
    public static ProbeTls defaults() {
        return new ProbeTls(trusting(null), Optional.empty(), true);
    }

    /**
     * The same with trust, and with a certificate to show, of the caller's; verifies, whatever was said before.
     *
     * <p>A session that this context resumes is not verified a second time. Where an expired certificate is to be seen
     * at the next probe, and not a day later, give it a session time-out of a second.
     */
    public ProbeTls withContext(SSLContext context) {
        return new ProbeTls(context, serverName, true);
    }

    /** The same, but asks for this name (SNI) and expects it in the certificate, whatever the backend's host is. */
    public ProbeTls withServerName(String serverName) {
        checkArgument(isHostName(serverName), "serverName: (expected: a host name)");
        return new ProbeTls(context, Optional.of(serverName), isVerifying);
    }

    /**
     * The same, but takes any certificate of anybody for good: whoever gets into the way can make a backend look well.
     * Logs a warning.
     */
    public ProbeTls insecureWithoutVerification() {
        LOG.warn("an HTTPS probe was told not to verify certificates: anybody may answer for a backend");
        return new ProbeTls(trusting(new TrustManager[] {new AnyCertificate()}), serverName, false);
    }

    /** For one connection to that backend; a port of 0 is its own. */
    SSLEngine engine(InetSocketAddress backend, int port) {
        String name = serverName.orElse(withoutDot(backend.getHostString()));
        SSLEngine engine = context.createSSLEngine(name, port == 0 ? backend.getPort() : port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        if (isVerifying) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the name, besides the chain
        }
        if (isHostName(name)) {
            // By itself the JDK leaves it out for names without a dot. Names such as my_service cannot be sent.
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** A dot at the end keeps resolvers from completing a name; neither certificates nor TLS have it. */
    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static boolean isHostName(String name) {
        try {
            return !InetAddresses.isInetAddress(name)
                    && !new SNIHostName(name).getAsciiName().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Null stands for what the JDK trusts. */
    private static SSLContext trusting(TrustManager @Nullable [] trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust, null);
            // Each probe is to verify anew: a session that is resumed hides a certificate that has expired.
            context.getClientSessionContext().setSessionTimeout(1);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS is not to be had from this JDK", e);
        }
    }

    /** How certificates are verified, for listings. */
    @Override
    public String toString() {
        return (isVerifying ? "verified" : "not verified")
                + serverName.map(name -> " as " + name).orElse("");
    }

    private static final class AnyCertificate extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
