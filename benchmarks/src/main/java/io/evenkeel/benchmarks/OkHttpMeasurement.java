package io.evenkeel.benchmarks;

import io.evenkeel.strategy.SelectionStrategy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToDoubleFunction;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/**
 * What balancing adds to a call of OkHttp, over loopback to nginx. All ways to call take turns in one process, each round in
 * an order of its own. A ratio is the median over the rounds of ratios within a round, so that what the machine does besides
 * falls on both sides.
 */
final class OkHttpMeasurement {
    private static final int THREADS = 32;
    private static final int CALLS = 500;
    private static final int ROUNDS = 80;
    private static final int ROUNDS_OF_FEW = 120;
    private static final int CROWDED_ROUNDS = 64;
    private static final int TLS_CALLS = 300;
    private static final int WINDOW_MILLIS = 75;

    private final Caller bare;
    private final Caller bareOverAll;
    private final Caller handWritten;
    private final List<Caller> ours;
    private final List<Caller> all = new ArrayList<>();
    private final Map<Caller, List<CallCost>> costs = new LinkedHashMap<>();
    private final Map<Caller, List<Double>> rates = new LinkedHashMap<>();
    private final ExecutorService workers = Executors.newFixedThreadPool(THREADS);
    private final Report report = new Report("A call of OkHttp over loopback to nginx, HTTP/1.1 in the clear, and what"
            + " balancing over 3 of its ports adds; probes and ejection of outliers on");

    private OkHttpMeasurement(Nginx nginx, boolean isQuick) {
        bare = OkHttpCaller.bare(nginx.plain().get(0));
        bareOverAll = OkHttpCaller.bare(nginx.plain());
        handWritten = OkHttpCaller.handWritten(nginx.plain());
        ours = List.of(
                OkHttpCaller.balanced("ours", nginx.plain(), SelectionStrategy.roundRobin()),
                OkHttpCaller.balanced("ours, adaptive", nginx.plain(), SelectionStrategy.adaptive()));
        all.add(bare);
        all.add(bareOverAll);
        all.add(handWritten);
        all.addAll(ours);
        if (!isQuick) {
            all.add(new JdkCaller(nginx.plain().get(0)));
            ServiceLoader.load(Caller.Peers.class).forEach(peers -> all.addAll(peers.over(nginx.plain())));
        }
    }

    static Report measure(boolean isQuick) throws Exception {
        Optional<Path> program = Nginx.program();
        if (program.isEmpty()) {
            return Report.skipped("nginx is not installed; on Debian: apt-get install nginx-light");
        }
        HeldCertificate certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName("orders")
                .build();
        try (Nginx nginx = Nginx.start(program.get(), certificate)) {
            OkHttpMeasurement measurement = new OkHttpMeasurement(nginx, isQuick);
            try {
                measurement.run(isQuick ? ROUNDS_OF_FEW : ROUNDS);
                measurement.reportCalls();
                measurement.reportHandshakes(nginx, certificate);
                return measurement.report;
            } finally {
                measurement.workers.shutdown();
                measurement.all.forEach(Caller::close);
            }
        }
    }

    private void run(int rounds) throws Exception {
        for (Caller caller : all) { // the compiler needs some 10,000 calls of each
            CallCost.of(caller, 12 * CALLS);
            CallCost.throughput(caller, workers, THREADS, 12 * WINDOW_MILLIS);
            CallCost.of(caller, 12 * CALLS);
        }
        Random random = new Random(1);
        List<Caller> order = new ArrayList<>(all);
        for (int round = 0; round < rounds; round++) {
            Collections.shuffle(order, random);
            for (Caller caller : order) {
                costs.computeIfAbsent(caller, c -> new ArrayList<>()).add(CallCost.of(caller, CALLS));
            }
        }
        for (int round = 0; round < CROWDED_ROUNDS; round++) {
            Collections.shuffle(order, random);
            for (Caller caller : order) {
                rates.computeIfAbsent(caller, c -> new ArrayList<>())
                        .add(CallCost.throughput(caller, workers, THREADS, WINDOW_MILLIS));
            }
        }
    }

    private void reportCalls() {
        for (Caller our : ours) {
            String name = our.name();
            report.atMost(name + ", time", times(our), ratio(our, bare, CallCost::nanos), 1.02);
            report.atMost(name + ", processor", processor(our), ratio(our, bare, CallCost::cpuNanos), 1.02);
            report.atLeast(name + ", calls by " + THREADS + " threads", throughput(our), rate(our, bare), 0.98);
            report.atMost(name + ", bytes more than bare", bytes(our), moreBytes(our), 700);
        }
        Caller our = ours.get(0);
        String floor = "ours to " + bareOverAll.name();
        report.toRead(floor + ", time", "", ratio(our, bareOverAll, CallCost::nanos));
        report.toRead(floor + ", processor", "", ratio(our, bareOverAll, CallCost::cpuNanos));
        report.toRead(floor + ", calls by " + THREADS + " threads", "", rate(our, bareOverAll));
        report.atMost("ours to hand-written, time", "", ratio(our, handWritten, CallCost::nanos), 1);
        report.atMost("ours to hand-written, processor", "", ratio(our, handWritten, CallCost::cpuNanos), 1);
        report.atLeast("ours to hand-written, calls by " + THREADS + " threads", "", rate(our, handWritten), 1);
        report.atMost("ours to hand-written, bytes", "", ratio(our, handWritten, CallCost::bytes), 1);
        for (Caller other : all) {
            if (other != bare && !ours.contains(other)) {
                String name = other.name();
                report.toRead(name + ", time", times(other), ratio(other, bare, CallCost::nanos));
                report.toRead(name + ", processor", processor(other), ratio(other, bare, CallCost::cpuNanos));
                report.toRead(name + ", calls by " + THREADS + " threads", throughput(other), rate(other, bare));
                report.toRead(name + ", bytes more than bare", bytes(other), moreBytes(other));
            }
        }
    }

    private void reportHandshakes(Nginx nginx, HeldCertificate certificate) throws Exception {
        HandshakeCertificates trust = new HandshakeCertificates.Builder()
                .addTrustedCertificate(certificate.certificate())
                .build();
        int backends = nginx.tls().size();
        String calls = TLS_CALLS + " calls by one thread";
        int http1 = Handshakes.of(Protocol.HTTP_1_1, nginx.tls(), trust, TLS_CALLS, workers, THREADS);
        report.near("TLS handshakes, HTTP/1.1", calls, http1, backends, 0);
        int http2 = Handshakes.of(Protocol.HTTP_2, nginx.tls(), trust, TLS_CALLS, workers, THREADS);
        report.near("TLS handshakes, HTTP/2", calls + ", then by " + THREADS, http2, backends, 0);
    }

    private String times(Caller caller) {
        return micros(caller, CallCost::nanos);
    }

    private String processor(Caller caller) {
        return micros(caller, CallCost::cpuNanos);
    }

    private String micros(Caller caller, ToDoubleFunction<CallCost> what) {
        return String.format(
                Locale.ROOT,
                "%.1f µs, bare %.1f µs",
                CallCost.median(costs.get(caller), what) / 1e3,
                CallCost.median(costs.get(bare), what) / 1e3);
    }

    private String throughput(Caller caller) {
        return String.format(
                Locale.ROOT,
                "%.0f a second, bare %.0f",
                CallCost.median(rates.get(caller)),
                CallCost.median(rates.get(bare)));
    }

    private String bytes(Caller caller) {
        return String.format(
                Locale.ROOT,
                "%.0f B, bare %.0f B",
                CallCost.median(costs.get(caller), CallCost::bytes),
                CallCost.median(costs.get(bare), CallCost::bytes));
    }

    private double moreBytes(Caller caller) {
        return CallCost.median(costs.get(caller), CallCost::bytes) - CallCost.median(costs.get(bare), CallCost::bytes);
    }

    private double ratio(Caller caller, Caller to, ToDoubleFunction<CallCost> what) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < costs.get(caller).size(); i++) {
            ratios.add(what.applyAsDouble(costs.get(caller).get(i))
                    / what.applyAsDouble(costs.get(to).get(i)));
        }
        return CallCost.median(ratios);
    }

    private double rate(Caller caller, Caller to) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < rates.get(caller).size(); i++) {
            ratios.add(rates.get(caller).get(i) / rates.get(to).get(i));
        }
        return CallCost.median(ratios);
    }
}
