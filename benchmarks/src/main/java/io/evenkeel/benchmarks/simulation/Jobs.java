package io.evenkeel.benchmarks.simulation;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Attempts by the work after which they end: a heap. */
final class Jobs {
    private @Nullable Attempt[] heap = new Attempt[16];
    private int size;

    int size() {
        return size;
    }

    @Nullable
    Attempt first() {
        return size == 0 ? null : heap[0];
    }

    void add(Attempt job) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        rise(size++, job);
    }

    void removeFirst() {
        Attempt last = heap[--size];
        heap[size] = null;
        if (size > 0) {
            heap[0] = last;
            sink(0);
        }
    }

    /** Whether it was there. */
    boolean remove(Attempt job) {
        for (int i = 0; i < size; i++) {
            if (heap[i] == job) {
                Attempt last = heap[--size];
                heap[size] = null;
                if (i < size) {
                    rise(i, last);
                    sink(i);
                }
                return true;
            }
        }
        return false;
    }

    private void rise(int from, Attempt job) {
        int hole = from;
        while (hole > 0 && heap[(hole - 1) >>> 1].endsAfter > job.endsAfter) {
            heap[hole] = heap[(hole - 1) >>> 1];
            hole = (hole - 1) >>> 1;
        }
        heap[hole] = job;
    }

    private void sink(int from) {
        Attempt job = heap[from];
        int hole = from;
        for (int child = 2 * hole + 1; child < size; child = 2 * hole + 1) {
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
