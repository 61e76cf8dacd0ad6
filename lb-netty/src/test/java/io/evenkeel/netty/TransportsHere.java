package io.evenkeel.netty;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;
import org.slf4j.LoggerFactory;

/**
 * Runs a test once with each transport: always with NIO and EPOLL, and with IO_URING where the system allows it, which many
 * containers do not. A line of the log says where it does not.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ArgumentsSource(TransportsHere.Provider.class)
@interface TransportsHere {
    /** NIO is left out of what is told of sockets of Linux only. */
    boolean onlyNative() default false;

    /** The transports that are there. */
    final class Provider implements ArgumentsProvider {
        private static final boolean HAS_RING = hasRing();

        private static boolean hasRing() {
            Throwable cause = Transport.IO_URING.unavailabilityCause();
            if (cause != null) {
                LoggerFactory.getLogger(TransportsHere.class).warn("nothing is tested with IO_URING", cause);
            }
            return cause == null;
        }

        @Override
        public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
            boolean onlyNative =
                    context.getRequiredTestMethod().getAnnotation(TransportsHere.class).onlyNative();
            return Stream.of(Transport.NIO, Transport.EPOLL, Transport.IO_URING)
                    .filter(transport -> transport != Transport.NIO || !onlyNative)
                    .filter(transport -> transport != Transport.IO_URING || HAS_RING)
                    .map(Arguments::of);
        }
    }
}
