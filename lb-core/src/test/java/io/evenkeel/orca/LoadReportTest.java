package io.evenkeel.orca;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.evenkeel.testing.Vectors;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadReportTest {
    /** The headers of the vectors that are well formed. */
    static Stream<JsonObject> wellFormed() {
        return Vectors.objects("orca.json", "cases").filter(c -> c.has("header"));
    }

    /** Reads what a server sent, by the name of the header. */
    static Optional<LoadReport> read(JsonObject vector) {
        String value = vector.get("value").getAsString();
        return vector.get("header").getAsString().equals(LoadReport.BINARY_HEADER)
                ? LoadReport.parseBinary(value)
                : LoadReport.parse(value);
    }

    private static LoadReport expected(JsonObject metrics) {
        return new LoadReport(
                number(metrics, "cpu_utilization"),
                number(metrics, "mem_utilization"),
                number(metrics, "application_utilization"),
                number(metrics, "rps_fractional"),
                number(metrics, "eps"),
                table(metrics, "utilization"),
                table(metrics, "request_cost"),
                table(metrics, "named_metrics"));
    }

    private static double number(JsonObject metrics, String name) {
        return metrics.has(name) ? metrics.get(name).getAsDouble() : 0;
    }

    private static Map<String, Double> table(JsonObject metrics, String name) {
        Map<String, Double> table = new HashMap<>();
        if (metrics.has(name)) {
            metrics.getAsJsonObject(name)
                    .entrySet()
                    .forEach(e -> table.put(e.getKey(), e.getValue().getAsDouble()));
        }
        return table;
    }

    private static LoadReport ofProcessor(double utilization) {
        return new LoadReport(utilization, 0, 0, 0, 0, Map.of(), Map.of(), Map.of());
    }

    @Test
    @Tag("strategy")
    @DisplayName("3 load reports of all published forms are read")
    void readsThePublishedReports() {
        assertEquals(6, wellFormed().count());

        wellFormed()
                .forEach(vector -> assertEquals(
                        Optional.of(expected(vector.getAsJsonObject("expected"))), read(vector), vector.toString()));
    }

    @Test
    @Tag("strategy")
    @DisplayName("3 load reports that Envoy rejects are rejected whole")
    void rejectsWhatEnvoyRejects() {
        JsonObject rejected = Vectors.objects("orca.json", "cases")
                .filter(c -> c.has("values"))
                .findFirst()
                .orElseThrow();

        for (JsonElement value : rejected.getAsJsonArray("values")) {
            assertEquals(Optional.empty(), LoadReport.parse(value.getAsString()), value.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TEXT cpu_utilization=0.25",
                "TEXT cpu_utilization:0.25",
                "  TEXT  cpu_utilization = 2.5e-1 ",
                "JSON {\"cpu_utilization\":0.25}",
                "JSON { \"cpu_utilization\" : 25E-2 , \"named_metrics\" : { } } ",
                "JSON {\"cpuUtilization\":0.25}",
                "JSON {\"cpu\\u005Futilization\":0.25}",
                "BIN CQAAAAAAANA/",
            })
    void formsOfOneReportAreEqual(String header) {
        assertEquals(Optional.of(ofProcessor(0.25)), LoadReport.parse(header));
    }

    @Test
    void tablesAreReadFromText() {
        LoadReport report = LoadReport.parse("TEXT application_utilization=1.5, utilization.disk=0.5,"
                        + " request_cost.credits=-3, named_metrics.vllm:queue.length=7")
                .orElseThrow();

        assertEquals(
                new LoadReport(
                        0,
                        0,
                        1.5,
                        0,
                        0,
                        Map.of("disk", 0.5),
                        Map.of("credits", -3.0),
                        Map.of("vllm:queue.length", 7.0)),
                report);
    }

    @ParameterizedTest
    @CsvSource({"'TEXT rps=12', 12", "'TEXT rps=12, rps_fractional=12.5', 12.5", "'JSON {\"rpsFractional\":3}', 3"})
    void theOldNameOfTheRateCountsWhereTheNewOneIsMissing(String header, double rate) {
        assertEquals(rate, LoadReport.parse(header).orElseThrow().requestsPerSecond());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "TEXT",
                "TEXT ",
                "TEXT cpu_utilization",
                "TEXT =0.1",
                "TEXT cpu_utilization=0.1,",
                "TEXT cpu_utilization=0.1,,eps=1",
                "TEXT cpu_utilization=-0.1",
                "TEXT utilization.disk=-0.1",
                "TEXT cpu_utilization=0x1p3",
                "TEXT cpu_utilization=1f",
                "TEXT cpu_utilization=1e999",
                "TEXT cpu_utilization=0.1 eps=1",
                "TEXT named_metrics.a=1, named_metrics.a=2",
                "TEXT .a=1",
                "text cpu_utilization=0.1",
                "cpu_utilization=0.1",
                "XML <cpu/>",
                "JSON",
                "JSON {}",
                "JSON []",
                "JSON 0.3",
                "JSON {\"cpu_utilization\": 0.3",
                "JSON {\"cpu_utilization\": 0.3}}",
                "JSON {\"cpu_utilization\": 0.3,}",
                "JSON {\"cpu_utilization\": \"0.3\"}",
                "JSON {\"cpu_utilization\": NaN}",
                "JSON {\"cpu_utilization\": 01}",
                "JSON {\"cpu_utilization\": .5}",
                "JSON {\"cpu_utilization\": null}",
                "JSON {\"cpu_utilization\": {\"a\": 1}}",
                "JSON {\"cpu_utilization\": 1, \"cpuUtilization\": 1}",
                "JSON {\"named_metrics\": 1}",
                "JSON {\"named_metrics\": {\"\": 1}}",
                "JSON {\"named_metrics\": {\"a\": {\"b\": 1}}}",
                "JSON {\"named_metrics\": {\"a\": 1, \"a\": 1}}",
                "JSON {\"named_metrics\": {\"a\": 1}, \"named_metrics\": {\"b\": 1}}",
                "JSON {\"named_metrics.a\": 1}",
                "JSON {\"no_such_metric\": 1}",
                "JSON {'cpu_utilization': 1}",
                "JSON {\"named_metrics\": {\"\\x\": 1}}",
                "JSON {\"named_metrics\": {\"\\u00g0\": 1}}",
                "JSON {\"named_metrics\": {\"\\u00",
                "JSON {\"named_metrics\": {\"\u0001\": 1}}",
                "BIN",
                "BIN *",
                "BIN CQAAAAAAANA",
            })
    void malformedReportsAreRejectedWhole(String header) {
        assertEquals(Optional.empty(), LoadReport.parse(header));
    }

    @Test
    void whatIsTooLongIsNotRead() {
        String longest = "TEXT cpu_utilization=0.25" + " ".repeat(8_192 - 25);

        assertEquals(Optional.of(ofProcessor(0.25)), LoadReport.parse(longest));
        assertEquals(Optional.empty(), LoadReport.parse(longest + " "));
        assertEquals(Optional.empty(), LoadReport.parseBinary("CQAAAAAAANA/" + " ".repeat(8_192)));
    }

    @Test
    void aReportOfOnesOwnIsCheckedToo() {
        assertEquals(
                "cpuUtilization: NaN (expected: finite and >= 0)",
                assertThrows(IllegalArgumentException.class, () -> ofProcessor(Double.NaN))
                        .getMessage());
        assertEquals(
                "namedMetrics.queue: Infinity (expected: finite)",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new LoadReport(
                                        0, 0, 0, 0, 0, Map.of(), Map.of(), Map.of("queue", Double.POSITIVE_INFINITY)))
                        .getMessage());
    }

    @Test
    void aReportKeepsItsTablesToItself() {
        Map<String, Double> metrics = new HashMap<>(Map.of("queue", 3.0));
        LoadReport report = new LoadReport(0, 0, 0, 0, 0, Map.of(), Map.of(), metrics);

        metrics.put("queue", 4.0);

        assertEquals(Map.of("queue", 3.0), report.namedMetrics());
        assertThrows(
                UnsupportedOperationException.class, () -> report.namedMetrics().clear());
        assertTrue(report.utilization().isEmpty());
    }
}
