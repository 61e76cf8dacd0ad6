package io.evenkeel.examples;

import io.evenkeel.LoadBalancer;
import io.evenkeel.health.HealthProbe;
import io.evenkeel.health.ProbeSchedule;
import io.evenkeel.netty.Forwarder;
import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.InboundNatRule;
import io.evenkeel.netty.rule.LoadBalancingRule;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import okhttp3.OkHttpClient;

/**
 * The tutorial of Azure Load Balancer, played on one machine: three virtual machines, which are real processes on
 * 127.0.0.11 to .13, behind one front end on 127.0.0.10. Tells in the terminal what a person would try by hand. Ends with
 * {@code PASS} or {@code FAIL}; with {@code --serve} it stays up instead, for a browser or curl.
 */
public final class ThreeVms implements AutoCloseable {
    private static final String FRONTEND = "127.0.0.10";
    private static final int WEB = 8080;
    private static final int ECHO = 5300;
    private static final int FIRST_DESKTOP = 50_001;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    // 15 s in production; a person who watches wants to see it sooner.
    private static final ProbeSchedule SCHEDULE =
            ProbeSchedule.defaults().withInterval(Duration.ofMillis(500)).withTimeout(Duration.ofMillis(300));

    private final List<VmProcess> vms =
            IntStream.rangeClosed(1, 3).mapToObj(VmProcess::new).toList();
    private final LoadBalancer web = LoadBalancer.builder("web")
            .backends(vms.stream().map(VmProcess::backend).toList())
            .probe(HealthProbe.http(Vm.HEALTH_PATH))
            .schedule(SCHEDULE)
            .build();
    private final LongAdder repeats = new LongAdder();
    private final Forwarder forwarder;
    private final OkHttpClient client;

    private ThreeVms() throws IOException {
        forwarder = Forwarder.builder()
                .rules(LoadBalancingRule.of("web", Frontend.tcp(FRONTEND, WEB), web.pool()))
                .rules(LoadBalancingRule.of("echo", Frontend.udp(FRONTEND, ECHO), web.pool())
                        .withBackendPort(Vm.ECHO_PORT))
                .rules(desktop(1), desktop(2), desktop(3))
                .build();
        client = Visitor.client(web);
    }

    private InboundNatRule desktop(int number) {
        return InboundNatRule.of(
                "desktop" + number,
                Frontend.tcp(FRONTEND, FIRST_DESKTOP + number - 1),
                web.pool(),
                "myVM" + number,
                Vm.DESKTOP_PORT);
    }

    /** {@code [--serve]}. */
    public static void main(String[] args) throws Exception {
        boolean isServing = List.of(args).contains("--serve");
        System.exit(isServing ? serve() : play());
    }

    private static int serve() throws Exception {
        try (ThreeVms lab = new ThreeVms()) {
            lab.startVms();
            lab.showEndpoints();
            say("Up until Ctrl-C. Try: curl http://%s:%d/ · nc %s %d", FRONTEND, WEB, FRONTEND, FIRST_DESKTOP);
            Thread.currentThread().join(); // the VMs end with this process
            return 0;
        }
    }

    /** Plays the story, and returns the exit code that matches its last line. */
    static int play() throws Exception {
        String verdict;
        try (ThreeVms lab = new ThreeVms()) {
            verdict = lab.story();
        } catch (Exception | AssertionError e) {
            verdict = "FAIL: " + e;
        }
        if (verdict.startsWith("PASS")) {
            verdict = checkPorts(verdict);
        }
        System.out.println(verdict);
        return verdict.startsWith("PASS") ? 0 : 1;
    }

    private String story() throws Exception {
        startVms();
        refreshUntilAllAreSeen();
        echo();
        desktops();
        showEndpoints();

        say("Load: 250 requests/s through the OkHttp client, 250 new connections/s through the TCP front end");
        Load okhttp = Load.start("okhttp", this::call);
        Load tcp = Load.start("tcp", () -> Visitor.visit(frontend(WEB), repeats::increment));
        try (okhttp;
                tcp) {
            killAndRestart(vms.get(1), okhttp, tcp);
            removeAndAdd(vms.get(2), okhttp, tcp);
        }
        showEndpoints();
        System.out.println(okhttp);
        System.out.printf("%s, %d sent twice by visitors%n", tcp, repeats.sum());
        long failed = okhttp.failed() + tcp.failed();
        long sent = okhttp.sent() + tcp.sent();
        boolean isEnoughLoad = okhttp.rate() >= 200 && tcp.rate() >= 200;
        if (!isEnoughLoad) {
            return "FAIL: the load was below 200 requests/s, so it proves nothing";
        }
        return (failed == 0 ? "PASS: " : "FAIL: ") + failed + " failed of " + sent + " requests";
    }

    private void startVms() throws IOException, InterruptedException {
        for (VmProcess vm : vms) {
            vm.start();
            say(
                    "Started %s as process %d on %s",
                    vm.name(), vm.pid(), vm.backend().address());
        }
        await(
                "all three pass their first probe",
                () -> web.pool().snapshot().selectable().size() == 3);
    }

    private void refreshUntilAllAreSeen() throws IOException, InterruptedException {
        say("Refresh http://%s:%d/ until all three were seen", FRONTEND, WEB);
        Set<String> seen = new TreeSet<>();
        for (int visit = 1; seen.size() < 3; visit++) {
            require(visit <= 30, "30 visits, and only " + seen + " seen");
            String page = Visitor.visit(frontend(WEB), repeats::increment);
            System.out.printf("  %2d  %s%n", visit, page);
            seen.add(page);
        }
    }

    private void echo() throws IOException {
        say("UDP: a connected socket sends to %s:%d and hears only from there", FRONTEND, ECHO);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(frontend(ECHO));
            socket.setSoTimeout(5_000);
            byte[] message = "Hello by UDP".getBytes(StandardCharsets.UTF_8);
            socket.send(new DatagramPacket(message, message.length));
            DatagramPacket answer = new DatagramPacket(new byte[100], 100);
            socket.receive(answer);
            System.out.println("  " + new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8));
        }
    }

    private void desktops() throws IOException {
        say("NAT: one port for the desktop of each VM");
        for (int number = 1; number <= 3; number++) {
            int port = FIRST_DESKTOP + number - 1;
            String desktop = Visitor.listen(frontend(port));
            System.out.printf("  %d -> %s%n", port, desktop);
            require(desktop.equals("myVM" + number), "port " + port + " led to " + desktop);
        }
    }

    private void killAndRestart(VmProcess vm, Load okhttp, Load tcp) throws Exception {
        awaitPages(okhttp, tcp, vm, "is serving");
        say("kill -9 %d (%s)", vm.pid(), vm.name());
        vm.kill();
        await("its probes have failed", () -> web.pool().snapshot().out() == 1);
        say("Start %s again", vm.name());
        vm.start();
        await("its probe is good again", () -> web.pool().snapshot().out() == 0);
        awaitPages(okhttp, tcp, vm, "is serving again");
    }

    private void removeAndAdd(VmProcess vm, Load okhttp, Load tcp) throws Exception {
        say("Remove %s from the pool, as for maintenance", vm.name());
        web.pool().remove(vm.name());
        awaitPages(okhttp, tcp, vms.get(0), "and the others go on");
        say("Add %s again", vm.name());
        web.pool().add(vm.backend());
        awaitPages(okhttp, tcp, vm, "is serving again");
    }

    private static void awaitPages(Load okhttp, Load tcp, VmProcess vm, String what) {
        String page = page(vm);
        long target = okhttp.answers(page) + 100;
        long tcpTarget = tcp.answers(page) + 100;
        await(vm.name() + " " + what, () -> okhttp.answers(page) >= target && tcp.answers(page) >= tcpTarget);
    }

    private static String page(VmProcess vm) {
        return "Hello World from host " + vm.name() + "!";
    }

    private String call() throws IOException {
        return Visitor.call(client);
    }

    private void showEndpoints() {
        say("All endpoints");
        System.out.print(EndpointTable.of(forwarder, web, SCHEDULE));
    }

    private static String checkPorts(String verdict) {
        say("Closed: every port is free again");
        for (int port : new int[] {WEB, FIRST_DESKTOP, FIRST_DESKTOP + 1, FIRST_DESKTOP + 2}) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true); // connections in TIME_WAIT do not count as use
                socket.bind(frontend(port));
            } catch (IOException e) {
                return "FAIL: port " + port + " is still in use: " + e;
            }
        }
        try (DatagramSocket socket = new DatagramSocket(frontend(ECHO))) {
            System.out.println("  TCP " + WEB + ", " + FIRST_DESKTOP + " to " + (FIRST_DESKTOP + 2) + ", UDP "
                    + socket.getLocalPort() + " on " + FRONTEND);
            return verdict;
        } catch (IOException e) {
            return "FAIL: UDP port " + ECHO + " is still in use: " + e;
        }
    }

    private static InetSocketAddress frontend(int port) {
        return new InetSocketAddress(FRONTEND, port);
    }

    private static void say(String format, Object... values) {
        System.out.printf("%n== " + format + "%n", values);
    }

    private static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            require(System.nanoTime() - start < PATIENCE.toNanos(), "did not come true: " + what);
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
        System.out.printf(
                "  %s (%d ms)%n",
                what, Duration.ofNanos(System.nanoTime() - start).toMillis());
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }

    @Override
    public void close() throws InterruptedException {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
        forwarder.close();
        web.close();
        for (VmProcess vm : vms) {
            vm.close();
        }
    }
}
