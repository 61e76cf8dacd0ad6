package io.evenkeel.affinity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.testing.Vectors;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class XxHash64Test {
    @Test
    void givesThePublishedValuesForEveryLength() {
        Vectors.objects("hashes.json", "looping_bytes").forEach(vector -> {
            byte[] bytes = new byte[vector.get("length").getAsInt()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) i;
            }
            assertEquals(vector.get("xxh64_seed0").getAsString(), hex(XxHash64.hash(bytes, 0)));
            assertEquals(vector.get("xxh64_seed42").getAsString(), hex(XxHash64.hash(bytes, 42)));
        });
    }

    @Test
    void givesThePublishedValuesForText() {
        Vectors.objects("hashes.json", "cases").forEach(vector -> {
            byte[] bytes = vector.get("input").getAsString().getBytes(StandardCharsets.UTF_8);
            assertEquals(vector.get("xxh64_seed0").getAsString(), hex(XxHash64.hash(bytes, 0)));
            assertEquals(vector.get("xxh64_seed1").getAsString(), hex(XxHash64.hash(bytes, 1)));
        });
    }

    private static String hex(long hash) {
        return String.format("%016x", hash);
    }
}
