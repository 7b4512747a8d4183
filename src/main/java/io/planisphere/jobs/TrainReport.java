package io.planisphere.jobs;

import io.planisphere.eval.GeoScore;
import io.planisphere.model.Decoding;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.Retrieval;
import io.planisphere.spark.train.FittedHead;
import io.planisphere.spark.train.HeadTraining.Outcome;
import io.planisphere.spark.train.PhotoCounts;
import io.planisphere.spark.train.Validation;
import io.planisphere.train.DecodingFit;
import io.planisphere.train.RetrievalFit;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Prints the result of a training run on the terminal. */
final class TrainReport {
    private final PrintWriter out;

    private TrainReport(PrintWriter out) {
        this.out = out;
    }

    static void print(Outcome outcome, ModelPackage written, Duration elapsed, PrintWriter out) {
        TrainReport report = new TrainReport(out);
        report.photos(outcome.counts());
        report.heads(outcome);
        outcome.validation().ifPresent(report::validation);
        outcome.decoding().ifPresent(report::decoding);
        report.gallery(outcome);
        report.line("Wrote %s (%s) in %.1f s", written.location(), written.digest(), elapsed.toMillis() / 1000.0);
        out.flush();
    }

    private void photos(PhotoCounts counts) {
        line("%,14d photos with an embedding", counts.embeddings());
        line("%,14d without a place or label", counts.unknown());
        line("%,14d of excluded users", counts.excluded());
        line("%,14d in no class", counts.outside());
        line("%,14d to fit on, of %,d users", counts.training(), counts.trainingUsers());
        line("%,14d held out, of %,d other users", counts.validation(), counts.validationUsers());
        if (counts.withoutUser() > 0) {
            line("%,14d of these have no known user and were drawn one by one", counts.withoutUser());
        }
    }

    private void heads(Outcome outcome) {
        line(
                "%n%-24s %9s %12s %9s %12s %11s %9s %8s",
                "head", "classes", "photos", "dropped", "their photos", "iterations", "seconds", "top-1");
        for (int i = 0; i < outcome.fitted().size(); i++) {
            FittedHead fitted = outcome.fitted().get(i);
            int head = i;
            line(
                    "%-24s %,9d %,12d %,9d %,12d %,11d %,9.1f %8s",
                    outcome.names().get(i),
                    fitted.classes().size(),
                    fitted.classes().allPhotos(),
                    fitted.classes().droppedClasses(),
                    fitted.classes().droppedPhotos(),
                    fitted.iterations(),
                    fitted.seconds(),
                    outcome.validation()
                            .map(validation -> percent(validation.top1().get(head)))
                            .orElse(""));
        }
        line("");
    }

    private void validation(Validation validation) {
        if (validation.errorsKm().length > 0) {
            line("Held out: median error %,.0f km", validation.medianKm());
            for (int i = 0; i < GeoScore.RADII_KM.size(); i++) {
                line(
                        "%,11d km %9s",
                        GeoScore.RADII_KM.get(i), percent(validation.within().get(i)));
            }
        }
        validation
                .temperature()
                .ifPresent(temperature -> line(
                        "Temperature %.3f: loss %.4f held out, %.4f at temperature 1",
                        temperature, validation.loss(), validation.lossAtOne()));
    }

    private void decoding(DecodingFit fit) {
        Decoding decoding = fit.decoding();
        if (decoding.equals(Decoding.NONE)) {
            line("Place and radii: as the probabilities are; %,d held-out users are too few for a fit", fit.users());
            return;
        }
        if (decoding.meanWithinKm() > 0) {
            line(
                    "Place: mean of the cells within %,.0f km of the best; median error %,.1f km, %,.1f km by the best cell",
                    decoding.meanWithinKm(), fit.medianKm(), fit.cellMedianKm());
        } else {
            line("Place: that of the best cell; no mean of near cells is better beyond chance");
        }
        line(
                "Radii: times %.3f to hold 50 %% of the photos, times %.3f to hold 90 %%",
                decoding.radiusScale(), decoding.radius90Scale());
    }

    private void gallery(Outcome outcome) {
        if (outcome.gallery().isEmpty()) {
            return;
        }
        if (outcome.retrieval().isEmpty()) {
            line("Gallery: not stored; on held-out users it is not better than the cells alone beyond chance");
            return;
        }
        RetrievalFit fit = outcome.retrieval().get();
        Retrieval rule = fit.retrieval();
        line(
                "Gallery: %,d MiB; the nearest %d of its photos place %s of the held-out ones; median error %,.1f km, %,.1f km by the cells alone",
                outcome.gallery().get().bytes() >> 20,
                rule.neighbours(),
                percent(fit.placedShare()),
                fit.medianKm(),
                fit.cellsMedianKm());
        line(
                "Radii of photos that it places: %,.1f km for 50 %%, %,.1f km for 90 %%",
                rule.radiusKm(), rule.radius90Km());
    }

    private static String percent(double share) {
        return Double.isNaN(share) ? "" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private void line(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
    }
}
