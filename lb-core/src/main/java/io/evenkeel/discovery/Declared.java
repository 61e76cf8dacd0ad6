package io.evenkeel.discovery;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.net.HostAndPort;
import com.google.common.primitives.Ints;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Placement;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A backend that is declared by names and values; names that mean nothing else are labels. */
final class Declared {
    private Declared() {}

    /** Throws {@link IllegalArgumentException} with what is wrong. */
    static Backend backend(Map<String, String> settings) {
        Map<String, String> labels = new HashMap<>(settings);
        String address = labels.remove("address");
        checkArgument(address != null, "address: none (expected: host:port)");
        HostAndPort place = place(address);
        String id = labels.remove("id");
        Backend backend = Backend.of(id != null ? id : address, place.getHost(), place.getPort());
        return backend.withWeight(number(labels.remove("weight"), "weight", backend.weight()))
                .withPriority(number(labels.remove("priority"), "priority", backend.priority()))
                .withPlacement(placement(labels))
                .withLabels(labels);
    }

    private static HostAndPort place(String address) {
        try {
            HostAndPort place = HostAndPort.fromString(address);
            checkArgument(place.hasPort());
            return place;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("address: \"" + address + "\" (expected: host:port)", e);
        }
    }

    private static Placement placement(Map<String, String> labels) {
        String zone = labels.remove("zone");
        return new Placement(
                zone != null ? zone : "",
                number(labels.remove("faultDomain"), "faultDomain", -1),
                number(labels.remove("updateDomain"), "updateDomain", -1));
    }

    private static int number(@Nullable String value, String name, int absent) {
        if (value == null) {
            return absent;
        }
        Integer number = Ints.tryParse(value);
        checkArgument(number != null, "%s: \"%s\" (expected: a number)", name, value);
        return number;
    }
}
