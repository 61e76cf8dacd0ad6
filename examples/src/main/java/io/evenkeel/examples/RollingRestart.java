package io.evenkeel.examples;

import io.evenkeel.availability.MaintenancePolicy;
import io.evenkeel.availability.MaintenanceProgress;
import io.evenkeel.availability.RollingMaintenance;
import io.evenkeel.event.Subscription;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Restarts six virtual machines, which are real processes, one update domain after the other, while an OkHttp client and
 * the visitors of a TCP front end ask them for pages. Shows it as a live table on a terminal and as lines elsewhere. Ends
 * with {@code PASS} or {@code FAIL}.
 */
public final class RollingRestart {
    private static final int REQUESTS = 10_000;

    /** Half of the fleet: the machines of one update domain go, and those of the other carry everything. */
    private static final int MIN_AVAILABLE = 3;

    private static final MaintenancePolicy POLICY = MaintenancePolicy.defaults()
            .withMinAvailable(MIN_AVAILABLE)
            .withDrainTimeout(Duration.ofSeconds(20))
            .withHealthyTimeout(Duration.ofSeconds(60));
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Fleet fleet;
    private final boolean isTerminal;

    private RollingRestart(Fleet fleet, boolean isTerminal) {
        this.fleet = fleet;
        this.isTerminal = isTerminal;
    }

    /** No arguments; {@code -Dterminal=true} where a table can be drawn over itself, which {@code examples/run} knows. */
    public static void main(String[] args) throws Exception {
        System.exit(play(REQUESTS, Boolean.getBoolean("terminal")));
    }

    /** Plays it with so many requests at least, and returns the exit code that matches its last line. */
    static int play(int requests, boolean isTerminal) throws Exception {
        String verdict;
        try (Fleet fleet = new Fleet()) {
            verdict = new RollingRestart(fleet, isTerminal).story(requests);
        } catch (Exception e) {
            verdict = "FAIL: " + e;
        }
        System.out.println(verdict);
        return verdict.startsWith("PASS") ? 0 : 1;
    }

    private String story(int requests) throws Exception {
        System.out.println("\n== Start six VMs in 3 fault and 2 update domains");
        fleet.start();
        System.out.println("\n== Load through the OkHttp client and through the TCP front end, and a rolling restart");
        AtomicInteger fewest = new AtomicInteger();
        Load okhttp = fleet.loadThroughOkHttp();
        Load tcp = fleet.loadThroughForwarder();
        MaintenanceProgress end;
        try (okhttp;
                tcp) {
            Subscription watching = fleet.keepFewest(fewest);
            try (watching) {
                end = restartAll();
            }
            while (okhttp.sent() + tcp.sent() < requests) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        System.out.println(okhttp);
        System.out.printf("%s, %d sent twice by visitors%n", tcp, fleet.repeats());
        return verdict(end, okhttp.failed() + tcp.failed(), okhttp.sent() + tcp.sent(), fewest.get());
    }

    private MaintenanceProgress restartAll() throws Exception {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try {
            RollingMaintenance maintenance = RollingMaintenance.start(
                    fleet.pool(), POLICY, backend -> fleet.restart(backend.id()), this::tell, scheduler);
            return isTerminal ? watch(maintenance) : await(maintenance, PATIENCE);
        } finally {
            scheduler.shutdown();
        }
    }

    private static MaintenanceProgress await(RollingMaintenance maintenance, Duration limit) throws Exception {
        CompletableFuture<MaintenanceProgress> end = maintenance.end().toCompletableFuture();
        return end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tell(MaintenanceProgress progress) {
        if (!isTerminal) {
            System.out.println("  "
                    + MaintenanceTable.bar(progress.over(), progress.steps().size()) + "  " + progress);
        }
    }

    /** Draws the table anew five times a second, over itself. */
    private MaintenanceProgress watch(RollingMaintenance maintenance) throws Exception {
        String up = "";
        for (long ms = 0; ms < PATIENCE.toMillis(); ms += 200) {
            boolean isEnded = maintenance.end().toCompletableFuture().isDone();
            String table =
                    MaintenanceTable.of(maintenance.progress(), fleet.pool().snapshot());
            System.out.print(up + table.replace("\n", "\033[K\n")); // and what was there to the right goes
            up = "\033[" + table.lines().count() + "A";
            if (isEnded) {
                break;
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        return await(maintenance, Duration.ZERO);
    }

    private static String verdict(MaintenanceProgress end, long failed, long sent, int fewest) {
        boolean isGood = end.state() == MaintenanceProgress.State.DONE && failed == 0 && fewest >= MIN_AVAILABLE;
        return (isGood ? "PASS " : "FAIL ") + end.over() + "/" + end.steps().size() + ": " + failed + " failed of "
                + sent
                + " requests, never fewer than " + fewest + " in use"
                + (end.reason().isEmpty() ? "" : ", stopped: " + end.reason());
    }
}
