package io.evenkeel.benchmarks.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Which of the clients sends the next request. */
@FunctionalInterface
interface Senders {
    int next(RandomGenerator random);

    /** All send as much. */
    static Senders alike(int clients) {
        return random -> random.nextInt(clients);
    }

    /**
     * A few send most: the k-th as much as {@code 1 / k} of the first, in an order that has nothing to do with their
     * numbers. Of 100 clients the first sends 19 %, and the first ten 56 %.
     */
    static Senders zipf(int clients, long seed) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, clients).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        double[] upTo = new double[clients];
        double sum = 0;
        for (int k = 1; k <= clients; k++) {
            sum += 1.0 / k;
            upTo[k - 1] = sum;
        }
        double all = sum;
        return arrivals -> {
            int found = Arrays.binarySearch(upTo, all * arrivals.nextDouble());
            return order.get(found < 0 ? -found - 1 : found);
        };
    }
}
