package io.evenkeel.benchmarks.forward;

import io.evenkeel.backend.Backend;
import io.evenkeel.netty.Forwarder;
import io.evenkeel.netty.Transport;
import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.pool.BackendPool;
import java.io.IOException;

/** Our forwarder as a program: {@code TRANSPORT} and {@code FRONT_PORT BACKEND_PORT} of each service. Ends with its input. */
public final class Ours {
    private Ours() {}

    /** See above. */
    public static void main(String[] args) throws IOException {
        Service[] services = Service.values();
        LoadBalancingRule[] rules = new LoadBalancingRule[services.length];
        for (Service service : services) {
            int i = 1 + 2 * service.ordinal();
            int port = Integer.parseInt(args[i]);
            Frontend frontend = service.isUdp() ? Frontend.udp("127.0.0.1", port) : Frontend.tcp("127.0.0.1", port);
            Backend backend = Backend.of("127.0.0.1", Integer.parseInt(args[i + 1]));
            rules[service.ordinal()] =
                    LoadBalancingRule.of(service.name(), frontend, BackendPool.of(service.name(), backend));
        }
        try (Forwarder forwarder = Forwarder.builder()
                .transport(Transport.valueOf(args[0]))
                .threads(2)
                .rules(rules)
                .build()) {
            while (System.in.read() >= 0) {
                // Nothing is expected but the end.
            }
        }
    }
}
