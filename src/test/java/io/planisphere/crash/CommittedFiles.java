package io.planisphere.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.crash.ObjectStore.Call;
import io.planisphere.crash.ObjectStore.Kind;
import io.planisphere.crash.ObjectStore.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Checks the calls of a run against the rules for files of rows and of packed photos. */
final class CommittedFiles {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern RECORD = Pattern.compile("(.+)/_run/log/\\d+\\.json");
    private static final Pattern ROWS = Pattern.compile("(.+)/batch=\\d+/(?:[^/]+/)*[^/]+\\.parquet");
    private static final Pattern SHARD = Pattern.compile("packed/[^/]+\\.tar");
    private static final String ACCOUNT = "/_account";

    private CommittedFiles() {}

    /** Returns the violated rules, each with the first call that violates it. */
    static List<String> violations(List<Call> calls) {
        Map<String, Call> found = new TreeMap<>();
        for (Call call : calls) {
            violation(call).ifPresent(rule -> found.putIfAbsent(rule, call));
        }
        return found.entrySet().stream()
                .map(rule -> rule.getKey() + ": " + rule.getValue())
                .toList();
    }

    private static Optional<String> violation(Call call) {
        if (isData(call.key()) || isData(call.source())) {
            if (call.kind() == Kind.COPY) {
                return Optional.of("A data file is never renamed");
            }
            if (call.kind() == Kind.PUT && call.existed()) {
                return Optional.of("A data file is never overwritten");
            }
            if (call.kind() == Kind.DELETE && named(call.before()).contains(call.key())) {
                return Optional.of("A file that the newest commit records name is never deleted");
            }
        }
        if (RECORD.matcher(call.key()).matches() && (call.kind() != Kind.PUT || call.existed())) {
            return Optional.of("A commit record never changes");
        }
        return Optional.empty();
    }

    /** Returns the files that the newest commit records name and that do not exist. */
    static Set<String> missing(Snapshot store) {
        Set<String> missing = named(store);
        missing.removeAll(store.keys());
        return missing;
    }

    private static boolean isData(String key) {
        return ROWS.matcher(key).matches() || SHARD.matcher(key).matches();
    }

    /** Returns all committed data files of all outputs. */
    private static Set<String> named(Snapshot store) {
        Map<String, List<String>> batches = new TreeMap<>();
        for (String key : store.keys()) { // in the order of the log records
            Matcher record = RECORD.matcher(key);
            if (record.matches()) {
                String output = record.group(1);
                for (JsonNode batch : json(store.bytes(key)).path("committed").path("batches")) {
                    String folder = output + "/batch="
                            + batch.path("account").path("batch").asLong();
                    batches.put(
                            folder,
                            Stream.concat(
                                            texts(batch.path("files")).map(name -> folder + "/" + name),
                                            texts(batch.path("sideFiles")).map(name -> beside(output) + "/" + name))
                                    .toList());
                }
            }
        }
        Set<String> named = new TreeSet<>();
        batches.values().forEach(named::addAll);
        return named;
    }

    private static String beside(String output) {
        return output.endsWith(ACCOUNT) ? output.substring(0, output.length() - ACCOUNT.length()) : output;
    }

    private static Stream<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts.stream();
    }

    private static JsonNode json(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
