package io.planisphere.earth;

import com.google.common.geometry.S2CellId;
import com.google.common.geometry.S2LatLng;
import io.planisphere.geo.LatLng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The places of real photos, split before anything is learnt: whole regions are set aside first, then all places of one author
 * in ten.
 *
 * @param training what the partition is built from and the windows are centred on
 * @param unseenAuthors places outside the regions, of authors with no place in training
 * @param heldOutRegions every place within a held-out region, whoever took the photo
 * @param regions S2 cells of level 4, about 570 km across
 */
record Places(List<Place> training, List<Place> unseenAuthors, List<Place> heldOutRegions, Set<S2CellId> regions) {
    private static final int REGION_LEVEL = 4;
    private static final double REGION_SHARE = 0.045;
    private static final double AUTHOR_SHARE = 0.1;
    // A region with fewer places says little, one with more would take a continent's best-known country out of
    // training.
    private static final int REGION_MIN_PLACES = 30;
    private static final int REGION_MAX_PLACES = 220;
    private static final double REGION_SPACING_KM = 2000;

    /** Where one photo was taken. */
    record Place(String author, LatLng at) {}

    /** Reads lines of {@code id,author,latitude,longitude} under one header line. */
    static List<Place> read(Path csv) throws IOException {
        List<Place> places = new ArrayList<>();
        List<String> lines = Files.readAllLines(csv);
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.split(",", -1);
            places.add(new Place(fields[1], new LatLng(Double.parseDouble(fields[2]), Double.parseDouble(fields[3]))));
        }
        return places;
    }

    static Places split(List<Place> all, long seed) {
        Set<S2CellId> regions = chooseRegions(all, new Random(seed));
        List<String> authors =
                new ArrayList<>(all.stream().map(Place::author).collect(Collectors.toCollection(TreeSet::new)));
        Collections.shuffle(authors, new Random(seed + 1));
        Set<String> unseen = new HashSet<>(authors.subList(0, (int) (authors.size() * AUTHOR_SHARE)));
        List<Place> training = new ArrayList<>();
        List<Place> unseenAuthors = new ArrayList<>();
        List<Place> heldOut = new ArrayList<>();
        for (Place place : all) {
            if (regions.contains(regionOf(place.at()))) {
                heldOut.add(place);
            } else if (unseen.contains(place.author())) {
                unseenAuthors.add(place);
            } else {
                training.add(place);
            }
        }
        return new Places(List.copyOf(training), List.copyOf(unseenAuthors), List.copyOf(heldOut), regions);
    }

    boolean isHeldOut(LatLng point) {
        return regions.contains(regionOf(point));
    }

    private static Set<S2CellId> chooseRegions(List<Place> all, Random random) {
        Map<S2CellId, Integer> counts = new TreeMap<>();
        all.forEach(place -> counts.merge(regionOf(place.at()), 1, Integer::sum));
        List<Map.Entry<S2CellId, Integer>> candidates = new ArrayList<>(counts.entrySet());
        candidates.removeIf(region -> region.getValue() < REGION_MIN_PLACES || region.getValue() > REGION_MAX_PLACES);
        Collections.shuffle(candidates, random);
        Set<S2CellId> chosen = new TreeSet<>();
        int held = 0;
        for (Map.Entry<S2CellId, Integer> candidate : candidates) {
            LatLng centre = centre(candidate.getKey());
            boolean apart = chosen.stream().allMatch(id -> centre(id).distanceKm(centre) > REGION_SPACING_KM);
            if (apart && held < REGION_SHARE * all.size()) {
                chosen.add(candidate.getKey());
                held += candidate.getValue();
            }
        }
        return Collections.unmodifiableSet(chosen);
    }

    private static LatLng centre(S2CellId id) {
        S2LatLng centre = id.toLatLng();
        return new LatLng(centre.latDegrees(), centre.lngDegrees());
    }

    private static S2CellId regionOf(LatLng point) {
        return point.leaf().parent(REGION_LEVEL);
    }
}
