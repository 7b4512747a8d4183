package io.planisphere.geo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;

/**
 * The continent of a place: by country as in Natural Earth (1:110 million), with Russia divided at 60° E, and Hawaii and western
 * New Guinea in Oceania. A place at sea belongs to the nearest land. The raster has a resolution of a quarter of a degree, so a
 * place within 30 km of a border may be on the wrong side; {@code src/continents/continents.py} generates it.
 */
public enum Continent {
    // in the order of the raster's values
    AFRICA("Africa"),
    ANTARCTICA("Antarctica"),
    ASIA("Asia"),
    EUROPE("Europe"),
    NORTH_AMERICA("North America"),
    OCEANIA("Oceania"),
    SOUTH_AMERICA("South America");

    private static final int PER_DEGREE = 4;
    private static final int COLUMNS = 360 * PER_DEGREE;
    private static final int ROWS = 180 * PER_DEGREE;
    private static final Continent[] BY_VALUE = values();
    private static final byte[] RASTER = raster();

    private final String title;

    Continent(String title) {
        this.title = title;
    }

    /** Returns the continent's name in English. */
    public String title() {
        return title;
    }

    public static Continent of(LatLng place) {
        int row = Math.min(ROWS - 1, (int) ((90 - place.latitude()) * PER_DEGREE));
        int column = (int) ((place.longitude() + 180) * PER_DEGREE) % COLUMNS;
        return BY_VALUE[RASTER[row * COLUMNS + column]];
    }

    private static byte[] raster() {
        String name = "continents.bin.gz";
        InputStream resource = Continent.class.getResourceAsStream(name);
        if (resource == null) {
            throw new IllegalStateException(name + " is missing beside " + Continent.class);
        }
        try (InputStream in = new GZIPInputStream(resource)) {
            return in.readNBytes(ROWS * COLUMNS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
