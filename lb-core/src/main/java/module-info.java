/**
 * Client-side load balancing: one model of pool, health and strategy. Start at {@link io.evenkeel.LoadBalancer}.
 *
 * <p>No type of a third-party library appears in a signature of this module.
 */
module io.evenkeel.core {
    requires com.google.common;
    requires io.github.resilience4j.core;
    requires org.dnsjava;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.evenkeel;
    exports io.evenkeel.affinity;
    exports io.evenkeel.availability;
    exports io.evenkeel.backend;
    exports io.evenkeel.discovery;
    exports io.evenkeel.event;
    exports io.evenkeel.health;
    exports io.evenkeel.orca;
    exports io.evenkeel.outlier;
    exports io.evenkeel.pool;
    exports io.evenkeel.strategy;
}
