package io.evenkeel.benchmarks.simulation;

/**
 * Others on the machines of the servers, who come and go: a server may use what they leave it. Busy and quiet times last
 * as long as they happen to, without memory.
 *
 * @param coresWhenBusy what a server has while its neighbours are busy
 * @param coresWhenQuiet what it has otherwise
 * @param busyShare for which part of the time they are busy
 * @param busySeconds how long they are busy at a time, on average
 */
record Neighbours(double coresWhenBusy, double coresWhenQuiet, double busyShare, double busySeconds) {

    void moveIn(Fleet fleet) {
        for (Server server : fleet.servers()) {
            change(fleet, server, fleet.random().nextDouble() < busyShare);
        }
    }

    private void change(Fleet fleet, Server server, boolean isBusy) {
        server.cores(isBusy ? coresWhenBusy : coresWhenQuiet);
        double mean = isBusy ? busySeconds : busySeconds * (1 - busyShare) / busyShare;
        fleet.in(mean * Work.exponential(fleet.random()), () -> change(fleet, server, !isBusy));
    }
}
