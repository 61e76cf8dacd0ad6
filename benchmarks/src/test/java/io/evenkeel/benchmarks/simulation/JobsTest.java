package io.evenkeel.benchmarks.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class JobsTest {
    private final Jobs jobs = new Jobs();

    private Attempt add(double endsAfter) {
        Attempt job = new Attempt(null, null, new Timeline(), null);
        job.endsAfter = endsAfter;
        jobs.add(job);
        return job;
    }

    private List<Attempt> inOrder() {
        List<Attempt> all = new ArrayList<>();
        for (Attempt first = jobs.first(); first != null; first = jobs.first()) {
            all.add(first);
            jobs.removeFirst();
        }
        return all;
    }

    @Test
    void theOthersKeepTheirOrderWhenSomeAreTakenOut() {
        SplittableRandom random = new SplittableRandom(1);
        List<Attempt> left = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            left.add(add(random.nextDouble()));
        }

        for (int i = 0; i < 500; i++) {
            assertTrue(jobs.remove(left.remove(random.nextInt(left.size()))));
        }

        left.sort((a, b) -> Double.compare(a.endsAfter, b.endsAfter));
        assertEquals(left, inOrder());
    }

    @Test
    void whoIsNotThereIsNotTakenOut() {
        Attempt gone = add(1);
        add(2);
        jobs.removeFirst();

        assertFalse(jobs.remove(gone));
        assertEquals(1, jobs.size());
    }
}
