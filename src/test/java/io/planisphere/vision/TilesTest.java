package io.planisphere.vision;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.image.Preprocessing.Size;
import io.planisphere.image.Region;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TilesTest {
    private static final Size INPUT = new Size(320, 240);

    @Test
    void theFirstScaleIsTheWholePhoto() {
        assertThat(Tiles.of(1023, 767, 1, INPUT)).containsExactly(new Region(0, 0, 1023, 767));
        assertThat(Tiles.of(1, 1, 5, INPUT)).containsExactly(new Region(0, 0, 1, 1));
    }

    @Test
    void theSecondScaleHasNineTilesThatOverlapByHalf() {
        assertThat(Tiles.of(640, 480, 2, INPUT))
                .containsExactly(
                        new Region(0, 0, 640, 480),
                        new Region(0, 0, 320, 240),
                        new Region(160, 0, 320, 240),
                        new Region(320, 0, 320, 240),
                        new Region(0, 120, 320, 240),
                        new Region(160, 120, 320, 240),
                        new Region(320, 120, 320, 240),
                        new Region(0, 240, 320, 240),
                        new Region(160, 240, 320, 240),
                        new Region(320, 240, 320, 240));
    }

    @Test
    void tilesThatWouldBeEnlargedAreOmitted() {
        assertThat(Tiles.of(638, 480, 2, INPUT)).hasSize(1);
        assertThat(Tiles.of(640, 478, 2, INPUT)).hasSize(1);
        assertThat(Tiles.of(1279, 960, 3, INPUT)).hasSize(1 + 9 + 49);
        assertThat(Tiles.of(1276, 960, 3, INPUT)).hasSize(1 + 9);
    }

    /** The purpose of the overlap: an object up to half the size of a tile is complete in one of the tiles. */
    @Test
    void anObjectHalfAsLargeAsATileIsCompleteInOneTile() {
        Random random = new Random(1);
        for (int trial = 0; trial < 2000; trial++) {
            int width = 1300 + random.nextInt(3000);
            int height = 1000 + random.nextInt(3000);
            int scale = 1 + random.nextInt(2);
            List<Region> parts = Tiles.of(width, height, scale + 1, INPUT);
            int across = (width >> scale) / 2 - 1;
            int down = (height >> scale) / 2 - 1;
            int left = random.nextInt(width - across + 1);
            int top = random.nextInt(height - down + 1);

            assertThat(parts.stream().filter(part -> part.width() < width))
                    .as("%d x %d at %d, %d of %d x %d", across, down, left, top, width, height)
                    .anyMatch(part -> part.left() <= left
                            && part.top() <= top
                            && part.left() + part.width() >= left + across
                            && part.top() + part.height() >= top + down);
        }
    }

    @Test
    void tilesStayInThePhotoAndReachItsEdges() {
        for (Region part : Tiles.of(4001, 3003, 5, INPUT)) {
            assertThat(part.left()).isNotNegative();
            assertThat(part.left() + part.width()).isLessThanOrEqualTo(4001);
            assertThat(part.top() + part.height()).isLessThanOrEqualTo(3003);
        }
        List<Region> parts = Tiles.of(4001, 3003, 3, INPUT);
        Region last = parts.get(parts.size() - 1);
        assertThat(last.left() + last.width()).isEqualTo(4001);
        assertThat(last.top() + last.height()).isEqualTo(3003);
    }
}
