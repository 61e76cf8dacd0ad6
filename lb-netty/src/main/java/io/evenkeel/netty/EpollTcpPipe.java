package io.evenkeel.netty;

import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;

/** A pipe of Linux, filled and drained by {@code splice(2)}: two descriptors, and what it holds is memory of the system. */
final class EpollTcpPipe implements TcpPipe {
    private static final int MOST = 1 << 20; // the pipe itself holds less
    private static final int NO_OFFSET = -1;

    private final FileDescriptor from;
    private final FileDescriptor to;
    private final FileDescriptor output;
    private final FileDescriptor input;
    private int held;

    EpollTcpPipe(FileDescriptor from, FileDescriptor to) throws IOException {
        this.from = from;
        this.to = to;
        FileDescriptor[] ends = FileDescriptor.pipe();
        this.output = ends[0];
        this.input = ends[1];
    }

    @Override
    public int fill() throws IOException {
        int bytes = Native.splice(from.intValue(), NO_OFFSET, input.intValue(), NO_OFFSET, MOST);
        held += bytes;
        return bytes;
    }

    @Override
    public int drain() throws IOException {
        int bytes = Native.splice(output.intValue(), NO_OFFSET, to.intValue(), NO_OFFSET, held);
        held -= bytes;
        return bytes;
    }

    @Override
    public boolean isEmpty() {
        return held == 0;
    }

    @Override
    public void close() {
        try {
            output.close();
            input.close();
        } catch (IOException e) {
            // They are gone in any case.
        }
    }
}
