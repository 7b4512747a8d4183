package io.planisphere.spark.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.eval.GeoScore;
import io.planisphere.train.KeptClasses;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.classification.LogisticRegression;

/**
 * The provenance of heads, for the manifest of their package.
 *
 * @param embeddings name of the embeddings, as given
 * @param run the run that made them
 * @param truth the table of places or labels, as given
 * @param commandLine command line of the job
 * @param started start time of the job
 * @param spark version of Spark
 */
public record Provenance(
        String embeddings, EmbeddingRun run, String truth, List<String> commandLine, Instant started, String spark) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public Provenance {
        commandLine = List.copyOf(commandLine);
    }

    /** Returns the provenance as JSON: counts, split, fit, heads, validation, versions. */
    public ObjectNode json(HeadTraining training, HeadTraining.Outcome outcome) {
        ObjectNode json = JSON.createObjectNode();
        JsonNode starts = run.record().path("invocations");
        JsonNode last = starts.path(starts.size() - 1);
        json.putObject("embeddings")
                .put("output", embeddings)
                .put(
                        "precision",
                        run.record().path("settings").path("precision").asText())
                .put("ended", last.path("ended").asText())
                .put("planisphere", last.path("planisphere").asText());
        json.put("truth", truth);
        PhotoCounts photos = outcome.counts();
        json.putObject("photos")
                .put("embeddings", photos.embeddings())
                .put("unknown", photos.unknown())
                .put("excluded", photos.excluded())
                .put("outside", photos.outside())
                .put("training", photos.training())
                .put("validation", photos.validation())
                .put("training_users", photos.trainingUsers())
                .put("validation_users", photos.validationUsers())
                .put("without_user", photos.withoutUser());
        json.putObject("split")
                .put("validation", training.split().validation())
                .put("seed", training.split().seed())
                .put("by", "user, a photo without one alone; SHA-256 of seed:user:NAME or seed:photo:KEY");
        json.putObject("fit")
                .put("estimator", "multinomial logistic regression, L-BFGS, features of unit deviation")
                .put("regularization", training.fit().regularization())
                .put("class_weights", training.fit().classWeights().name().toLowerCase(Locale.ROOT))
                .put("max_iterations", training.fit().maxIterations())
                .put(
                        "label_smoothing_km",
                        training.fit().smoothing().isPresent()
                                ? training.fit().smoothing().getAsDouble()
                                : null)
                .put("min_photos", training.minPhotos());
        json.set("heads", heads(outcome));
        outcome.validation().ifPresent(validation -> json.set("validation", validation(validation)));
        outcome.decoding()
                .ifPresent(fit -> json.putObject("decoding")
                        .put("photos", fit.photos())
                        .put("users", fit.users())
                        .put("median_km_of_best_cell", fit.cellMedianKm())
                        .put("median_km", fit.medianKm()));
        outcome.retrieval()
                .ifPresent(fit -> json.putObject("gallery")
                        .put("placed", fit.placedShare())
                        .put("median_km_of_cells", fit.cellsMedianKm())
                        .put("median_km", fit.medianKm()));
        json.put("started", started.toString());
        json.put("seconds", Duration.between(started, Instant.now()).toMillis() / 1000.0);
        json.putObject("versions")
                .put("planisphere", version(Provenance.class))
                .put("spark", spark)
                .put("mllib", version(LogisticRegression.class))
                .put("java", Runtime.version().toString());
        json.set("command_line", JSON.valueToTree(commandLine));
        return json;
    }

    private static ArrayNode heads(HeadTraining.Outcome outcome) {
        ArrayNode heads = JSON.createArrayNode();
        for (int i = 0; i < outcome.fitted().size(); i++) {
            FittedHead fitted = outcome.fitted().get(i);
            KeptClasses classes = fitted.classes();
            heads.addObject()
                    .put("name", outcome.names().get(i))
                    .put("classes", classes.size())
                    .put("training_photos", classes.allPhotos())
                    .put("dropped_classes", classes.droppedClasses())
                    .put("dropped_photos", classes.droppedPhotos())
                    .put("iterations", fitted.iterations())
                    .put("objective", fitted.objective())
                    .put("seconds", Math.round(fitted.seconds() * 1000) / 1000.0);
        }
        return heads;
    }

    private static ObjectNode validation(Validation validation) {
        ObjectNode json = JSON.createObjectNode().put("photos", validation.photos());
        ArrayNode top1 = json.putArray("top1");
        // JSON has no NaN
        validation.top1().forEach(share -> top1.add(Double.isNaN(share) ? null : share));
        if (validation.temperature().isPresent()) {
            json.put("negative_log_likelihood_at_1", validation.lossAtOne());
            json.put("negative_log_likelihood", validation.loss());
        }
        if (validation.errorsKm().length > 0) {
            json.put("median_km", validation.medianKm());
            ObjectNode within = json.putObject("within_km");
            List<Double> shares = validation.within();
            for (int i = 0; i < shares.size(); i++) {
                within.put(String.valueOf(GeoScore.RADII_KM.get(i)), shares.get(i));
            }
        }
        return json;
    }

    private static String version(Class<?> owner) {
        String version = owner.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }
}
