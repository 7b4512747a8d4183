package io.planisphere.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.geo.LatLng;
import java.awt.Color;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class WorldMapTest {
    private static final int WIDTH = 1440;
    private static final double PIXELS_PER_DEGREE = 4;
    private static final double NORTH = 84;
    private static final int LAND = 0xd8dacf;
    private static final int SEA = 0xe8f0f6;

    @Test
    void landAndSeaAreAtTheirPlaces() {
        BufferedImage map = WorldMap.of(WIDTH).picture();

        assertThat(map.getHeight()).isEqualTo((int) ((NORTH + 60) * PIXELS_PER_DEGREE));
        assertThat(colour(map, 22, 10)).as("Sahara").isEqualTo(LAND);
        assertThat(colour(map, -25, 135)).as("Australia").isEqualTo(LAND);
        assertThat(colour(map, 0, -30)).as("Atlantic").isEqualTo(SEA);
        assertThat(colour(map, 42, 51)).as("Caspian Sea").isEqualTo(SEA);
        assertThat(colour(map, 67.5, 178.5))
                .as("Chukotka, west of the antimeridian")
                .isEqualTo(LAND);
        assertThat(colour(map, 66.5, -176)).as("Chukotka, east of it").isEqualTo(LAND);
        assertThat(colour(map, -17, 0))
                .as("no streak between the halves of Fiji")
                .isEqualTo(SEA);
    }

    @Test
    void aCellCoversItsArea() {
        // one of the six faces of S2's cube, from 45 degrees west to 45 degrees east at the equator
        BufferedImage map = WorldMap.of(WIDTH).cell("1", Color.BLUE).picture();

        assertThat(colour(map, 0, 0)).isEqualTo(0x0000ff);
        assertThat(colour(map, 0, -44)).isEqualTo(0x0000ff);
        assertThat(colour(map, 30, 44)).isEqualTo(0x0000ff);
        assertThat(colour(map, 0, -46)).isEqualTo(SEA);
    }

    @Test
    void aLineFollowsTheGreatCircle() {
        // halfway, the great circle is at arctan(tan 50° / cos 60°)
        BufferedImage map = WorldMap.of(WIDTH)
                .line(new LatLng(50, -60), new LatLng(50, 60), Color.RED)
                .picture();

        assertThat(reds(map, 67.24, 0)).isPositive();
        assertThat(reds(map, 50, 0)).isZero();
    }

    @Test
    void aLineOverTheAntimeridianIsDrawnOnBothSides() {
        BufferedImage map = WorldMap.of(WIDTH)
                .line(new LatLng(0, 170), new LatLng(0, -170), Color.RED)
                .picture();

        assertThat(reds(map, 0, 175)).isPositive();
        assertThat(reds(map, 0, -175)).isPositive();
        assertThat(reds(map, 0, 0)).isZero();
    }

    @Test
    void aZoomedRegionShowsItsPlaces() {
        BufferedImage map = WorldMap.between(400, new LatLng(40, 0), new LatLng(60, 20))
                .place(new LatLng(50, 10), Color.RED)
                .picture();

        assertThat(map.getHeight()).isEqualTo(400);
        assertThat(map.getRGB(200, 200) & 0xffffff).isEqualTo(0xff0000);
    }

    @Test
    void invalidShapesAreRejected() {
        assertThatThrownBy(() -> WorldMap.of(100).cell("xyz", Color.RED)).hasMessageContaining("xyz");
        assertThatThrownBy(() -> WorldMap.between(100, new LatLng(0, 170), new LatLng(10, -170)))
                .hasMessageContaining("south-west");
    }

    private static int colour(BufferedImage map, double latitude, double longitude) {
        int x = (int) ((longitude + 180) * PIXELS_PER_DEGREE);
        int y = (int) ((NORTH - latitude) * PIXELS_PER_DEGREE);
        return map.getRGB(x, y) & 0xffffff;
    }

    /** Counts the reddish pixels within two pixels of the place, because lines are antialiased. */
    private static int reds(BufferedImage map, double latitude, double longitude) {
        int found = 0;
        for (int step = -2; step <= 2; step++) {
            Color there = new Color(colour(map, latitude + step / PIXELS_PER_DEGREE, longitude));
            found += there.getRed() > 200 && there.getGreen() < 150 ? 1 : 0;
        }
        return found;
    }
}
