package io.evenkeel.benchmarks.forward;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who forwards: each with two threads or workers, and its own ways to be quick turned on. */
public enum Contender {
    /** This library, with the heap a program of that kind would be given. */
    OURS("ours") {
        @Override
        List<String> command(Path directory, int[] front, int[] back) {
            List<String> arguments = new ArrayList<>(List.of(System.getProperty("forward.transport", "AUTO")));
            for (int i = 0; i < front.length; i++) {
                arguments.add(String.valueOf(front[i]));
                arguments.add(String.valueOf(back[i]));
            }
            return Child.java(Ours.class, System.getProperty("forward.jvm", "-Xms64m -Xmx512m"), arguments);
        }
    },
    /** HAProxy in TCP mode; it splices when it likes. */
    HAPROXY("haproxy") {
        @Override
        List<String> command(Path directory, int[] front, int[] back) throws IOException {
            StringBuilder text = new StringBuilder("""
                    global
                      nbthread 2
                      maxconn 5000
                      maxpipes 1000
                    defaults
                      mode tcp
                      timeout connect 3s
                      timeout client 240s
                      timeout server 240s
                      retries 3
                      option redispatch 1
                      option splice-auto
                    """);
            for (Service service : Service.values()) {
                if (!service.isUdp()) {
                    int i = service.ordinal();
                    text.append("listen l%d\n  bind 127.0.0.1:%d backlog 4096\n  server s 127.0.0.1:%d\n"
                            .formatted(i, front[i], back[i]));
                }
            }
            Path file = Files.writeString(directory.resolve("haproxy.cfg"), text);
            return List.of("haproxy", "-db", "-f", file.toString());
        }
    },
    /** The stream module of nginx. */
    NGINX("nginx") {
        @Override
        List<String> command(Path directory, int[] front, int[] back) throws IOException {
            StringBuilder text = new StringBuilder("""
                    load_module /usr/lib/nginx/modules/ngx_stream_module.so;
                    user root; daemon off; worker_processes 2; pid %1$s/nginx.pid; error_log %1$s/error.log crit;
                    worker_rlimit_nofile 20000;
                    events { worker_connections 16000; }
                    stream {
                    """.formatted(directory));
            for (Service service : Service.values()) {
                int i = service.ordinal();
                text.append("  server { listen 127.0.0.1:%d%s reuseport; proxy_pass 127.0.0.1:%d; %s}\n"
                        .formatted(
                                front[i],
                                service.isUdp() ? " udp rcvbuf=4m sndbuf=4m" : " backlog=4096",
                                back[i],
                                service.isUdp() ? "" : "proxy_half_close on; "));
            }
            Path file = Files.writeString(directory.resolve("nginx.conf"), text.append("}\n"));
            return List.of("nginx", "-p", directory.toString(), "-c", file.toString(), "-e", directory + "/error.log");
        }
    };

    private final String words;

    Contender(String words) {
        this.words = words;
    }

    /** Its name in a table. */
    public String words() {
        return words;
    }

    /** Whether it does datagrams as well. */
    public boolean does(Work work) {
        return work.isTcp() || this != HAPROXY;
    }

    /** Whether it is on this machine. */
    public boolean isInstalled() {
        return switch (this) {
            case OURS -> true;
            case HAPROXY -> isProgram("haproxy");
            case NGINX -> isProgram("nginx") && Files.exists(Path.of("/usr/lib/nginx/modules/ngx_stream_module.so"));
        };
    }

    private static boolean isProgram(String name) {
        for (String folder : List.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin")) {
            if (Files.isExecutable(Path.of(folder, name))) {
                return true;
            }
        }
        return false;
    }

    /** How it is started, so that it stays in the foreground. Ports are in the order of the services. */
    abstract List<String> command(Path directory, int[] front, int[] back) throws IOException;
}
