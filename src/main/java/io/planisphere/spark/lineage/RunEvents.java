package io.planisphere.spark.lineage;

import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineage.DatasetFacetsBuilder;
import io.openlineage.client.OpenLineage.InputDataset;
import io.openlineage.client.OpenLineage.OutputDataset;
import io.openlineage.client.OpenLineage.OutputDatasetOutputFacetsBuilder;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import io.openlineage.client.OpenLineage.RunFacetsBuilder;
import io.openlineage.client.job.Naming;
import io.openlineage.client.utils.DatasetIdentifier;
import io.openlineage.client.utils.UUIDUtils;
import io.planisphere.model.ModelPackage;
import io.planisphere.spark.lineage.Facts.Rows;
import io.planisphere.spark.lineage.Facts.Written;
import io.planisphere.spark.lineage.LineageSettings.Parent;
import java.io.IOException;
import java.net.URI;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the events of one run, and sends them. Nothing that goes wrong here reaches the job. */
final class RunEvents {
    private static final URI PRODUCER = URI.create("https://github.com/planisphere/planisphere");
    private static final String SCHEMAS = PRODUCER + "/raw/main/docs/lineage/1-0-0/";
    private static final String BUILTIN = "builtin:";
    /** Characters of an error message; that of a failed Spark job carries pages of stack traces. */
    private static final int LONGEST_MESSAGE = 2000;

    private static final Logger LOG = LoggerFactory.getLogger(RunEvents.class);

    private final OpenLineage openLineage = new OpenLineage(PRODUCER);
    private final UUID run = UUIDUtils.generateNewUUID();
    private final SparkSession spark;
    private final String job;
    private final LineageSettings settings;
    private final EventSender sender;
    private final DatasetNames names;
    private final Map<String, DatasetIdentifier> known = new LinkedHashMap<>();

    private RunEvents(SparkSession spark, String job, LineageSettings settings, EventSender sender) {
        this.spark = spark;
        this.job = job;
        this.settings = settings;
        this.sender = sender;
        names = new DatasetNames(spark);
    }

    static RunEvents of(SparkSession spark, String job, LineageSettings settings) {
        return new RunEvents(
                spark,
                job,
                settings,
                new EventSender(ClientLibrary.open(settings), receiver(settings.transport()), EventSender.PATIENCE));
    }

    private static String receiver(Map<String, Object> transport) {
        Object url = transport.get("url");
        if (url == null) {
            return "the transport " + transport.get("type");
        }
        URI address = URI.create(url.toString().strip());
        return address.getScheme() + "://" + address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort());
    }

    void start(Facts facts) {
        send(EventType.START, facts, Optional.empty());
    }

    void complete(Facts facts) {
        send(EventType.COMPLETE, facts, Optional.empty());
    }

    void fail(Facts facts, String why) {
        send(EventType.FAIL, facts, Optional.of(why));
    }

    /** Waits for a bounded time until all events are sent, and returns what failed. */
    List<String> close() {
        return sender.close();
    }

    private void send(EventType type, Facts facts, Optional<String> error) {
        try {
            sender.send(openLineage
                    .newRunEventBuilder()
                    .eventType(type)
                    .eventTime(ZonedDateTime.now(ZoneOffset.UTC))
                    .run(openLineage.newRun(run, runFacets(facts, error).build()))
                    .job(openLineage.newJob(
                            settings.namespace(),
                            jobName(facts),
                            openLineage
                                    .newJobFacetsBuilder()
                                    .jobType(openLineage
                                            .newJobTypeJobFacetBuilder()
                                            .processingType("BATCH")
                                            .integration("PLANISPHERE")
                                            .jobType("JOB")
                                            .build())
                                    .build()))
                    .inputs(inputs(facts))
                    .outputs(outputs(type, facts))
                    .build());
        } catch (RuntimeException | LinkageError e) {
            sender.failed(type + " could not be made: " + ClientLibrary.reason(e));
        }
    }

    /** Returns the name of the job: application, job and output, as OpenLineage names jobs of Spark. */
    private String jobName(Facts facts) {
        Naming.Spark.SparkBuilder name =
                Naming.Spark.builder().appName(settings.application()).command(job);
        if (settings.namesOutput() && !facts.outputs().isEmpty()) {
            String given = facts.outputs().get(0).given();
            Optional<String> output = given.startsWith(DatasetNames.TABLE)
                    ? Optional.of(given.substring(DatasetNames.TABLE.length()))
                    : known(given, names::output).map(DatasetIdentifier::getName);
            output.ifPresent(found -> name.table(found.replaceFirst("^/+", "").replace('/', '_')));
        }
        return name.build().getName();
    }

    private RunFacetsBuilder runFacets(Facts facts, Optional<String> error) {
        String version = Optional.ofNullable(RunEvents.class.getPackage().getImplementationVersion())
                .orElse("unpackaged");
        RunFacetsBuilder facets = openLineage
                .newRunFacetsBuilder()
                .processing_engine(openLineage.newProcessingEngineRunFacet(spark.version(), "spark", version));
        OwnRunFacet own = new OwnRunFacet("PlanisphereRunFacet");
        own.getAdditionalProperties().put("job", job);
        own.getAdditionalProperties().put("version", version);
        own.getAdditionalProperties()
                .put("sparkApplicationId", spark.sparkContext().applicationId());
        own.getAdditionalProperties().put("sparkMaster", spark.sparkContext().master());
        facets.put("planisphere_run", own);
        if (!facts.models().isEmpty()) {
            OwnRunFacet models = new OwnRunFacet("PlanisphereModelsRunFacet");
            models.getAdditionalProperties()
                    .put(
                            "models",
                            facts.models().stream().map(RunEvents::described).toList());
            facets.put("planisphere_models", models);
        }
        settings.parent()
                .ifPresent(parent -> facets.parent(openLineage
                        .newParentRunFacetBuilder()
                        .run(openLineage
                                .newParentRunFacetRunBuilder()
                                .runId(parent.run())
                                .build())
                        .job(parentJob(parent))
                        .build()));
        error.ifPresent(message -> facets.errorMessage(openLineage.newErrorMessageRunFacet(
                message.substring(0, Math.min(message.length(), LONGEST_MESSAGE)), "JAVA", null)));
        return facets;
    }

    private OpenLineage.ParentRunFacetJob parentJob(Parent parent) {
        return openLineage
                .newParentRunFacetJobBuilder()
                .namespace(parent.namespace())
                .name(parent.job())
                .build();
    }

    private static Map<String, Object> described(ModelPackage model) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("name", model.name());
        described.put("location", model.location());
        described.put("sha256", model.digest());
        described.put("preprocessingSha256", model.preprocessingDigest());
        return described;
    }

    private List<InputDataset> inputs(Facts facts) {
        Map<String, InputDataset> inputs = new LinkedHashMap<>();
        for (String given : facts.inputs()) {
            known(given, names::input).ifPresent(name -> add(inputs, name, Optional.empty()));
        }
        for (ModelPackage model : facts.models()) {
            if (!model.location().startsWith(BUILTIN)) {
                known(model.location(), names::input).ifPresent(name -> add(inputs, name, Optional.of(model.digest())));
            }
        }
        return new ArrayList<>(inputs.values());
    }

    private void add(Map<String, InputDataset> inputs, DatasetIdentifier name, Optional<String> version) {
        inputs.put(
                name.getNamespace() + " " + name.getName(),
                openLineage.newInputDataset(
                        name.getNamespace(),
                        name.getName(),
                        facets(name, version).build(),
                        null));
    }

    /** @param type event; the first one leaves out tables whose location is not known yet */
    private List<OutputDataset> outputs(EventType type, Facts facts) {
        List<OutputDataset> outputs = new ArrayList<>();
        for (int i = 0; i < facts.outputs().size(); i++) {
            Written output = facts.outputs().get(i);
            boolean isMain = i == 0;
            known(output.given(), type == EventType.START ? names::outputBefore : names::output)
                    .ifPresent(name -> outputs.add(output(name, output, isMain, facts)));
        }
        return outputs;
    }

    private OutputDataset output(DatasetIdentifier name, Written output, boolean isMain, Facts facts) {
        ModelPackage product = facts.product();
        DatasetFacetsBuilder facets =
                facets(name, isMain && product != null ? Optional.of(product.digest()) : Optional.empty());
        if (output.schema() != null) {
            facets.schema(schema(output.schema()));
        }
        OutputDatasetOutputFacetsBuilder written = openLineage.newOutputDatasetOutputFacetsBuilder();
        Rows rows = facts.rows();
        if (isMain && rows != null) {
            written.outputStatistics(openLineage
                    .newOutputStatisticsOutputDatasetFacetBuilder()
                    .rowCount(rows.written())
                    .build());
            OwnOutputFacet counts = new OwnOutputFacet("PlanisphereRowsOutputDatasetFacet");
            counts.getAdditionalProperties().put("total", rows.total());
            counts.getAdditionalProperties().put("status", rows.status());
            written.put("planisphere_rows", counts);
        }
        return openLineage.newOutputDataset(name.getNamespace(), name.getName(), facets.build(), written.build());
    }

    private DatasetFacetsBuilder facets(DatasetIdentifier name, Optional<String> version) {
        DatasetFacetsBuilder facets = openLineage.newDatasetFacetsBuilder();
        version.ifPresent(digest -> facets.version(openLineage.newDatasetVersionDatasetFacet(digest)));
        if (!name.getSymlinks().isEmpty()) {
            facets.symlinks(openLineage.newSymlinksDatasetFacet(name.getSymlinks().stream()
                    .map(link -> openLineage.newSymlinksDatasetFacetIdentifiers(
                            link.getNamespace(), link.getName(), link.getType().toString()))
                    .toList()));
        }
        return facets;
    }

    private OpenLineage.SchemaDatasetFacet schema(StructType schema) {
        return openLineage.newSchemaDatasetFacet(Arrays.stream(schema.fields())
                .map(field -> openLineage
                        .newSchemaDatasetFacetFieldsBuilder()
                        .name(field.name())
                        .type(field.dataType().catalogString())
                        .build())
                .toList());
    }

    private interface Named {
        Optional<DatasetIdentifier> name(String given) throws IOException;
    }

    /**
     * Returns a data set's name, which stays the same over the run although files come into being meanwhile. Empty if it cannot be
     * found: the job then fails for the same reason, and says so.
     */
    private Optional<DatasetIdentifier> known(String given, Named names) {
        DatasetIdentifier before = known.get(given);
        if (before != null) {
            return Optional.of(before);
        }
        try {
            Optional<DatasetIdentifier> name = names.name(given);
            name.ifPresent(found -> known.put(given, found));
            return name;
        } catch (IOException | RuntimeException e) {
            LOG.debug("{} has no name among data sets", given, e);
            return Optional.empty();
        }
    }

    /** A facet of the run that the standard does not have; its schema is in docs/lineage. */
    private static final class OwnRunFacet extends OpenLineage.DefaultRunFacet {
        private final String schema;

        OwnRunFacet(String schema) {
            super(PRODUCER);
            this.schema = schema;
        }

        @Override
        public URI get_schemaURL() {
            return URI.create(SCHEMAS + schema + ".json");
        }
    }

    /** A facet of an output that the standard does not have. */
    private static final class OwnOutputFacet extends OpenLineage.DefaultOutputDatasetFacet {
        private final String schema;

        OwnOutputFacet(String schema) {
            super(PRODUCER);
            this.schema = schema;
        }

        @Override
        public URI get_schemaURL() {
            return URI.create(SCHEMAS + schema + ".json");
        }
    }
}
