package io.evenkeel.strategy;

import io.evenkeel.affinity.XxHash64;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Points on a circle of 64 bits, each of which owns what lies between it and the one before.
 *
 * <p>Points are where Envoy and gRPC have them: xxHash64 of {@code id_0}, {@code id_1}…; as many for each id as its weight
 * asks, and at least one for the lightest. Source: gRPC proposal A42, and Envoy's ring_hash_lb.cc for the number of points.
 */
final class Ring {
    /** Hashes without a sign are ordered as numbers with one, once their highest bit is turned over. */
    private static final long TURN = Long.MIN_VALUE;

    private final long[] points;
    private final int[] owners;

    private Ring(long[] points, int[] owners) {
        this.points = points;
        this.owners = owners;
    }

    static Ring of(String[] ids, int[] weights, int minSize, int maxSize) {
        int[] counts = counts(weights, minSize, maxSize);
        long[] unordered = new long[Arrays.stream(counts).sum()];
        int end = 0;
        for (int i = 0; i < ids.length; i++) {
            for (int number = 0; number < counts[i]; number++) {
                unordered[end++] = point(ids[i], number);
            }
        }
        long[] points = unordered.clone();
        Arrays.sort(points);
        int[] owners = new int[points.length];
        int from = 0;
        for (int i = 0; i < ids.length; i++) {
            for (int k = from; k < from + counts[i]; k++) {
                owners[Arrays.binarySearch(points, unordered[k])] = i;
            }
            from += counts[i];
        }
        return new Ring(points, owners);
    }

    private static long point(String id, int number) {
        byte[] name = (id + "_" + number).getBytes(StandardCharsets.UTF_8);
        return XxHash64.hash(name, 0) ^ TURN;
    }

    /** Whole points for the lightest; running sums for the others, so that rounding does not add up. */
    private static int[] counts(int[] weights, int minSize, int maxSize) {
        double total = Arrays.stream(weights).asLongStream().sum();
        double least = Arrays.stream(weights).min().orElseThrow() / total;
        double scale = Math.min(Math.ceil(least * minSize) / least, maxSize);
        int[] counts = new int[weights.length];
        double wanted = 0;
        int placed = 0;
        for (int i = 0; i < weights.length; i++) {
            wanted += scale * (weights[i] / total);
            while (placed < wanted) {
                counts[i]++;
                placed++;
            }
        }
        return counts;
    }

    /** How many points there are. */
    int size() {
        return points.length;
    }

    /** The index of the id whose point is the first at or after the hash. */
    int ownerOf(long hash) {
        int found = Arrays.binarySearch(points, hash ^ TURN);
        int next = found >= 0 ? found : -found - 1;
        return owners[next < owners.length ? next : 0];
    }
}
