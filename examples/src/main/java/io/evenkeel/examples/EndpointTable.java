package io.evenkeel.examples;

import io.evenkeel.LoadBalancer;
import io.evenkeel.health.ProbeSchedule;
import io.evenkeel.netty.Forwarder;
import io.evenkeel.netty.rule.InboundNatRule;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.pool.Member;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** All endpoints with all their properties, as {@code Get-AzureVM | Get-AzureEndpoint} lists them. */
final class EndpointTable {
    private static final List<String> HEAD = List.of(
            "endpoint",
            "VM",
            "protocol",
            "public",
            "private",
            "load balanced",
            "set",
            "distribution",
            "idle",
            "probe",
            "every",
            "out after",
            "state",
            "fault/update",
            "weight",
            "in flight",
            "picks",
            "failures");

    private EndpointTable() {}

    static String of(Forwarder forwarder, LoadBalancer balancer, ProbeSchedule schedule) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        for (Rule rule : forwarder.rules()) {
            for (Member member : rule.pool().snapshot().members()) {
                if (rule instanceof LoadBalancingRule balanced) {
                    rows.add(row(forwarder, balanced, member, schedule));
                } else if (rule instanceof InboundNatRule nat
                        && nat.backend().equals(member.backend().id())) {
                    rows.add(row(forwarder, nat, member));
                }
            }
        }
        return format(rows) + balancer.pool().name() + ": "
                + balancer.pool().snapshot().out() + " of "
                + balancer.pool().snapshot().members().size() + " members out\n";
    }

    private static List<String> row(
            Forwarder forwarder, LoadBalancingRule rule, Member member, ProbeSchedule schedule) {
        return row(
                forwarder,
                rule,
                member,
                rule.backendPort(),
                List.of(
                        "Yes",
                        rule.pool().name(),
                        rule.sessionPersistence().toString(),
                        rule.options().idleTimeout().toString(),
                        "http " + Vm.HEALTH_PATH,
                        schedule.interval().toString(),
                        String.valueOf(schedule.unhealthyThreshold())));
    }

    private static List<String> row(Forwarder forwarder, InboundNatRule rule, Member member) {
        // A NAT rule asks no probe: it is how one gets to a sick VM.
        return row(
                forwarder,
                rule,
                member,
                rule.backendPort(),
                List.of("No", "-", "-", rule.options().idleTimeout().toString(), "-", "-", "-"));
    }

    private static List<String> row(
            Forwarder forwarder, Rule rule, Member member, int backendPort, List<String> properties) {
        InetSocketAddress bound = forwarder.boundAddress(rule.name());
        InetSocketAddress backend = member.backend().address();
        List<String> row = new ArrayList<>(List.of(
                rule.name(),
                member.backend().id(),
                rule.protocol().toString(),
                bound.getHostString() + ":" + bound.getPort(),
                backend.getHostString() + ":" + (backendPort == 0 ? backend.getPort() : backendPort)));
        row.addAll(properties);
        row.addAll(List.of(
                member.state().toString(),
                member.backend().placement().faultDomain() + "/"
                        + member.backend().placement().updateDomain(),
                String.valueOf(member.weight()),
                String.valueOf(member.load().inFlight()),
                String.valueOf(member.load().picks()),
                String.valueOf(member.load().failures())));
        return row;
    }

    private static String format(List<List<String>> rows) {
        int[] widths = IntStream.range(0, HEAD.size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return rows.stream()
                .map(row -> IntStream.range(0, row.size())
                        .mapToObj(column -> String.format("%-" + widths[column] + "s", row.get(column)))
                        .collect(Collectors.joining("  ", "  ", "\n")))
                .collect(Collectors.joining());
    }
}
