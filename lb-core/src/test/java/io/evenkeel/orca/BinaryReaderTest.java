package io.evenkeel.orca;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.io.BaseEncoding;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages are written in hexadecimal here; 3FD0… is 0.25, and the bytes of a number come last first. */
class BinaryReaderTest {
    private static final String QUARTER = "000000000000D03F";
    private static final String CPU = "09" + QUARTER;

    private static Optional<LoadReport> read(String hex) {
        byte[] message = BaseEncoding.base16().decode(hex.replace(" ", ""));
        return LoadReport.parseBinary(BaseEncoding.base64().encode(message));
    }

    @Test
    void everyFieldOfTheMessageIsRead() {
        String entry = "0A 01 61 11 " + QUARTER; // "a" to 0.25

        Optional<LoadReport> report = read(CPU + "11" + QUARTER + "18 AC02" + "220C" + entry + "2A0C" + entry + "39"
                + QUARTER + "420C" + entry + "49" + QUARTER);

        Map<String, Double> table = Map.of("a", 0.25);
        assertEquals(Optional.of(new LoadReport(0.25, 0.25, 0.25, 300, 0.25, table, table, table)), report);
    }

    @Test
    void base64MayGoWithoutItsPadding() {
        assertEquals(LoadReport.parseBinary("OQAAAAAAAPA/UAE="), LoadReport.parseBinary("OQAAAAAAAPA/UAE"));
        assertEquals(1, LoadReport.parseBinary("OQAAAAAAAPA/UAE").orElseThrow().errorsPerSecond());
    }

    @ParameterizedTest
    @CsvSource({
        "field 10 as a number of variable length, 50 01",
        "field 10 as eight bytes, 51 0102030405060708",
        "field 10 as text, 52 03 616263",
        "field 10 as four bytes, 55 01020304",
        "a field of many digits, F8FFFFFF0F 01",
        "the processor's load as text, 0A 03 616263",
        "the old rate as eight bytes, 19 000000000000D03F",
        "a table as a number, 4001",
    })
    void whatIsNotKnownIsPassedOver(String what, String hex) {
        assertEquals(read(CPU), read(hex + CPU), what);
        assertEquals(read(CPU), read(CPU + hex), what);
    }

    @ParameterizedTest
    @CsvSource({
        "a number that breaks off, 09 00000000",
        "a tag that breaks off, 89",
        "a tag alone, 09",
        "field 0, 01 000000000000D03F",
        "a field number too large, 8080808010 01",
        "a number of eleven bytes, 50 8080808080808080808001",
        "a number of 65 bits, 50 80808080808080808002",
        "text that is longer than the message, 52 10 61",
        "text of more than 2 GiB, 52 FFFFFFFF7F 61",
        "text of a negative length, 52 FFFFFFFFFFFFFFFFFF01 61",
        "a group, 53 54",
        "a type that does not exist, 57",
        "an entry that is longer than the message, 42 20 0A 01 61",
        "a key that is longer than its entry, 42 0C 0A 0B 61 11 000000000000D03F",
        "a value that breaks off, 42 05 0A 01 61 11 00",
        "a key that is not UTF-8, 42 0C 0A 01 FF 11 000000000000D03F",
        "no key, 42 09 11 000000000000D03F",
        "one key twice, 42 0C 0A0161 11 000000000000D03F 42 0C 0A0161 11 000000000000D03F",
        "a number twice, 09 000000000000D03F",
        "not a number, 11 000000000000F87F",
        "infinity, 11 000000000000F07F",
        "a negative utilization, 11 000000000000D0BF",
    })
    void whatIsMalformedIsRejectedWhole(String what, String hex) {
        assertEquals(Optional.empty(), read(CPU + hex), what);
    }

    @Test
    void aValueThatIsMissingIsZero() {
        assertEquals(Map.of("a", 0.0), read("42 03 0A 01 61").orElseThrow().namedMetrics());
    }

    @Test
    void aReportThatSaysNothingIsNone() {
        assertEquals(Optional.empty(), LoadReport.parseBinary(""));
        assertEquals(Optional.empty(), read("50 01"));
    }
}
