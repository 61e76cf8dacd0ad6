package io.evenkeel.benchmarks;

import com.linecorp.armeria.client.BlockingWebClient;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.client.endpoint.EndpointSelectionStrategy;
import com.linecorp.armeria.common.SessionProtocol;
import java.net.InetSocketAddress;
import java.util.List;

/** Armeria's client over a static group, its blocking side: calls wait for event loops. */
final class ArmeriaCaller implements Caller {
    private final ClientFactory factory = ClientFactory.builder().build();
    private final BlockingWebClient client;

    ArmeriaCaller(List<InetSocketAddress> backends) {
        EndpointGroup group = EndpointGroup.of(
                EndpointSelectionStrategy.roundRobin(),
                backends.stream()
                        .map(backend -> Endpoint.of(backend.getHostString(), backend.getPort()))
                        .toList());
        client = WebClient.builder(SessionProtocol.H1C, group)
                .factory(factory)
                .build()
                .blocking();
    }

    /** Found by its name. */
    public static final class Source implements Caller.Peers {
        @Override
        public List<Caller> over(List<InetSocketAddress> backends) {
            return List.of(new ArmeriaCaller(backends));
        }
    }

    @Override
    public String name() {
        return "Armeria";
    }

    @Override
    public long call() {
        return client.get("/").content().length();
    }

    @Override
    public void close() {
        factory.close();
    }
}
