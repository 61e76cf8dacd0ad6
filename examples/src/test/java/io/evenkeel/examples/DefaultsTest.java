package io.evenkeel.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.LoadBalancer;
import io.evenkeel.LoadBalancerBuilder;
import io.evenkeel.affinity.Protocol;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import io.evenkeel.discovery.DiscoveryPolicy;
import io.evenkeel.discovery.DnsQuery;
import io.evenkeel.health.HealthProbe;
import io.evenkeel.health.HttpProbe;
import io.evenkeel.health.ProbeSchedule;
import io.evenkeel.netty.Forwarder;
import io.evenkeel.netty.ForwarderBuilder;
import io.evenkeel.netty.rule.FlowOptions;
import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.SecurityGroup;
import io.evenkeel.netty.rule.ServerNames;
import io.evenkeel.netty.rule.SessionPersistence;
import io.evenkeel.netty.rule.UdpOptions;
import io.evenkeel.okhttp.ConnectionPolicy;
import io.evenkeel.okhttp.FailoverPolicy;
import io.evenkeel.okhttp.LoadBalancingInterceptor;
import io.evenkeel.okhttp.ResponseClassifier;
import io.evenkeel.outlier.OutlierPolicy;
import io.evenkeel.outlier.Rates;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.SlowStart;
import io.evenkeel.strategy.SelectionStrategy;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

/** The README's table of defaults says what the code does: each row is put together from the settings themselves. */
class DefaultsTest {
    private final LoadBalancerBuilder balancer = LoadBalancer.builder("web");
    private final ForwarderBuilder forwarder = Forwarder.builder();
    private final BackendPool pool = BackendPool.of("web");
    private final LoadBalancingRule rule = LoadBalancingRule.of("web", Frontend.tcp("127.0.0.1", 0), pool);
    private final ProbeSchedule schedule = ProbeSchedule.defaults();
    private final FailoverPolicy failover = FailoverPolicy.defaults();
    private final ConnectionPolicy connections = ConnectionPolicy.defaults();

    @Test
    void theTableOfTheReadmeSaysWhatTheCodeDoes() throws Exception {
        List<String> said = Files.readString(Path.of("..", "README.md"))
                .replaceFirst("(?s).*## Defaults\n+", "")
                .lines()
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .toList();

        assertEquals(String.join("\n", rows()), String.join("\n", said));
    }

    @Test
    void thePageOnHealthSaysWhatThePoliciesDo() throws Exception {
        OutlierPolicy policy = OutlierPolicy.defaults();
        Rates rates = policy.rates();

        String page = page("health.md");

        assertSays(
                page,
                "ejected after %d failures in a row, after %d in a row without any answer",
                policy.consecutiveFailures(),
                policy.consecutiveUnanswered());
        assertSays(
                page,
                "every %s (%d %% failures; or a success rate %s standard deviations and %d points below the mean; "
                        + "%d members with %d ends each are needed)",
                time(rates.interval()),
                rates.failurePercent(),
                rates.deviations(),
                Math.round(100 * rates.minimumGap()),
                rates.minimumMembers(),
                rates.minimumVolume());
        assertSays(page, "Every %s ± %s, the first", time(schedule.interval()), percent(schedule.jitter()));
        assertSays(
                page,
                "| `FlapDamping` | %d minutes, up to %d times |",
                schedule.flapDamping().window().toMinutes(),
                schedule.flapDamping().maxFactor());
    }

    @Test
    void thePageOnDiscoverySaysWhatThePolicyDoes() throws Exception {
        DiscoveryPolicy policy = DiscoveryPolicy.defaults();

        String page = page("discovery.md");

        assertSays(
                page,
                "asked again after %s, %s,",
                time(policy.retry()),
                time(policy.retry().multipliedBy(2)));
        assertSays(page, "nothing good for %s", time(policy.holdTime()));
        assertSays(page, "more than %s", number(policy.maxMembers()));
        assertSays(page, is(policy.maxRemovedRatio() == 1 / 3.0, "a third within any minute"));
    }

    private static String page(String name) throws IOException {
        return Files.readString(Path.of("..", "docs", name)).replaceAll("\\s+", " ");
    }

    private static void assertSays(String page, String format, Object... figures) {
        String words = String.format(Locale.ROOT, format, figures);
        assertTrue(page.contains(words), words);
    }

    private List<String> rows() throws Exception {
        return List.of(
                row("strategy of `LoadBalancer` and OkHttp", strategy()),
                row("distribution of a forwarder's rule", distribution()),
                row("hash secret of keys and flows", secrets()),
                row("weight, priority", weightAndPriority()),
                row("probe", is(get(balancer, "probe") == null, "none: then every member counts as healthy")),
                row(
                        "probe interval, timeout, jitter",
                        time(schedule.interval()) + ", " + time(schedule.timeout()) + ", ±"
                                + percent(schedule.jitter())),
                row(
                        "out after, back after",
                        schedule.unhealthyThreshold() + " failed probes, " + schedule.healthyThreshold()
                                + " good probe"),
                row("HTTP probe", httpProbe()),
                row(
                        "first probe",
                        "within "
                                + time(Duration.ofNanos(
                                        (long) constant(Class.forName("io.evenkeel.health.Watch"), "SPREAD_NANOS")))),
                row(
                        "probes at a time",
                        is(schedule.maxConcurrent() == 0, "as many as keep the interval when all hang: ")
                                + "members × timeout / interval, " + constant(ProbeSchedule.class, "LEAST_PLACES")
                                + " to " + number((int) constant(ProbeSchedule.class, "MOST_PLACES"))),
                row("passive ejection", ejection()),
                row("panic threshold, when nobody is well", panic()),
                row("slow start", is(window().isZero(), "off")),
                row("OkHttp: attempts for one call", failover.attempts() + ", each on another backend"),
                row(
                        "OkHttp: retry budget",
                        percent(failover.budgetShare()) + " of the calls, and " + failover.budgetFloor()
                                + " a second; what never connected costs nothing"),
                row(
                        "OkHttp: age, idle time of connections",
                        time(connections.maxAge()) + " ±" + percent(connections.jitter()) + ", "
                                + time(connections.keepAlive())),
                row("OkHttp: answers that nobody closes", "told of and freed after " + time(connections.leakAge())),
                row("OkHttp: what counts against a backend", blame()),
                row("forwarder: connect timeout, attempts", connecting()),
                row("forwarder: idle timeout", idle()),
                row(
                        "forwarder: connections of a member that is lost",
                        is(rule.options().tcp().lostMemberGrace().isEmpty(), "go on")),
                row("forwarder: a TLS client's first message, where names matter", hello()),
                row("forwarder: flows", flows()),
                row("forwarder: UDP flows of a rule, of a source", udp()),
                row("forwarder: access", access()),
                row("discovery: refresh, retry, stale", discovery()));
    }

    private String strategy() throws Exception {
        Class<?> roundRobin = SelectionStrategy.roundRobin().getClass();
        return is(get(balancer, "strategy").getClass() == roundRobin, "round robin, random start");
    }

    private String distribution() {
        boolean isHashed = rule.strategy().isEmpty() && rule.sessionPersistence() == SessionPersistence.NONE;
        return is(isHashed, "keyed 5-tuple hash over a Maglev table");
    }

    private String secrets() throws Exception {
        assertNotEquals(get(forwarder, "hashSecret"), get(Forwarder.builder(), "hashSecret"));
        assertNotEquals(
                get(LoadBalancingInterceptor.builder(), "secret"), get(LoadBalancingInterceptor.builder(), "secret"));
        return "random for each process, forwarder and interceptor";
    }

    private static String weightAndPriority() {
        Backend backend = Backend.of("127.0.0.1", 80);
        return backend.weight() + ", " + backend.priority();
    }

    private static String httpProbe() throws Exception {
        HttpProbe probe = HealthProbe.http("/health");
        assertEquals(Set.of(200), probe.expectedStatuses());
        int most = (int) constant(Class.forName("io.evenkeel.health.ProbeExchange"), "MAX_READ");
        return "`GET`, exactly status 200, " + is(probe.host().isEmpty(), "`Host: ip:port`")
                + ", no redirects, at most " + most / 1024 + " KiB read";
    }

    private String ejection() throws Exception {
        OutlierPolicy policy = OutlierPolicy.defaults();
        return is(get(balancer, "outliers") == null, "off") + "; with `OutlierPolicy.defaults()`: "
                + policy.consecutiveFailures() + " failures or " + policy.consecutiveUnanswered()
                + " without an answer in a row, " + time(policy.ejectionTime().first())
                + " and growing, at most " + is(policy.maxEjectedPercent() == 50, "half");
    }

    private static String panic() throws Exception {
        Object builder = BackendPool.builder("web");
        return is(get(builder, "panicThreshold").equals(0), "0 (off)") + ", "
                + get(builder, "whenNoneHealthy")
                        .toString()
                        .toLowerCase(Locale.ROOT)
                        .replace('_', ' ');
    }

    private static Duration window() throws Exception {
        return ((SlowStart) get(BackendPool.builder("web"), "slowStart")).window();
    }

    private static String blame() {
        int first = IntStream.rangeClosed(100, 599)
                .filter(status -> ResponseClassifier.serverErrors().outcomeOf(answer(status)) == Outcome.FAILURE)
                .findFirst()
                .orElseThrow();
        return "statuses from " + first + " on, broken connections, timeouts";
    }

    private static Response answer(int status) {
        Request request = new Request.Builder().url("http://web/").build();
        return new Response.Builder()
                .request(request)
                .protocol(okhttp3.Protocol.HTTP_1_1)
                .code(status)
                .message("")
                .build();
    }

    private String connecting() throws Exception {
        return time((Duration) get(forwarder, "connectTimeout")) + ", " + get(forwarder, "connectAttempts");
    }

    private static String idle() {
        FlowOptions tcp = FlowOptions.defaults(Protocol.TCP);
        return "TCP " + time(tcp.idleTimeout()) + is(tcp.tcp().resetOnIdle(), ", then both sides are reset") + "; UDP "
                + time(FlowOptions.defaults(Protocol.UDP).idleTimeout());
    }

    private String hello() throws Exception {
        int most = (int) constant(Class.forName("io.evenkeel.netty.ClientHello"), "MAX_LENGTH");
        return time(ServerNames.of(Map.of("shop.example.org", pool)).helloTimeout()) + ", " + most / 1024 + " KiB";
    }

    private static String flows() throws Exception {
        Method within = Class.forName("io.evenkeel.netty.Descriptors").getDeclaredMethod("flowsWithin", long.class);
        within.setAccessible(true);
        int flows = (int) within.invoke(null, 80_064L);
        // Two descriptors for each flow, and 64 that are kept in any case.
        return is(80_064 - 2 * flows - 64 == 80_064 / 8, "as many as leave an eighth of the file descriptors free");
    }

    private static String udp() {
        UdpOptions udp = FlowOptions.defaults(Protocol.UDP).udp();
        return number(udp.maxFlows()) + ", " + number(udp.maxFlowsPerSource())
                + "; one that was used once gives way first";
    }

    private String access() {
        assertFalse(SecurityGroup.of("empty").allows(InetAddress.getLoopbackAddress(), 80));
        return is(rule.frontends().get(0).securityGroup().isEmpty(), "everybody")
                + ", until a front end has a security group: then nobody it does not name";
    }

    private static String discovery() {
        DiscoveryPolicy policy = DiscoveryPolicy.defaults();
        DnsQuery dns = DnsQuery.addresses("web.example", 80);
        return time(policy.refresh()) + " (DNS: the TTL, " + time(dns.minTtl()) + " to " + time(dns.maxTtl()) + "), "
                + time(policy.retry()) + " and doubling, after " + time(policy.holdTime());
    }

    private static String row(String setting, String value) {
        return "| " + setting + " | " + value + " |";
    }

    private static String is(boolean isSo, String words) {
        return isSo ? words : "NOT: " + words;
    }

    private static String time(Duration time) {
        long seconds = time.toSeconds();
        return seconds > 60 && seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }

    private static String percent(double part) {
        return Math.round(100 * part) + " %";
    }

    private static String number(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static Object constant(Class<?> type, String name) throws Exception {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(null);
    }

    private static Object get(Object owner, String name) throws Exception {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }
}
