package io.evenkeel.benchmarks.simulation;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Requests by the work after which they end: a heap. */
final class Jobs {
    private @Nullable Request[] heap = new Request[16];
    private int size;

    int size() {
        return size;
    }

    @Nullable
    Request first() {
        return size == 0 ? null : heap[0];
    }

    void add(Request job) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        rise(size++, job);
    }

    void removeFirst() {
        Request last = heap[--size];
        heap[size] = null;
        if (size > 0) {
            sink(last);
        }
    }

    private void rise(int from, Request job) {
        int hole = from;
        while (hole > 0 && heap[(hole - 1) >>> 1].endsAfter > job.endsAfter) {
            heap[hole] = heap[(hole - 1) >>> 1];
            hole = (hole - 1) >>> 1;
        }
        heap[hole] = job;
    }

    private void sink(Request job) {
        int hole = 0;
        for (int child = 1; child < size; child = 2 * hole + 1) {
            if (child + 1 < size && heap[child + 1].endsAfter < heap[child].endsAfter) {
                child++;
            }
            if (heap[child].endsAfter >= job.endsAfter) {
                break;
            }
            heap[hole] = heap[child];
            hole = child;
        }
        heap[hole] = job;
    }
}
