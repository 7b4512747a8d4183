package io.planisphere.vision;

import io.planisphere.geo.Cell;
import io.planisphere.infer.Inferred;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import io.planisphere.model.Task;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/** The names of a network's top predictions, labels or cells, for comparing two networks. */
public final class TopPredictions {
    private final InferenceSpec spec;
    private final Set<String> all;
    private final Function<List<Inferred.Outputs>, List<String>> names;

    private TopPredictions(InferenceSpec spec, Set<String> all, Function<List<Inferred.Outputs>, List<String>> names) {
        this.spec = spec;
        this.all = all;
        this.names = names;
    }

    /**
     * Returns a reader of a package's predictions.
     *
     * @param most maximum number of predictions per photo
     * @throws ModelPackageException if the task is neither classify nor locate
     */
    public static TopPredictions of(ModelPackage model, int most) {
        if (model.task() == Task.LOCATE) {
            GeolocationModel geolocation = new GeolocationModel(model);
            Geolocator geolocator = geolocation.newGeolocator(most, OptionalInt.empty(), Optional.empty());
            Set<String> cells = new HashSet<>();
            geolocation.hierarchy().finest().cells().forEach(cell -> cells.add(cell.token()));
            return new TopPredictions(
                    new InferenceSpec(
                            geolocation.outputs(false), InferenceSpec.at("").crops()),
                    cells,
                    views -> tokens(geolocator, views));
        }
        Classifier classifier = new Classifier(model, most);
        return new TopPredictions(
                InferenceSpec.at(Classifier.headOf(model).output()),
                new HashSet<>(model.labels()),
                views -> labels(classifier, views));
    }

    private static List<String> tokens(Geolocator geolocator, List<Inferred.Outputs> views) {
        return geolocator.locate(views).cells().stream()
                .map(Geolocator.Candidate::cell)
                .map(Cell::token)
                .toList();
    }

    private static List<String> labels(Classifier classifier, List<Inferred.Outputs> views) {
        return classifier.labels(views).stream().map(Classifier.Label::name).toList();
    }

    /** Returns the inputs and outputs that the network needs. */
    public InferenceSpec inferenceSpec() {
        return spec;
    }

    /** Returns the names of the predictions for a photo, most probable first. */
    public List<String> names(List<Inferred.Outputs> views) {
        return names.apply(views);
    }

    /** Returns whether any prediction is possible with both networks. */
    public boolean shareAnyWith(TopPredictions other) {
        return !Collections.disjoint(all, other.all);
    }
}
