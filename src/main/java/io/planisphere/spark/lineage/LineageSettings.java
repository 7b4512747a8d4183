package io.planisphere.spark.lineage;

import io.planisphere.source.InputException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Where lineage is sent, and under which names: Spark's configuration, then the environment.
 *
 * @param transport settings of the client library's transport, nested as in its JSON
 * @param source what set them, for messages
 * @param namespace namespace of jobs
 * @param application first part of a job's name
 * @param namesOutput whether the name of the output is part of a job's name
 * @param parent run that started this one, such as a task of a scheduler
 */
record LineageSettings(
        Map<String, Object> transport,
        String source,
        String namespace,
        String application,
        boolean namesOutput,
        Optional<Parent> parent) {
    private static final String PREFIX = "spark.openlineage.";
    private static final String TRANSPORT = PREFIX + "transport.";
    private static final String PARENT_RUN = PREFIX + "parentRunId";
    private static final String URL = "OPENLINEAGE_URL";
    private static final String NESTED = "OPENLINEAGE__TRANSPORT__";
    private static final String TYPE = "type";
    private static final String HTTP = "http";
    private static final String ADDRESS = "url";

    /** A run of another job, and the job. */
    record Parent(UUID run, String namespace, String job) {}

    LineageSettings {
        transport = Map.copyOf(transport);
    }

    /**
     * Returns the settings; empty if nothing names a receiver.
     *
     * @throws InputException if they are wrong
     */
    static Optional<LineageSettings> of(SparkSession spark, Map<String, String> environment) {
        return of(CollectionConverters.asJava(spark.conf().getAll()), environment);
    }

    static Optional<LineageSettings> of(Map<String, String> spark, Map<String, String> environment) {
        Map<String, Object> transport = new HashMap<>();
        String source = TRANSPORT + "*";
        new TreeMap<>(spark).forEach((key, value) -> {
            if (key.startsWith(TRANSPORT)) {
                put(transport, key, key.substring(TRANSPORT.length()), value);
            }
        });
        if (Boolean.parseBoolean(environment.get("OPENLINEAGE_DISABLED"))) {
            return Optional.empty();
        }
        if (transport.isEmpty() && environment.containsKey(URL)) {
            source = URL;
            transport.put(ADDRESS, environment.getOrDefault(URL, ""));
            if (environment.containsKey("OPENLINEAGE_ENDPOINT")) {
                transport.put("endpoint", environment.getOrDefault("OPENLINEAGE_ENDPOINT", ""));
            }
            if (environment.containsKey("OPENLINEAGE_API_KEY")) {
                transport.put(
                        "auth", Map.of(TYPE, "api_key", "apiKey", environment.getOrDefault("OPENLINEAGE_API_KEY", "")));
            }
        }
        if (transport.isEmpty() && environment.keySet().stream().anyMatch(key -> key.startsWith(NESTED))) {
            source = NESTED + "*";
            transport.putAll(ClientLibrary.transportOfEnvironment());
        }
        if (transport.isEmpty()) {
            return Optional.empty();
        }
        transport.putIfAbsent(TYPE, HTTP);
        checkAddress(transport, source);
        return Optional.of(new LineageSettings(
                transport,
                source,
                spark.getOrDefault(PREFIX + "namespace", environment.getOrDefault("OPENLINEAGE_NAMESPACE", "default")),
                spark.getOrDefault(PREFIX + "appName", "planisphere"),
                Boolean.parseBoolean(spark.getOrDefault(PREFIX + "jobName.appendDatasetName", "true")),
                parent(spark)));
    }

    /** Stores a value under a name with dots as nested maps. */
    private static void put(Map<String, Object> map, String key, String name, String value) {
        int dot = name.indexOf('.');
        if (dot < 0) {
            map.put(name, value);
            return;
        }
        Object inner = map.computeIfAbsent(name.substring(0, dot), outer -> new HashMap<String, Object>());
        if (!(inner instanceof Map<?, ?>)) {
            throw new InputException(
                    key + " contradicts " + key.substring(0, key.indexOf(name) + dot) + "; leave one of them out");
        }
        @SuppressWarnings("unchecked") // made above
        Map<String, Object> nested = (Map<String, Object>) inner;
        put(nested, key, name.substring(dot + 1), value);
    }

    private static void checkAddress(Map<String, Object> transport, String source) {
        if (!HTTP.equals(transport.get(TYPE))) {
            return; // others are checked by the client library
        }
        String setting = source.equals(URL) ? URL : source.replace("*", source.startsWith("spark") ? ADDRESS : "URL");
        String example = "; give the address of a receiver, such as http://lineage.example.org:5000";
        Object given = transport.get(ADDRESS);
        if (given == null) {
            throw new InputException(setting + " is missing" + example);
        }
        try {
            URI address = URI.create(given.toString().strip());
            if (("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
                    && address.getHost() != null) {
                return;
            }
        } catch (IllegalArgumentException e) {
            throw new InputException(setting + " is '" + given + "', which is no URL: " + e.getMessage() + example);
        }
        throw new InputException(setting + " is '" + given + "', which is no http or https URL" + example);
    }

    private static Optional<Parent> parent(Map<String, String> spark) {
        String run = spark.get(PARENT_RUN);
        String namespace = spark.get(PREFIX + "parentJobNamespace");
        String job = spark.get(PREFIX + "parentJobName");
        if (run == null || namespace == null || job == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Parent(UUID.fromString(run), namespace, job));
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    PARENT_RUN + " is '" + run + "', which is no UUID; give the id of the parent's run");
        }
    }
}
