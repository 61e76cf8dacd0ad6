package io.evenkeel.examples;

import io.evenkeel.event.Subscription;
import io.evenkeel.okhttp.LoadBalancingInterceptor;
import io.evenkeel.pool.Member;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * A toy autoscaler: starts and stops virtual machines, which are real processes, by what each has in flight, while the
 * number of customers grows and shrinks. What they ask for must not be done twice, so that nothing is repeated and only the
 * drain keeps requests from failing. Shows the machines and their load as a live table on a terminal, and at each change
 * elsewhere. Ends with {@code PASS} or {@code FAIL}.
 */
public final class Autoscaler implements AutoCloseable {
    private static final ScalingRule RULE = new ScalingRule(4, 2, 6, Duration.ofSeconds(1));
    private static final int FEW = 4;

    /** Well within what five machines have in flight, and too many for four. */
    private static final int MANY = 18;

    private static final Duration STEP = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Each step counts for so much of what is in flight, so that a moment's chance starts no machine. */
    private static final double GAIN = 0.3;

    private final ScaleSet set = new ScaleSet();
    private final OkHttpClient client = LoadBalancingInterceptor.builder()
            .route("http://hello", set.balancer())
            .build()
            .install(new OkHttpClient.Builder())
            .build();
    private final Subscription measuring = set.balancer().pool().measureLatency();
    private final Customers customers = new Customers(this::call);
    private final LoadTable table;
    private double inFlight;
    private long changedAt = System.nanoTime();
    private int largest;

    private Autoscaler(boolean isTerminal) {
        table = new LoadTable(isTerminal, set.snapshot());
    }

    /**
     * How it went.
     *
     * @param largest how many machines served at the same time
     * @param last how many there were in the end
     * @param failures what became of requests that failed
     */
    record End(int largest, int last, long sent, List<String> failures) {
        boolean isGood() {
            return largest * RULE.target() >= MANY && last == RULE.min() && failures.isEmpty();
        }

        @Override
        public String toString() {
            return String.format(
                    "%s: from %d machines to %d and to %d, %d failed of %d requests%s",
                    isGood() ? "PASS" : "FAIL",
                    RULE.min(),
                    largest,
                    last,
                    failures.size(),
                    sent,
                    failures.isEmpty() ? "" : ", the first: " + failures.get(0));
        }
    }

    /** No arguments; {@code -Dterminal=true} where a table can be drawn over itself, which {@code examples/run} knows. */
    public static void main(String[] args) {
        boolean isGood = false;
        try {
            isGood = play(Boolean.getBoolean("terminal")).isGood();
        } catch (Exception e) {
            System.out.println("FAIL: " + e);
        }
        System.exit(isGood ? 0 : 1);
    }

    /** Plays it, and prints how it went as its last line. */
    static End play(boolean isTerminal) throws Exception {
        try (Autoscaler lab = new Autoscaler(isTerminal)) {
            End end = lab.story();
            System.out.println(end);
            return end;
        }
    }

    private End story() throws Exception {
        say(RULE.min() + " machines, one for each " + RULE.target() + " requests in flight, at most " + RULE.max());
        set.resize(RULE.min());
        scaleUntil(set::isSettled, Duration.ZERO);
        crowd(FEW, RULE.min());
        crowd(MANY, (MANY + RULE.target() - 1) / RULE.target());
        crowd(FEW, RULE.min());
        customers.close();
        return new End(largest, set.snapshot().selectable().size(), customers.sent(), customers.failures());
    }

    private void crowd(int number, int expected) throws Exception {
        say(number + " customers");
        customers.become(number);
        scaleUntil(() -> set.size() == expected && set.isSettled(), Duration.ofSeconds(2));
    }

    /** Lets the rule decide until the condition holds, and for a while after that, for a person who watches. */
    private void scaleUntil(BooleanSupplier condition, Duration after) throws Exception {
        long start = System.nanoTime();
        while (!condition.getAsBoolean() && System.nanoTime() - start < PATIENCE.toNanos()) {
            step();
        }
        for (long i = after.dividedBy(STEP); i > 0; i--) {
            step();
        }
    }

    private void step() throws IOException, InterruptedException {
        TimeUnit.NANOSECONDS.sleep(STEP.toNanos());
        List<Member> members = set.snapshot().members();
        long now = members.stream().mapToLong(m -> m.load().inFlight()).sum();
        inFlight += (now - inFlight) * GAIN;
        int size = set.size();
        set.resize(RULE.next(size, inFlight, Duration.ofNanos(System.nanoTime() - changedAt)));
        if (set.size() != size) {
            changedAt = System.nanoTime();
        }
        largest = Math.max(largest, set.snapshot().selectable().size());
        table.show(set.snapshot());
    }

    private String call() throws IOException {
        Request request = new Request.Builder()
                .url("http://hello" + Vm.WORK_PATH)
                .post(RequestBody.EMPTY)
                .build();
        try (Response response = client.newCall(request).execute()) {
            return response.body().string();
        }
    }

    private void say(String what) {
        System.out.printf("%n== %s%n", what);
        table.startAnew();
    }

    @Override
    public void close() throws InterruptedException {
        customers.close();
        measuring.close();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
        set.close();
    }
}
