package io.evenkeel.examples.discovery;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Placement;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of itself in a registry, beside its address. What is absent has the default of {@link Backend}.
 *
 * @param weight 0 to 65,535; 0 is how a server asks to be drained: it stays a member and gets no new picks
 * @param zone data centre or availability zone
 * @param labels free text for listings and metrics
 */
public record Traits(
        @Nullable Integer weight,
        @Nullable String zone,
        @Nullable Map<String, String> labels) {

    /** Nothing but defaults. */
    public static final Traits NONE = new Traits(null, null, null);

    /** The same with another weight. */
    public Traits withWeight(int weight) {
        return new Traits(weight, zone, labels);
    }

    /** A backend that is like this. Throws {@link IllegalArgumentException} for a weight that is out of range. */
    Backend of(Backend backend) {
        return backend.withWeight(weight == null ? backend.weight() : weight)
                .withPlacement(zone == null ? backend.placement() : new Placement(zone, -1, -1))
                .withLabels(labels == null ? Map.of() : labels);
    }
}
