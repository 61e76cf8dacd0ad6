package io.evenkeel.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("membership")
class DifferenceTest {
    private static final int LENGTH = 600;

    private final Random random = new Random(3);
    private final String[] before = names(0, LENGTH);

    @Test
    void whateverChangesWhatIsCarriedIsWhatStandsThere() {
        for (int step = 0; step < 2_000; step++) {
            String[] after = changed(random.nextInt(step % 10 == 0 ? 2 * LENGTH : 20));
            Difference difference = Difference.between(before, after);

            String[] carried = difference.carry(before, i -> after[i]);
            int[] lengths = difference.carry(lengths(before), i -> after[i].length());

            assertArrayEquals(after, carried);
            assertArrayEquals(lengths(after), lengths);
        }
    }

    @Test
    void whoeverStandsApartFromOtherChangesIsAskedForAlone() {
        List<String> changed = new ArrayList<>(Arrays.asList(before));
        changed.set(500, "replaced");
        changed.remove(300);
        changed.remove(300);
        changed.add(100, "added");
        changed.add("last");

        Difference difference = Difference.between(before, changed.toArray());

        assertArrayEquals(new int[] {300, 301, 500}, difference.gone());
        assertArrayEquals(new int[] {100, 499, 599}, difference.came());
    }

    @Test
    void equalObjectsAreTheSame() {
        String[] copies = Arrays.stream(before).map(String::new).toArray(String[]::new);

        Difference difference = Difference.between(before, copies);

        assertTrue(difference.isNone());
        assertSame(before, difference.carry(before, i -> "nobody came"));
    }

    @Test
    void numbersThatAreAsBeforeAreTheSameArray() {
        String[] after = before.clone();
        after[7] = "other";
        int[] numbers = new int[LENGTH];
        Difference difference = Difference.between(before, after);

        int[] alike = difference.carry(numbers, i -> 0);
        int[] other = difference.carry(numbers, i -> i);

        assertSame(numbers, alike);
        assertEquals(7, other[7]);
        assertEquals(0, numbers[7]);
    }

    @Test
    void anotherOrderHasTheSameDifferenceAtOtherPlaces() {
        Difference difference = Difference.between(new String[] {"a", "c", "b"}, new String[] {"a", "d", "b"});

        String[] sorted =
                difference.inOrder(new int[] {2}, new int[] {0}).carry(new String[] {"a", "b", "c"}, i -> "d");

        assertArrayEquals(new String[] {"d", "a", "b"}, sorted);
    }

    @Test
    void whatBelongsToAnotherListIsRefused() {
        Difference difference = Difference.between(before, before);

        Exception refused = assertThrows(IllegalArgumentException.class, () -> difference.carry(new int[3], i -> 0));

        assertEquals("length: 3 (expected: 600, one for each that was there before)", refused.getMessage());
    }

    private String[] changed(int changes) {
        List<String> changed = new ArrayList<>(Arrays.asList(before));
        for (int i = 0; i < changes; i++) {
            int place = random.nextInt(changed.size());
            switch (random.nextInt(4)) {
                case 0 -> changed.set(place, "new" + i);
                case 1 -> changed.add(place, "new" + i);
                case 2 -> Collections.swap(changed, place, random.nextInt(changed.size()));
                default ->
                    changed.subList(place, Math.min(place + 1, changed.size() - 1))
                            .clear();
            }
        }
        return changed.toArray(String[]::new);
    }

    private static String[] names(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "b" + i).toArray(String[]::new);
    }

    private static int[] lengths(String[] names) {
        return Arrays.stream(names).mapToInt(String::length).toArray();
    }
}
