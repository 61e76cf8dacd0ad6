package io.evenkeel.netty;

import io.evenkeel.affinity.Flow;
import io.evenkeel.affinity.Protocol;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits for the header of a trusted proxy, and then gives the connection on as that of the client it names. */
final class ProxyHeaderReader implements TcpSocket.Owner {
    /** More than a header takes, and not so much that it is worth a thought how long it is kept. */
    private static final int READ_BYTES = 4096;

    private final TcpEntrance entrance;
    private final TcpSocket socket;
    private final TcpFlows flows;
    private final Flow own;
    private final long timeoutMillis;
    private @Nullable Future<?> limit;
    private @Nullable ByteBuf seen;
    private boolean over;

    ProxyHeaderReader(TcpEntrance entrance, TcpSocket socket, TcpFlows flows, Flow own, long timeoutMillis) {
        this.entrance = entrance;
        this.socket = socket;
        this.flows = flows;
        this.own = own;
        this.timeoutMillis = timeoutMillis;
    }

    void start() {
        limit = flows.loop()
                .schedule(
                        () -> refuse("no PROXY header within " + timeoutMillis + " ms"),
                        timeoutMillis,
                        TimeUnit.MILLISECONDS);
        try {
            socket.register(flows.loop(), this);
            socket.await(true, false);
        } catch (IOException e) {
            refuse(e.getMessage());
        }
    }

    @Override
    public void ready(boolean isReadable, boolean isWritable, boolean isEnding) {
        try {
            while (!over && isReadable && read(isEnding)) {}
        } catch (Throwable fault) {
            refuse(fault.toString());
        }
    }

    /** False if there is nothing more now. */
    private boolean read(boolean isEnding) {
        ByteBuffer data = flows.space().buffer().clear().limit(READ_BYTES);
        try {
            int bytes = socket.read(data);
            if (bytes > 0) {
                decode(data.flip(), isEnding);
            } else if (bytes < 0) {
                refuse("the proxy left before its header was complete");
            }
            return bytes > 0;
        } catch (IOException e) {
            refuse(e.getMessage());
            return false;
        }
    }

    private void decode(ByteBuffer data, boolean isEnding) throws ProtocolException {
        ByteBuf all = seen == null ? flows.space().allocator().directBuffer(data.remaining()) : seen;
        seen = all.writeBytes(data);
        Proxied proxied = ProxyDecoder.decode(all);
        if (proxied != null) {
            done(proxied, all, isEnding);
        }
    }

    private void done(Proxied proxied, ByteBuf rest, boolean isEnding) {
        seen = null; // given on
        end();
        socket.await(false, false); // until there is a backend to give it to
        InetSocketAddress source = proxied.source();
        InetSocketAddress destination = proxied.destination();
        Flow addresses = source == null || destination == null ? own : new Flow(Protocol.TCP, source, destination);
        entrance.proxied(socket, flows, addresses, own.destination().getPort(), rest, isEnding);
    }

    private void refuse(@Nullable String why) {
        if (!over) {
            end();
            entrance.refuse(socket, own.source(), new FlowRefusedException(String.valueOf(why)));
        }
    }

    private void end() {
        over = true;
        if (limit != null) {
            limit.cancel(false);
        }
        if (seen != null) {
            seen.release();
            seen = null;
        }
    }
}
