package io.evenkeel.netty;

import io.evenkeel.affinity.HashSecret;
import io.evenkeel.backend.Backend;
import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.SessionPersistence;
import io.evenkeel.pool.BackendPool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A forwarder in a process of its own: for TCP and UDP at one port, with clients that stay on one backend, and the secret of
 * its fleet.
 */
final class ForwarderProcess implements AutoCloseable {
    private final JavaProcess process;

    private ForwarderProcess(JavaProcess process) {
        this.process = process;
    }

    /** A port of 0 is any. */
    static ForwarderProcess start(String ip, int port, List<Backend> tcp, List<Backend> udp) throws IOException {
        List<String> args = new ArrayList<>(List.of(ip, String.valueOf(port), String.valueOf(tcp.size())));
        tcp.forEach(backend -> args.add(text(backend)));
        udp.forEach(backend -> args.add(text(backend)));
        return new ForwarderProcess(new JavaProcess(ForwarderProcess.class, args.toArray(String[]::new)));
    }

    private static String text(Backend backend) {
        return backend.id() + " " + backend.address().getHostString() + " "
                + backend.address().getPort();
    }

    int port() {
        return process.port();
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }

    public static void main(String[] args) throws IOException {
        int tcp = 3 + Integer.parseInt(args[2]);
        LoadBalancingRule web = rule("web", Frontend.tcp(args[0], Integer.parseInt(args[1])), pool(args, 3, tcp));
        HashSecret secret = new HashSecret(11, 12);
        Forwarder forwarder = Forwarder.builder()
                .transport(Transport.NIO)
                .threads(1)
                .rules(web)
                .hashSecret(secret)
                .build();
        int port = forwarder.boundAddress("web").getPort();
        forwarder.update(web, rule("dns", Frontend.udp(args[0], port), pool(args, tcp, args.length)));
        System.out.println(port);
        while (System.in.read() >= 0) {} // until the parent ends
        System.exit(0);
    }

    private static LoadBalancingRule rule(String name, Frontend frontend, BackendPool pool) {
        return LoadBalancingRule.of(name, frontend, pool).withSessionPersistence(SessionPersistence.CLIENT_IP);
    }

    private static BackendPool pool(String[] args, int from, int to) {
        BackendPool pool = BackendPool.of("vms");
        for (int i = from; i < to; i++) {
            String[] parts = args[i].split(" ", -1);
            pool.add(Backend.of(parts[0], parts[1], Integer.parseInt(parts[2])));
        }
        return pool;
    }
}
