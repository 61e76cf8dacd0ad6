package io.evenkeel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Look-ups of host names that take long. */
@Tag("netty")
class ResolverTest {
    private static final InetAddress ADDRESS = InetAddress.getLoopbackAddress();

    private static InetSocketAddress named(String host) {
        return InetSocketAddress.createUnresolved(host, 80);
    }

    @Test
    void aNameThatTakesLongHoldsUpNoOtherName() throws Exception {
        CompletableFuture<Void> answered = new CompletableFuture<>();
        AtomicInteger asked = new AtomicInteger();
        Resolver.Lookup lookup = host -> {
            if (host.equals("slow.example")) {
                asked.incrementAndGet();
                answered.join();
            }
            return new InetAddress[] {ADDRESS};
        };
        EventLoops loops = new EventLoops(Transport.NIO, 1, lookup);
        try {
            EventLoop loop = loops.all().get(0);
            List<Future<List<InetSocketAddress>>> waiting = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                waiting.add(loops.resolver().resolve(named("slow.example"), loop, 60_000));
            }

            Future<List<InetSocketAddress>> other = loops.resolver().resolve(named("fast.example"), loop, 60_000);

            assertEquals(List.of(new InetSocketAddress(ADDRESS, 80)), other.get());
            answered.complete(null);
            for (Future<List<InetSocketAddress>> slow : waiting) {
                assertEquals(List.of(new InetSocketAddress(ADDRESS, 80)), slow.get());
            }
            assertEquals(1, asked.get());
        } finally {
            answered.complete(null);
            loops.close();
        }
    }
}
