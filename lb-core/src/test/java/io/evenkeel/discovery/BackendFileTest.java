package io.evenkeel.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Placement;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("membership")
class BackendFileTest {
    private static final Backend RICH = Backend.of("web2", "10.0.0.2", 8080)
            .withWeight(50)
            .withPriority(1)
            .withPlacement(new Placement("west", 0, 1))
            .withLabels(Map.of("role", "canary"));

    @Test
    @DisplayName("1. a file has one backend in each line")
    void oneBackendInEachLine() throws Exception {
        String text = """
                # the old ones
                10.0.0.1:8080

                10.0.0.2:8080 id=web2 weight=50 priority=1 zone=west faultDomain=0 updateDomain=1 role=canary # new
                [2001:db8::1]:8080\tweight=0
                """;

        assertEquals(
                List.of(
                        Backend.of("10.0.0.1", 8080),
                        RICH,
                        Backend.of("2001:db8::1", 8080).withWeight(0)),
                BackendFile.parse(text));
    }

    @Test
    @DisplayName("1. or it is a JSON array")
    void orItIsAJsonArray() throws Exception {
        String text = """

                [
                  {"address": "10.0.0.1:8080"},
                  {"address": "10.0.0.2:8080", "id": "w\\u0065b2", "weight": 50, "priority": "1",
                   "zone": "west", "faultDomain": 0, "updateDomain": 1, "role": "canary"}
                ]
                """;

        assertEquals(List.of(Backend.of("10.0.0.1", 8080), RICH), BackendFile.parse(text));
        assertEquals(List.of(), BackendFile.parse("[]"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.1 | line 1: address: \"10.0.0.1\" (expected: host:port)",
                "10.0.0.1:http | line 1: address: \"10.0.0.1:http\" (expected: host:port)",
                "10.0.0.1:70000 | line 1: address: \"10.0.0.1:70000\" (expected: host:port)",
                "a:1~b:2 weight=many | line 2: weight: \"many\" (expected: a number)",
                "a:1~~b:2 weight=70000 | line 3: weight: 70000 (expected: 0 to 65535)",
                "a:1 heavy | line 1: \"heavy\" (expected: name=value)",
                "a:1 zone=x zone=y | line 1: \"zone\" is there twice",
                "[ | line 1: the end (expected: {)",
                "[~{\"address\": \"a:1\"}~{ | line 3: \"{\" (expected: ])",
                "[~{\"weight\": 1}] | line 2: address: none (expected: host:port)",
                "[{\"address\": \"a:1\", \"weight\": [1]}] | line 1: \"\" (expected: a string, a number, true or false)",
                "[{\"address\": \"a:1}] | line 1: a string without an end",
                "[{\"address\": \"a:1\", \"address\": \"a:2\"}] | line 1: \"address\" is there twice",
                "[{\"address\": \"\\u00g0\"}] | line 1: \"\\u00g0\" (expected: four digits)",
                "[{\"address\": \"\\a:1\"}] | line 1: a backslash before what needs none",
                "[] [] | line 1: something after the array"
            })
    @DisplayName("1. a mistake in a file is told with its line")
    void aMistakeIsToldWithItsLine(String text, String expected) {
        BackendFile.Mistake mistake =
                assertThrows(BackendFile.Mistake.class, () -> BackendFile.parse(text.replace('~', '\n')));

        assertEquals(expected, mistake.getMessage());
    }

    @Test
    void whateverIsInAFileEndsInAListOrAMistake() {
        String seed = "[{\"address\": \"10.0.0.1:80\", \"weight\": 5, \"zone\": \"\\u0061\"}]\n10.0.0.2:80 weight=1";
        SplittableRandom random = new SplittableRandom(3);
        int lists = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder(seed);
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextInt(text.length());
                text.replace(at, at + random.nextInt(2), String.valueOf(seed.charAt(random.nextInt(seed.length()))));
                text.setLength(random.nextInt(6) == 0 ? 1 + random.nextInt(text.length()) : text.length());
            }
            try {
                lists += BackendFile.parse(text.toString()).isEmpty() ? 0 : 1;
            } catch (BackendFile.Mistake expected) {
                assertEquals(0, expected.getMessage().indexOf("line "));
            }
        }

        assertEquals(true, lists > 0 && lists < 50_000, lists + " lists");
    }

    @Test
    @DisplayName("1. a mark of the byte order, as editors on Windows write it, is no part of the first backend")
    void aMarkOfTheByteOrderIsNoPartOfTheFirstBackend() throws Exception {
        List<Backend> expected = List.of(Backend.of("10.0.0.1", 80), Backend.of("10.0.0.2", 80));

        assertEquals(expected, BackendFile.parse("\ufeff10.0.0.1:80\r\n10.0.0.2:80\r\n"));
        assertEquals(
                expected, BackendFile.parse("\ufeff[{\"address\": \"10.0.0.1:80\"}, {\"address\": \"10.0.0.2:80\"}]"));
    }

    @Test
    @DisplayName("1. a file of lines may begin with an address of IPv6, whose bracket is none of JSON")
    void aFileOfLinesMayBeginWithAnAddressOfIpv6() throws Exception {
        assertEquals(
                List.of(Backend.of("2001:db8::1", 80), Backend.of("10.0.0.2", 80)),
                BackendFile.parse("[2001:db8::1]:80\n10.0.0.2:80"));
        assertEquals(List.of(Backend.of("::1", 80)), BackendFile.parse("\n [::1]:80"));
        assertEquals(List.of(Backend.of("fe80::1", 80)), BackendFile.parse("[FE80::1]:80 id=[fe80::1]:80"));
    }
}
