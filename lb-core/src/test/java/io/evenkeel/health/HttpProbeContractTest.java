package io.evenkeel.health;

import io.evenkeel.testing.Certificates;
import io.evenkeel.testing.FaultServer;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

@Tag("health")
class HttpProbeContractTest {
    @Nested
    class Http implements HealthProbeContract {
        @Override
        public HealthProbe probe() {
            return HealthProbe.http("/");
        }

        @Override
        public AutoCloseable well() throws Exception {
            return FaultServer.start(HttpProbeContractTest::answer);
        }

        @Override
        public AutoCloseable hanging() throws Exception {
            return FaultServer.start(connection -> drain(connection));
        }

        @Override
        public InetSocketAddress addressOf(AutoCloseable server) {
            return ((FaultServer) server).address();
        }
    }

    @Nested
    class Https implements HealthProbeContract {
        @Override
        public HealthProbe probe() {
            return HealthProbe.https("/").withTls(ProbeTls.defaults().withContext(Certificates.trusting()));
        }

        @Override
        public AutoCloseable well() throws Exception {
            return FaultServer.startTls("good", HttpProbeContractTest::answer);
        }

        @Override
        public AutoCloseable hanging() throws Exception {
            return FaultServer.startTls("good", connection -> drain(connection));
        }

        @Override
        public InetSocketAddress addressOf(AutoCloseable server) {
            return ((FaultServer) server).address();
        }
    }

    private static void answer(Socket connection) throws java.io.IOException {
        FaultServer.readHeaders(connection);
        connection
                .getOutputStream()
                .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII));
    }

    private static void drain(Socket connection) throws java.io.IOException {
        connection.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
    }
}
