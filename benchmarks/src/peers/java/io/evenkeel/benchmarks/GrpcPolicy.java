package io.evenkeel.benchmarks;

import io.grpc.Attributes;
import io.grpc.ChannelLogger;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.SynchronizationContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A policy of gRPC outside of a channel, over connections that are ready as soon as they are asked for. */
final class GrpcPolicy extends LoadBalancer.Helper {
    private static final ChannelLogger SILENT = new ChannelLogger() {
        @Override
        public void log(ChannelLogLevel level, String message) {}

        @Override
        public void log(ChannelLogLevel level, String format, Object... values) {}
    };

    private final SynchronizationContext context = new SynchronizationContext((thread, fault) -> {
        throw new IllegalStateException(fault);
    });
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final LoadBalancer balancer;
    private volatile LoadBalancer.SubchannelPicker picker;

    GrpcPolicy(String name, Map<String, ?> settings, List<EquivalentAddressGroup> addresses) {
        LoadBalancerProvider provider =
                LoadBalancerRegistry.getDefaultRegistry().getProvider(name);
        Object config = provider.parseLoadBalancingPolicyConfig(settings).getConfig();
        balancer = provider.newLoadBalancer(this);
        context.execute(() -> balancer.acceptResolvedAddresses(LoadBalancer.ResolvedAddresses.newBuilder()
                .setAddresses(addresses)
                .setLoadBalancingPolicyConfig(config)
                .build()));
    }

    LoadBalancer.SubchannelPicker picker() {
        return picker;
    }

    void close() {
        context.execute(balancer::shutdown);
        timer.shutdownNow();
    }

    @Override
    public LoadBalancer.Subchannel createSubchannel(LoadBalancer.CreateSubchannelArgs args) {
        return new Connection(args);
    }

    @Override
    public void updateBalancingState(ConnectivityState state, LoadBalancer.SubchannelPicker latest) {
        picker = latest;
    }

    @Override
    public ManagedChannel createOobChannel(EquivalentAddressGroup addresses, String authority) {
        throw new UnsupportedOperationException("no channel beside this one");
    }

    @Override
    public SynchronizationContext getSynchronizationContext() {
        return context;
    }

    @Override
    public ScheduledExecutorService getScheduledExecutorService() {
        return timer;
    }

    @Override
    public void refreshNameResolution() {}

    @Override
    public String getAuthority() {
        return "orders";
    }

    @Override
    public String getChannelTarget() {
        return "orders";
    }

    @Override
    public ChannelLogger getChannelLogger() {
        return SILENT;
    }

    private static final class Connection extends LoadBalancer.Subchannel {
        private final LoadBalancer.CreateSubchannelArgs args;
        private LoadBalancer.SubchannelStateListener listener = state -> {};
        private boolean isReady;

        Connection(LoadBalancer.CreateSubchannelArgs args) {
            this.args = args;
        }

        @Override
        public void start(LoadBalancer.SubchannelStateListener toTell) {
            listener = toTell;
        }

        @Override
        public void requestConnection() {
            if (!isReady) {
                isReady = true;
                ConnectivityStateInfo ready = ConnectivityStateInfo.forNonError(ConnectivityState.READY);
                listener.onSubchannelState(ready);
                LoadBalancer.SubchannelStateListener health =
                        args.getOption(LoadBalancer.HEALTH_CONSUMER_LISTENER_ARG_KEY);
                if (health != null) {
                    health.onSubchannelState(ready);
                }
            }
        }

        @Override
        public void shutdown() {
            listener.onSubchannelState(ConnectivityStateInfo.forNonError(ConnectivityState.SHUTDOWN));
        }

        @Override
        public List<EquivalentAddressGroup> getAllAddresses() {
            return args.getAddresses();
        }

        @Override
        public Attributes getAttributes() {
            return args.getAttributes();
        }

        @Override
        public ChannelLogger getChannelLogger() {
            return SILENT;
        }

        @Override
        public void updateAddresses(List<EquivalentAddressGroup> addresses) {}
    }
}
