package io.evenkeel.examples;

import io.evenkeel.LoadBalancer;
import io.evenkeel.backend.Outcome;
import io.evenkeel.health.HealthProbe;
import io.evenkeel.pool.Pick;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The core under a client that it does not know, here that of the JDK: pick, call, report. A hundred calls at once, each
 * on a virtual thread where the JDK has them.
 */
public final class WithJdkClient {
    private WithJdkClient() {}

    /** Prints how often each server answered. */
    public static void main(String[] args) throws Exception {
        System.out.println(play());
    }

    static Map<String, Integer> play() throws Exception {
        ExecutorService threads = threads();
        try (HelloServer one = HelloServer.start("one");
                HelloServer two = HelloServer.start("two");
                LoadBalancer orders = LoadBalancer.builder("orders")
                        .backends(one.backend(), two.backend())
                        .probe(HealthProbe.http("/health"))
                        .build()) {
            HttpClient client = HttpClient.newHttpClient();
            orders.awaitReady(2, Duration.ofSeconds(10));
            Callable<String> call = () -> call(client, orders);
            Map<String, Integer> answers = new TreeMap<>();
            for (Future<String> answer : threads.invokeAll(Collections.nCopies(100, call))) {
                answers.merge(answer.get(), 1, Integer::sum);
            }
            return answers;
        } finally {
            threads.shutdown();
        }
    }

    /** By a method handle, since this is compiled for Java 17. */
    static ExecutorService threads() {
        try {
            return (ExecutorService) MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class))
                    .invokeExact();
        } catch (NoSuchMethodException olderThan21) {
            return Executors.newCachedThreadPool();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static String call(HttpClient client, LoadBalancer orders) throws IOException, InterruptedException {
        Pick pick = orders.pick();
        InetSocketAddress address = pick.backend().address();
        URI uri = URI.create("http://" + address.getHostString() + ":" + address.getPort() + "/items");
        Outcome outcome = Outcome.FAILURE;
        try {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
                    HttpResponse.BodyHandlers.ofString());
            outcome = answer.statusCode() < 500 ? Outcome.SUCCESS : Outcome.FAILURE;
            return answer.body();
        } catch (InterruptedException e) {
            outcome = Outcome.CANCELLED;
            throw e;
        } finally {
            pick.report(outcome);
        }
    }
}
