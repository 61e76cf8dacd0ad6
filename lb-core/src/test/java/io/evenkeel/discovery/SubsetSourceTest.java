package io.evenkeel.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.evenkeel.backend.Backend;
import io.evenkeel.testing.Pools;
import io.evenkeel.testing.ScriptedSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("membership")
class SubsetSourceTest implements BackendSourceContract {
    private final Subset five = Subset.ofClient("web-3").withSize(5);
    private final ScriptedSource hundred = new ScriptedSource("hundred").answering(Pools.backends(100));
    private final SourceLog log = new SourceLog();

    @Override
    public BackendSource source() {
        return BackendSource.subset(hundred, five);
    }

    @Override
    public List<Backend> backends() {
        return five.of(Pools.backends(100));
    }

    @Test
    void aSourceThatIsToldOfChangesIsNarrowedToo() throws Exception {
        source().ask(log);

        hundred.observer().deliver(Pools.backends(50), Duration.ofSeconds(3));
        hundred.observer().failed("no answer");

        assertEquals(five.of(Pools.backends(50)), log.latest());
        assertEquals(List.of(Duration.ofSeconds(3)), log.pauses());
        assertEquals(List.of("no answer"), log.failures());
    }

    @Test
    void aSubsetThatChangesCountsFromTheNextAnswerOn() throws Exception {
        List<Subset> subsets = new ArrayList<>(List.of(Subset.ofPeer(0, 2), Subset.ofPeer(0, 3)));
        BackendSource source = BackendSource.subset(hundred, () -> subsets.remove(0));

        source.ask(log);
        source.ask(log);

        assertEquals(Subset.ofPeer(0, 2).of(Pools.backends(100)), log.lists().get(0));
        assertEquals(Subset.ofPeer(0, 3).of(Pools.backends(100)), log.lists().get(1));
    }

    @Test
    void aSupplierThatThrowsAndAListWithNullAreFailures() throws Exception {
        BackendSource broken = BackendSource.subset(hundred, () -> Subset.ofPeer(5, 5));

        broken.ask(log);
        source().ask(log);
        hundred.observer().deliver(Arrays.asList(Pools.backend(1), null));

        assertEquals(1, log.lists().size());
        assertEquals(2, log.failures().size());
        assertEquals(
                "no subset: java.lang.IllegalArgumentException: index: 5 (expected: 0 to 4)",
                log.failures().get(0));
    }

    @Test
    void itIsOtherwiseWhatItsSourceIs() {
        BackendSource ofList = BackendSource.subset(BackendSource.of(Pools.backend(1)), five);
        BackendSource ofLambda = BackendSource.subset(observer -> {}, five);

        assertEquals("hundred", source().name());
        assertEquals(List.of(true, false), List.of(ofList.isTrusted(), ofLambda.isTrusted()));
        assertEquals(List.of(false, true), List.of(ofList.mayBlock(), ofLambda.mayBlock()));
        assertFalse(ofList.leastPause().compareTo(Duration.ZERO) > 0);
    }

    @Test
    void closingItClosesItsSource() {
        source().close();

        assertEquals(1, hundred.closed());
    }
}
