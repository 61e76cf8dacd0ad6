package io.evenkeel.testing;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Expected values from the folder {@code vectors} of the test resources; each file names its source. */
public final class Vectors {
    private Vectors() {}

    /** The whole file. */
    public static JsonObject file(String name) {
        try (Reader reader =
                new InputStreamReader(Vectors.class.getResourceAsStream("/vectors/" + name), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The objects of an array in the file. */
    public static Stream<JsonObject> objects(String name, String array) {
        return StreamSupport.stream(file(name).getAsJsonArray(array).spliterator(), false)
                .map(JsonElement::getAsJsonObject);
    }

    /** An array of whole numbers. */
    public static int[] ints(JsonObject object, String array) {
        JsonArray values = object.getAsJsonArray(array);
        return StreamSupport.stream(values.spliterator(), false)
                .mapToInt(JsonElement::getAsInt)
                .toArray();
    }

    /** An array of texts. */
    public static String[] strings(JsonObject object, String array) {
        JsonArray values = object.getAsJsonArray(array);
        return StreamSupport.stream(values.spliterator(), false)
                .map(JsonElement::getAsString)
                .toArray(String[]::new);
    }
}
