package io.evenkeel.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.LoadBalancer;
import io.evenkeel.NoBackendException;
import io.evenkeel.backend.BackendState;
import io.evenkeel.health.HealthProbe;
import io.evenkeel.health.ProbeSchedule;
import io.evenkeel.okhttp.LoadBalancingInterceptor;
import io.evenkeel.pool.Member;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.time.Duration;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real processes that die, hang and come late. */
@Tag("health")
class ProcessFaultsTest {
    private static final ProbeSchedule OFTEN =
            ProbeSchedule.defaults().withInterval(Duration.ofMillis(200)).withTimeout(Duration.ofMillis(150));

    private final VmProcess vm = new VmProcess(21);
    private final LoadBalancer byHttp = probed("http", HealthProbe.http(Vm.HEALTH_PATH));

    private LoadBalancer probed(String name, HealthProbe probe) {
        return LoadBalancer.builder(name)
                .backends(vm.backend())
                .probe(probe)
                .schedule(OFTEN)
                .build();
    }

    @AfterEach
    void close() throws InterruptedException {
        byHttp.close();
        vm.close();
    }

    @Test
    @DisplayName("4 a process that is killed goes out, and comes back when it runs again")
    void aKilledProcessGoesOutAndComesBack() throws Exception {
        vm.start();
        awaitState(byHttp, BackendState.UP);

        vm.kill();
        awaitState(byHttp, BackendState.DOWN);
        assertTrue(
                only(byHttp).reason().contains("Connection refused"),
                only(byHttp).reason());

        vm.start();
        awaitState(byHttp, BackendState.UP);
    }

    @Test
    @DisplayName("4 a process that hangs is seen by an HTTP probe and not by a TCP probe")
    void aHangingProcessIsSeenByHttpOnly() throws Exception {
        try (LoadBalancer byTcp = probed("tcp", HealthProbe.tcp(Vm.WEB_PORT))) {
            vm.start();
            awaitState(byHttp, BackendState.UP);
            awaitState(byTcp, BackendState.UP);

            vm.suspend();
            awaitState(byHttp, BackendState.DOWN);
            // Its accept queue of 256 has room for minutes of probes.
            assertEquals(BackendState.UP, only(byTcp).state());

            vm.resume();
            awaitState(byHttp, BackendState.UP);
        }
    }

    @Test
    @DisplayName("4 a process that comes late gets its first request after its first good probe")
    void aLateProcessGetsNoRequestBeforeItsFirstProbe() throws Exception {
        OkHttpClient.Builder builder = new OkHttpClient.Builder();
        LoadBalancingInterceptor.builder().route("http://hello", byHttp).build().install(builder);
        OkHttpClient client = builder.build();
        assertThrows(NoBackendException.class, () -> call(client));

        vm.start();
        Await.until("a request is let through", () -> {
            try {
                return call(client).equals("Hello World from host myVM21!");
            } catch (NoBackendException notYet) {
                return false;
            } catch (IOException e) {
                throw new AssertionError("a request reached a process that was not ready", e);
            }
        });

        assertEquals(0, only(byHttp).load().failures());
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    private static String call(OkHttpClient client) throws IOException {
        Request request = new Request.Builder().url("http://hello/").build();
        try (Response response = client.newCall(request).execute()) {
            return response.body().string();
        }
    }

    private static Member only(LoadBalancer balancer) {
        return balancer.pool().snapshot().members().get(0);
    }

    private static void awaitState(LoadBalancer balancer, BackendState state) {
        Await.until(
                balancer.pool().name() + " is " + state, () -> only(balancer).state() == state);
    }
}
