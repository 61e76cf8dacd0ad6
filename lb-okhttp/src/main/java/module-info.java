/**
 * Load balancing for OkHttp, below the URL: what a request says stays logical, where it goes is chosen for each call.
 * Start at {@link io.evenkeel.okhttp.LoadBalancingInterceptor}.
 */
module io.evenkeel.okhttp {
    requires com.google.common;
    requires io.github.resilience4j.core;
    requires transitive io.evenkeel.core;
    requires transitive okhttp3;
    requires static transitive org.jspecify;
    requires kotlin.stdlib;
    requires org.slf4j;

    exports io.evenkeel.okhttp;
}
