package io.planisphere.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.report.ContactSheet.Tile;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
    private static final int SIDE = 100;

    @Test
    void picturesAreInReadingOrderWithTheirTextBelow() {
        List<Tile> tiles = List.of(
                new Tile(plain(50, 50, Color.RED), List.of("first")),
                new Tile(plain(200, 100, Color.GREEN), List.of("second", "twice as wide as high")),
                new Tile(plain(50, 50, Color.BLUE), List.of()));

        BufferedImage sheet = ContactSheet.of(2, SIDE, tiles);

        int across = sheet.getWidth() / 2;
        int down = sheet.getHeight() / 2;
        assertThat(rgb(sheet, across / 2, SIDE / 2)).isEqualTo(0xff0000);
        assertThat(rgb(sheet, across + across / 2, SIDE - 10)).isEqualTo(0x00ff00);
        assertThat(rgb(sheet, across + across / 2, SIDE / 4))
                .as("above the flat picture")
                .isEqualTo(0xffffff);
        assertThat(rgb(sheet, across / 2, down + SIDE / 2)).isEqualTo(0x0000ff);
        assertThat(darkest(sheet.getSubimage(0, SIDE + 6, across, 15))).isLessThan(128);
        assertThat(darkest(sheet.getSubimage(0, down + SIDE + 6, across, 15))).isEqualTo(255);
    }

    @Test
    void aSheetWithoutPicturesIsOnePixel() {
        assertThat(ContactSheet.of(4, SIDE, List.of()).getWidth()).isOne();
    }

    @Test
    void aSheetWithoutColumnsIsRejected() {
        assertThatThrownBy(() -> ContactSheet.of(0, SIDE, List.of())).hasMessageContaining("columns");
    }

    private static int darkest(BufferedImage picture) {
        int darkest = 255;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                darkest = Math.min(darkest, picture.getRGB(x, y) & 0xff);
            }
        }
        return darkest;
    }

    private static int rgb(BufferedImage picture, int x, int y) {
        return picture.getRGB(x, y) & 0xffffff;
    }

    private static BufferedImage plain(int width, int height, Color colour) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(colour);
        graphics.fillRect(0, 0, width, height);
        graphics.dispose();
        return picture;
    }
}
