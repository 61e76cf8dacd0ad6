package io.evenkeel.examples.discovery;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.evenkeel.backend.Backend;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands under the key of a server. Names that are not known are passed over, so that the format may grow. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record EtcdValue(
        @Nullable String host,
        int port,
        @Nullable Integer weight,
        @Nullable String zone,
        @Nullable Map<String, String> labels) {
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    static String write(String host, int port, Traits traits) {
        try {
            return JSON.writeValueAsString(new EtcdValue(host, port, traits.weight(), traits.zone(), traits.labels()));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Throws {@link IllegalArgumentException} with what is wrong. */
    static Backend backend(String id, String json) {
        try {
            EtcdValue value = JSON.readValue(json, EtcdValue.class);
            if (value == null || value.host() == null) {
                throw new IllegalArgumentException("host: none (expected: an IP address)");
            }
            return new Traits(value.weight(), value.zone(), value.labels())
                    .of(Backend.of(id, value.host(), value.port()));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
    }
}
