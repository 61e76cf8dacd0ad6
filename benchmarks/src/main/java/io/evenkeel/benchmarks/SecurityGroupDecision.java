package io.evenkeel.benchmarks;

import io.evenkeel.netty.rule.SecurityGroup;
import io.evenkeel.netty.rule.SecurityRule;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it costs to decide whether a flow may come in. Most addresses match no rule but the last, the worst case. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SecurityGroupDecision {
    private static final int ADDRESSES = 4096;
    private static final int PORT = 443;

    /** Rules. */
    @Param({"1", "10", "100", "1000"})
    public int rules;

    private SecurityGroup group;
    private final InetAddress[] four = new InetAddress[ADDRESSES];
    private final InetAddress[] six = new InetAddress[ADDRESSES];
    private int next;

    /** Makes the rules and the addresses. */
    @Setup
    public void setUp() throws UnknownHostException {
        SplittableRandom random = new SplittableRandom(1);
        SecurityRule[] all = new SecurityRule[rules];
        for (int i = 0; i < rules - 1; i++) {
            byte[] block = bytes(random, i % 2 == 0 ? 4 : 16);
            block[block.length - 1] = 0;
            String source = InetAddress.getByAddress(block).getHostAddress() + "/" + (block.length * 8 - 8);
            SecurityRule rule = i % 3 == 0
                    ? SecurityRule.deny(100 + i, "r" + i, source)
                    : SecurityRule.allow(100 + i, "r" + i, source);
            int firstPort = random.nextInt(1000);
            all[i] = rule.withPorts(firstPort, firstPort + 1000);
        }
        all[rules - 1] = SecurityRule.allow(4096, "rest", "*");
        group = SecurityGroup.of("bench", all);
        for (int i = 0; i < ADDRESSES; i++) {
            four[i] = InetAddress.getByAddress(bytes(random, 4));
            six[i] = InetAddress.getByAddress(bytes(random, 16));
        }
    }

    private static byte[] bytes(SplittableRandom random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A client of IPv4. */
    @Benchmark
    public boolean four() {
        return group.allows(four[next++ & (ADDRESSES - 1)], PORT);
    }

    /** A client of IPv6. */
    @Benchmark
    public boolean six() {
        return group.allows(six[next++ & (ADDRESSES - 1)], PORT);
    }
}
