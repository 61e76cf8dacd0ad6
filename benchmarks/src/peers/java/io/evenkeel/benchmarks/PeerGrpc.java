package io.evenkeel.benchmarks;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.PickDetailsConsumer;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.internal.PickSubchannelArgsImpl;
import io.grpc.xds.shaded.com.github.xds.data.orca.v3.OrcaLoadReport;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** gRPC: a policy's picker, called as a channel calls it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PeerGrpc {
    private static final ClientStreamTracer.StreamInfo STREAM =
            ClientStreamTracer.StreamInfo.newBuilder().build();

    /** Members. */
    @Param("100")
    public int members;

    /** What it is called there. */
    @Param({"round_robin", "weighted_round_robin", "least_request_experimental", "ring_hash_experimental"})
    public String strategy;

    private GrpcPolicy policy;
    private PickSubchannelArgs[] calls;
    private int next;

    /** Makes the policy, connects all, and reports weights of 1 to 10 where they count. */
    @Setup
    public void setUp() throws Exception {
        boolean isWeighted = strategy.startsWith("weighted");
        List<EquivalentAddressGroup> addresses = IntStream.range(0, members)
                .mapToObj(i -> new EquivalentAddressGroup(new InetSocketAddress(Peers.host(i), Peers.PORT)))
                .toList();
        policy = new GrpcPolicy(strategy, isWeighted ? Map.of("blackoutPeriod", "0s") : Map.of(), addresses);
        calls = new PickSubchannelArgs[Peers.KEYS];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = call(strategy.startsWith("ring") ? withHash(i) : CallOptions.DEFAULT);
        }
        for (int i = 0; i < 3 * calls.length; i++) {
            policy.picker().pickSubchannel(calls[i % calls.length]); // the ring connects when it is asked
        }
        if (isWeighted) {
            for (int i = 0; i < members; i++) {
                report(policy.picker().pickSubchannel(calls[0]), 100 + 100 * (i % 10));
            }
            Thread.sleep(1500); // weights are taken over once a second
        }
        if (policy.picker().pickSubchannel(calls[0]).getSubchannel() == null) {
            throw new IllegalStateException("not ready: " + policy.picker());
        }
    }

    /** Ends the policy's timer. */
    @TearDown
    public void tearDown() {
        policy.close();
    }

    private static PickSubchannelArgs call(CallOptions options) {
        MethodDescriptor.Marshaller<String> nothing = new MethodDescriptor.Marshaller<>() {
            @Override
            public InputStream stream(String value) {
                return new ByteArrayInputStream(new byte[0]);
            }

            @Override
            public String parse(InputStream stream) {
                return "";
            }
        };
        MethodDescriptor<String, String> method = MethodDescriptor.<String, String>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("orders/get")
                .setRequestMarshaller(nothing)
                .setResponseMarshaller(nothing)
                .build();
        return new PickSubchannelArgsImpl(method, new Metadata(), options, new PickDetailsConsumer() {});
    }

    /** The resolver of xDS puts the hash there; its key is not public. */
    @SuppressWarnings("unchecked")
    private static CallOptions withHash(int i) throws ReflectiveOperationException {
        Field key = Class.forName("io.grpc.xds.XdsNameResolver").getDeclaredField("RPC_HASH_KEY");
        key.setAccessible(true);
        return CallOptions.DEFAULT.withOption((CallOptions.Key<Long>) key.get(null), i * 0x9e3779b97f4a7c15L);
    }

    private static void report(PickResult pick, double rate) {
        Metadata trailers = new Metadata();
        byte[] report = OrcaLoadReport.newBuilder()
                .setApplicationUtilization(0.5)
                .setRpsFractional(rate)
                .build()
                .toByteArray();
        trailers.put(Metadata.Key.of("endpoint-load-metrics-bin", Metadata.BINARY_BYTE_MARSHALLER), report);
        ClientStreamTracer tracer = pick.getStreamTracerFactory().newClientStreamTracer(STREAM, new Metadata());
        tracer.inboundTrailers(trailers);
        tracer.streamClosed(Status.OK);
    }

    /** A choice. */
    @Benchmark
    public Object select() {
        return policy.picker().pickSubchannel(calls[next++ & Peers.KEYS - 1]);
    }

    /** A choice, and the beginning and end of its stream, by which requests are counted. */
    @Benchmark
    public Object cycle() {
        PickSubchannelArgs call = calls[next++ & Peers.KEYS - 1];
        PickResult pick = policy.picker().pickSubchannel(call);
        ClientStreamTracer.Factory tracers = pick.getStreamTracerFactory();
        if (tracers != null) {
            ClientStreamTracer tracer = tracers.newClientStreamTracer(STREAM, call.getHeaders());
            tracer.streamCreated(Attributes.EMPTY, call.getHeaders());
            tracer.streamClosed(Status.OK);
        }
        return pick;
    }
}
