package io.planisphere.vision;

import io.planisphere.gallery.Exclusion;
import io.planisphere.gallery.PhotoGallery;
import io.planisphere.gallery.SharedGalleries;
import io.planisphere.geo.Hierarchy;
import io.planisphere.geo.Partition;
import io.planisphere.geo.PlaceList;
import io.planisphere.geo.PredictionCells;
import io.planisphere.model.Activation;
import io.planisphere.model.Decoding;
import io.planisphere.model.Embedding;
import io.planisphere.model.GalleryFile;
import io.planisphere.model.Head;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import io.planisphere.model.Task;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A package for the task locate, with its parsed cells. It is serialised as its package; the cells are parsed once per JVM. */
public final class GeolocationModel implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ModelPackage files;
    private transient volatile @Nullable Classes classes;
    private transient volatile @Nullable PhotoGallery gallery;

    /** @throws ModelPackageException if the package is for another task or its cells are invalid */
    public GeolocationModel(ModelPackage files) {
        this.files = files.require(Task.LOCATE);
        classes();
        gallery();
    }

    /** The partitions of the heads; and the label of each score, if the only head's classes are places. */
    private record Classes(Hierarchy hierarchy, List<Integer> labels) {}

    public ModelPackage files() {
        return files;
    }

    /** Returns the partitions in the order of {@link #outputs}. */
    public Hierarchy hierarchy() {
        return classes().hierarchy();
    }

    private Classes classes() {
        Classes known = classes;
        if (known == null) {
            known = read(files);
            classes = known;
        }
        return known;
    }

    /**
     * Returns the gallery, mapped into memory; empty if the package has none.
     *
     * @throws ModelPackageException if it is damaged, or is not for the package's cells and embedding
     */
    public Optional<PhotoGallery> gallery() {
        if (files.gallery().isEmpty()) {
            return Optional.empty();
        }
        PhotoGallery known = gallery;
        if (known == null) {
            known = SharedGalleries.open(files.gallery().get());
            checkFits(known, files, hierarchy().finest().cells().size());
            gallery = known;
        }
        return Optional.of(known);
    }

    private static void checkFits(PhotoGallery gallery, ModelPackage files, int cells) {
        Optional<Embedding> embedding = files.embedding();
        String backbone = files.retrieval().orElseThrow().backbone();
        String problem = "";
        if (embedding.isEmpty()) {
            problem = "needs an embedding of the network; name it in manifest.json, outputs.embedding";
        } else if (!gallery.backbone().equals(backbone)) {
            problem = "holds embeddings of package " + gallery.backbone()
                    + " but manifest.json, gallery.backbone, is " + backbone
                    + "; use the gallery that was made with this network";
        } else if (embedding.get().width().orElse(gallery.width()) != gallery.width()) {
            problem = String.format(
                    Locale.ROOT,
                    "holds embeddings of %d values but the network's have %d; use the gallery that was made with it",
                    gallery.width(),
                    embedding.get().width().orElse(0));
        } else if (gallery.cells() != cells) {
            problem = String.format(
                    Locale.ROOT,
                    "holds photos of %d cells but the package has %d; use the gallery that was made with it",
                    gallery.cells(),
                    cells);
        }
        if (!problem.isEmpty()) {
            throw new ModelPackageException(files.location(), GalleryFile.NAME + " " + problem);
        }
    }

    /**
     * Returns the names of the tensors that {@link Geolocator#locate} takes: the scores, from the coarsest partition to the
     * finest, and the embedding if the gallery is used.
     *
     * @param withGallery whether a gallery is used if there is one
     */
    public List<String> outputs(boolean withGallery) {
        Stream<String> scores = files.heads().stream().map(Head::output);
        Stream<String> embedding = withGallery && files.gallery().isPresent()
                ? files.embedding().stream().map(Embedding::output)
                : Stream.empty();
        return Stream.concat(scores, embedding).toList();
    }

    /**
     * Returns a new geolocator, for one thread.
     *
     * @param topK maximum number of cells in a guess
     * @param finestLevel finest level of the S2 cells in a guess; empty for no limit. With a limit the place is a cell's centre,
     *     and the package's {@link Decoding}, fitted without one, is not used; nor is its gallery
     * @param exclusion photos of the gallery that are not compared; empty for no search at all
     */
    public Geolocator newGeolocator(int topK, OptionalInt finestLevel, Optional<Exclusion> exclusion) {
        List<Activation> activations =
                files.heads().stream().map(Head::activation).toList();
        return new Geolocator(
                new CellProbabilities(
                        hierarchy(), activations, files.temperature(), classes().labels()),
                predictionCells(finestLevel),
                topK,
                finestLevel.isPresent() ? Decoding.NONE : files.decoding(),
                finestLevel.isPresent() ? Optional.empty() : exclusion.flatMap(this::neighbours));
    }

    private Optional<Neighbours> neighbours(Exclusion exclusion) {
        return gallery().map(opened -> new Neighbours(opened, files.retrieval().orElseThrow(), exclusion));
    }

    /** Returns a smoother for the predictions of a geolocator with the same limit. */
    public AlbumSmoother newAlbumSmoother(OptionalInt finestLevel) {
        return new AlbumSmoother(predictionCells(finestLevel).cells());
    }

    private PredictionCells predictionCells(OptionalInt finestLevel) {
        Partition finest = hierarchy().finest();
        return finestLevel.isPresent()
                ? PredictionCells.noFinerThan(finestLevel.getAsInt(), finest)
                : PredictionCells.full(finest);
    }

    private static Classes read(ModelPackage files) {
        List<Head> heads = files.heads();
        try {
            if (heads.size() == 1 && PlaceList.isIn(firstLine(files.cells(heads.get(0))))) {
                try (Reader reader = reader(files.cells(heads.get(0)))) {
                    PlaceList places = PlaceList.read(heads.get(0).cellsFile(), reader);
                    return new Classes(new Hierarchy(List.of(places.partition())), places.labels());
                }
            }
            List<Partition> partitions = new ArrayList<>();
            for (Head head : heads) {
                try (Reader reader = reader(files.cells(head))) {
                    partitions.add(Partition.read(head.cellsFile(), reader));
                }
            }
            return new Classes(new Hierarchy(partitions), List.of());
        } catch (IllegalArgumentException e) {
            throw new ModelPackageException(files.location(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String firstLine(byte[] csv) throws IOException {
        try (BufferedReader lines = new BufferedReader(reader(csv))) {
            String first = lines.readLine();
            return first == null ? "" : first;
        }
    }

    private static Reader reader(byte[] csv) {
        return new InputStreamReader(new ByteArrayInputStream(csv), StandardCharsets.UTF_8);
    }
}
