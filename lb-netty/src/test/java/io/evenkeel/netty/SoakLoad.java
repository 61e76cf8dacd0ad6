package io.evenkeel.netty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Clients of TCP and UDP that check each byte of what they sent and got back, and say what no fault explains. */
final class SoakLoad implements AutoCloseable {
    private static final int CLIENTS = 6;
    private static final int PAUSE_MILLIS = 100;
    private static final int LARGE = 4 << 20;
    private static final int MOST_REMARKS = 20;

    private final SoakFlows flows;
    private final SoakFaults faults;
    private final InetSocketAddress tcp;
    private final InetSocketAddress udp;
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong datagrams = new AtomicLong();
    private final AtomicLong explained = new AtomicLong();
    private final List<String> remarks = new ArrayList<>();
    private final ReadWriteLock running = new ReentrantReadWriteLock(true); // fair: whoever wants a pause gets it
    private final ThreadPoolExecutor senders = (ThreadPoolExecutor) Executors.newFixedThreadPool(CLIENTS);
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    private interface Client {
        void work(Random random) throws IOException;
    }

    SoakLoad(Forwarder forwarder, SoakFlows flows, SoakFaults faults) {
        this.flows = flows;
        this.faults = faults;
        this.tcp = forwarder.boundAddress("tcp");
        this.udp = forwarder.boundAddress("udp");
        senders.prestartAllCoreThreads();
        for (int i = 0; i < CLIENTS; i++) {
            start("soak-tcp-" + i, this::connection, new Random(i));
            start("soak-udp-" + i, this::session, new Random(1_000 + i));
        }
    }

    private void start(String name, Client client, Random random) {
        Thread thread = new Thread(() -> run(client, random), name);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    private void run(Client client, Random random) {
        try {
            while (!closed) {
                running.readLock().lock();
                try {
                    client.work(random);
                } catch (IOException | RuntimeException e) {
                    remark("a client failed by itself: " + e);
                } finally {
                    running.readLock().unlock();
                }
                Thread.sleep(random.nextInt(2 * PAUSE_MILLIS)); // the load, not a wait
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /** One connection: some messages or a large one, and an end of one of three kinds. */
    private void connection(Random random) throws IOException {
        long began = System.nanoTime();
        connections.incrementAndGet();
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(60_000);
            socket.connect(tcp, 20_000);
            int port = socket.getLocalPort();
            try {
                exchange(socket, random);
                end(socket, random.nextInt(3));
            } catch (IOException e) {
                String backend = flows.backend("tcp", port);
                blame("connection " + port, backend == null ? "nobody" : backend, began, e.toString());
            }
        }
    }

    private void exchange(Socket socket, Random random) throws IOException {
        if (random.nextInt(20) == 0) {
            byte[] sent = new byte[LARGE];
            random.nextBytes(sent);
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> write(socket, sent), senders);
            try {
                check(sent, socket.getInputStream().readNBytes(LARGE));
                sending.get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IOException(e);
            }
            return;
        }
        for (int i = random.nextInt(8); i >= 0; i--) {
            byte[] sent = new byte[1 + random.nextInt(8 << 10)];
            random.nextBytes(sent);
            socket.getOutputStream().write(sent);
            check(sent, socket.getInputStream().readNBytes(sent.length));
        }
    }

    private static void write(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes); // ends at the latest when the socket is closed
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void check(byte[] sent, byte[] received) throws IOException {
        if (received.length < sent.length) {
            throw new IOException("a clean end after " + received.length + " of " + sent.length + " bytes");
        }
        if (!Arrays.equals(sent, received)) {
            remark("bytes of a connection are wrong");
        }
    }

    private void end(Socket socket, int kind) throws IOException {
        if (kind == 0) {
            socket.shutdownOutput();
            if (socket.getInputStream().read() >= 0) {
                remark("more came back than was sent");
            }
        } else if (kind == 1) {
            TcpVm.reset(socket);
        } // or it is just closed
    }

    /** Some datagrams, one after the other, from one port. */
    private void session(Random random) throws IOException {
        byte[] buffer = new byte[16];
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(5_000); // an answer that is late on a busy machine is not lost
            socket.connect(udp);
            long id = random.nextLong();
            for (int i = 0; i < 1 + random.nextInt(10); i++) {
                ask(socket, id, i, buffer);
            }
        }
    }

    private void ask(DatagramSocket socket, long id, long number, byte[] buffer) throws IOException {
        long began = System.nanoTime();
        datagrams.incrementAndGet();
        byte[] sent = ByteBuffer.allocate(16).putLong(id).putLong(number).array();
        try {
            socket.send(new DatagramPacket(sent, sent.length));
            DatagramPacket answer = new DatagramPacket(buffer, buffer.length);
            ByteBuffer read = ByteBuffer.wrap(buffer);
            do {
                socket.receive(answer);
                if (answer.getLength() != 16 || read.getLong(0) != id) {
                    remark("a datagram of somebody else");
                }
            } while (read.getLong(8) != number); // an older one came late
        } catch (SocketTimeoutException e) {
            String backend = flows.backend("udp", socket.getLocalPort());
            blame("datagram of " + socket.getLocalPort(), backend == null ? "nobody" : backend, began, "lost");
        }
    }

    private void blame(String who, String backend, long began, String what) {
        if (faults.explain(backend, began)) {
            explained.incrementAndGet();
        } else {
            remark(who + " at " + backend + ": " + what);
        }
    }

    private void remark(String remark) {
        synchronized (remarks) {
            if (remarks.size() < MOST_REMARKS) {
                remarks.add(remark);
            }
        }
    }

    /** What went wrong although no fault explains it: the first of it. */
    List<String> remarks() {
        synchronized (remarks) {
            return List.copyOf(remarks);
        }
    }

    /** Lets all clients finish what they do, and holds them. */
    void pause() {
        running.writeLock().lock();
    }

    /** By the same thread. */
    void resume() {
        running.writeLock().unlock();
    }

    @Override
    public String toString() {
        return connections + " connections, " + datagrams + " datagrams, " + explained + " failed for a fault";
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        for (Thread thread : threads) {
            thread.interrupt();
            thread.join();
        }
        senders.shutdownNow();
    }
}
