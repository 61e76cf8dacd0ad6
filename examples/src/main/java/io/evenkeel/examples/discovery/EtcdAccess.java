package io.evenkeel.examples.discovery;

import java.net.URI;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where etcd is, and who asks. Immutable; its text does not have the password.
 *
 * @param endpoints such as {@code https://10.0.0.1:2379}; where one fails the next is asked
 * @param tls whom to trust, and what to show; null, the default, is what the JDK trusts. A certificate must name the host of
 *     the endpoint
 * @param user null, the default, where etcd asks nobody who he is
 */
public record EtcdAccess(
        List<URI> endpoints,
        @Nullable SSLContext tls,
        @Nullable User user) {
    /** As etcd knows him. */
    record User(String name, String password) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Keeps a copy. */
    public EtcdAccess {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("endpoints: [] (expected: at least one)");
        }
    }

    /** Without a user, and with the JDK's trust. */
    public static EtcdAccess of(List<URI> endpoints) {
        return new EtcdAccess(endpoints, null, null);
    }

    /** The same with other keys and authorities. */
    public EtcdAccess withTls(SSLContext tls) {
        return new EtcdAccess(endpoints, tls, user);
    }

    /** The same with a user, which is to be used over TLS only: the password goes over the network. */
    public EtcdAccess withUser(String name, String password) {
        return new EtcdAccess(endpoints, tls, new User(name, password));
    }
}
