package io.evenkeel.benchmarks.simulation;

import java.util.random.RandomGenerator;

/** How long requests take on a server that does nothing else, in nanoseconds. */
@FunctionalInterface
interface Work {
    double MILLI = 1e6;

    double next(RandomGenerator random);

    /**
     * Answers of a real service: median 167.5 ms, mean 169.6, deviation 5.4, no tail to speak of. A curve through the
     * quantiles that the experiment of Buoyant (Beyond Round Robin, 2016) shows; its recording is not used.
     */
    static Work recorded() {
        return quantiles(
                new double[] {0, 0.5, 0.8, 0.9, 0.94, 0.978, 0.9978, 1},
                new double[] {166.2, 167.5, 169.8, 174.2, 181, 187.2, 198.5, 210});
    }

    private static Work quantiles(double[] shares, double[] millis) {
        return random -> {
            double share = random.nextDouble();
            int i = 1;
            while (share > shares[i]) {
                i++;
            }
            double part = (share - shares[i - 1]) / (shares[i] - shares[i - 1]);
            return MILLI * (millis[i - 1] + part * (millis[i] - millis[i - 1]));
        };
    }

    /** No memory: a long request is as likely to end in the next moment as a short one. */
    static Work exponential(double meanMillis) {
        return random -> MILLI * meanMillis * exponential(random);
    }

    /** Short requests, and now and then a long one; both without memory. */
    static Work mixed(double shortMillis, double longMillis, double longShare) {
        return random -> {
            boolean isLong = random.nextDouble() < longShare;
            return MILLI * (isLong ? longMillis : shortMillis) * exponential(random);
        };
    }

    /** An exponential draw of mean 1, by the one logarithm that is the same on every machine. */
    static double exponential(RandomGenerator random) {
        return -StrictMath.log(1 - random.nextDouble());
    }
}
