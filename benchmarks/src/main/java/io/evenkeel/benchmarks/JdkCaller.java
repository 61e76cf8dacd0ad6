package io.evenkeel.benchmarks;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The client of the JDK, to one server. */
final class JdkCaller implements Caller {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpRequest request;

    JdkCaller(InetSocketAddress backend) {
        request = HttpRequest.newBuilder(
                        URI.create("http://" + backend.getHostString() + ":" + backend.getPort() + "/"))
                .build();
    }

    @Override
    public String name() {
        return "bare HttpClient of the JDK";
    }

    @Override
    public long call() throws IOException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body().length;
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    @Override
    public void close() {
        // Ends by itself once nobody holds it.
    }
}
