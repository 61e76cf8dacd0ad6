package io.evenkeel.examples.discovery;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.testing.Certificates;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Debian's etcd, as a process. */
final class EtcdServer implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/etcd");

    private final EtcdAccess access;
    private final Server server;

    private EtcdServer(EtcdAccess access, HttpClient client, Path folder, List<String> options) throws IOException {
        assumeTrue(Files.isExecutable(PROGRAM), "etcd is not installed; .ci/install-servers does it");
        URI own = access.endpoints().get(0);
        String peers = "http://127.0.0.1:" + Server.freePort();
        List<String> command = new ArrayList<>(List.of(
                PROGRAM.toString(),
                "--data-dir=" + folder.resolve("data"),
                "--listen-client-urls=" + own,
                "--advertise-client-urls=" + own,
                "--listen-peer-urls=" + peers,
                "--initial-advertise-peer-urls=" + peers,
                "--initial-cluster=default=" + peers,
                // As for machines in one room: after its return etcd lets leases live for an election longer.
                "--heartbeat-interval=30",
                "--election-timeout=300",
                "--unsafe-no-fsync"));
        command.addAll(options);
        this.access = access;
        this.server = new Server(command, () -> isHealthy(client, own), folder.resolve("etcd.log"));
    }

    /** It answers so once it has a leader, whoever asks. */
    private static boolean isHealthy(HttpClient client, URI own) throws IOException, InterruptedException {
        HttpRequest question = HttpRequest.newBuilder(own.resolve("/health")).build();
        return client.send(question, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
    }

    static EtcdServer start(Path folder) throws IOException {
        EtcdAccess access = EtcdAccess.of(List.of(URI.create("http://127.0.0.1:" + Server.freePort())));
        return new EtcdServer(access, HttpClient.newHttpClient(), folder, List.of());
    }

    /** Its access trusts the test authority. */
    static EtcdServer startWithTls(Path folder) throws IOException {
        Path certificate = folder.resolve("certificate.pem");
        Path key = folder.resolve("key.pem");
        Certificates.writePem("good", certificate, key);
        EtcdAccess access = EtcdAccess.of(List.of(URI.create("https://127.0.0.1:" + Server.freePort())))
                .withTls(Certificates.trusting());
        HttpClient client =
                HttpClient.newBuilder().sslContext(Certificates.trusting()).build();
        return new EtcdServer(access, client, folder, List.of("--cert-file=" + certificate, "--key-file=" + key));
    }

    /** Without a user. */
    EtcdAccess access() {
        return access;
    }

    void kill() throws InterruptedException {
        server.kill();
    }

    /** Again, and waits until it answers. */
    void start() throws IOException {
        server.start();
    }

    @Override
    public void close() throws InterruptedException {
        server.close();
    }
}
