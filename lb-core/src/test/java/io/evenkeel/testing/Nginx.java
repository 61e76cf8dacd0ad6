package io.evenkeel.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real nginx on a loopback address; tests that need it are skipped where it is not installed. */
public final class Nginx implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/nginx");

    private final Process process;
    private final InetSocketAddress address;

    private Nginx(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Serves what {@code server} says, in the language of its configuration.
     *
     * @param folder an empty folder for it to work in
     */
    public static Nginx start(Path folder, String ip, String server) throws IOException {
        assumeTrue(Files.isExecutable(PROGRAM), "nginx is not installed; .ci/install-servers does it");
        InetSocketAddress address;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(ip))) {
            address = (InetSocketAddress) free.getLocalSocketAddress();
        }
        Path config = folder.resolve("nginx.conf");
        Files.writeString(config, """
                daemon off;
                master_process off;
                pid %1$s/nginx.pid;
                error_log %1$s/error.log;
                events {}
                http {
                  access_log off;
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                  server {
                    listen %2$s:%3$d;
                    root %1$s;
                    %4$s
                  }
                }
                """.formatted(folder, ip, address.getPort(), server));
        Process process = new ProcessBuilder(List.of(
                        PROGRAM.toString(),
                        "-p",
                        folder.toString(),
                        "-c",
                        config.toString(),
                        "-e",
                        folder + "/error.log"))
                .inheritIO()
                .start();
        Nginx nginx = new Nginx(process, address);
        Await.until("nginx listens", nginx::listens);
        return nginx;
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(address, 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
