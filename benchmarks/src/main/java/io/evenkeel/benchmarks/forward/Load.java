package io.evenkeel.benchmarks.forward;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Puts load on a forwarder, in a process of its own. For each line {@code WORK PORT MILLIS} on its input it prints one of
 * {@code OPERATIONS NANOS P99_NANOS}, where operations of streams are bytes; {@code HOLD PORT CONNECTIONS} opens that many and
 * keeps them until {@code DROP}. Ends with its input.
 */
public final class Load {
    private static final int PER_SECOND = 5_000;

    private Load() {}

    /** What was done in which time; {@code p99Nanos} of one operation, 0 where that means nothing. */
    record Done(long operations, long nanos, long p99Nanos) {
        /** The latency that one in a hundred exceeds, of those before {@code count}. */
        static long p99(long[] latencies, int count) {
            if (count == 0) {
                return 0;
            }
            Arrays.sort(latencies, 0, count);
            return latencies[(int) (count * 0.99)];
        }
    }

    /** No arguments. */
    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        try (Held held = new Held()) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ");
                Done done = switch (words[0]) {
                    case "HOLD" -> held.open(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                    case "DROP" -> held.drop();
                    default -> put(Work.valueOf(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                };
                System.out.println(done.operations() + " " + done.nanos() + " " + done.p99Nanos());
            }
        }
    }

    private static Done put(Work work, int port, int millis) throws IOException, InterruptedException {
        long nanos = millis * 1_000_000L;
        return switch (work) {
            case REQUESTS -> new RequestLoad(port, work.connections(), 0).run(nanos);
            case RATE -> new RequestLoad(port, work.connections(), PER_SECOND).run(nanos);
            case CONNECTIONS -> new ConnectionLoad(port, work.connections()).run(nanos);
            case STREAM, STREAMS -> StreamLoad.run(port, work.connections(), nanos);
            case DATAGRAMS -> new DatagramLoad(port, work.connections()).run(nanos);
        };
    }
}
