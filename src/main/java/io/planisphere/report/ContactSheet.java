package io.planisphere.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/** Draws thumbnails in rows, with lines of text below each, for notebooks. */
public final class ContactSheet {
    private static final int GAP = 8;
    private static final int LINE = 15;
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 11);

    private ContactSheet() {}

    /**
     * A picture and its caption.
     *
     * @param lines lines from top to bottom; truncated to the width of the tile
     */
    public record Tile(BufferedImage picture, List<String> lines) {
        public Tile {
            lines = List.copyOf(lines);
        }
    }

    /**
     * Draws tiles in reading order, each {@code side} pixels wide, with a picture of at most that height; a single pixel without
     * tiles.
     */
    public static BufferedImage of(int columns, int side, List<Tile> tiles) {
        if (columns < 1 || side < 1) {
            throw new IllegalArgumentException(
                    "A sheet needs columns and a side of at least 1, got " + columns + " and " + side);
        }
        int text = LINE
                * tiles.stream().mapToInt(tile -> tile.lines().size()).max().orElse(0);
        int rows = (tiles.size() + columns - 1) / columns;
        int across = side + GAP;
        int down = side + text + GAP;
        BufferedImage sheet = new BufferedImage(
                Math.max(1, Math.min(columns, tiles.size()) * across),
                Math.max(1, rows * down),
                BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setFont(FONT);
        for (int i = 0; i < tiles.size(); i++) {
            draw(graphics, tiles.get(i), i % columns * across + GAP / 2, i / columns * down + GAP / 2, side);
        }
        graphics.dispose();
        return sheet;
    }

    private static void draw(Graphics2D graphics, Tile tile, int left, int top, int side) {
        BufferedImage picture = tile.picture();
        double scale = (double) side / Math.max(picture.getWidth(), picture.getHeight());
        int width = Math.max(1, (int) Math.round(picture.getWidth() * scale));
        int height = Math.max(1, (int) Math.round(picture.getHeight() * scale));
        graphics.drawImage(picture, left, top + side - height, width, height, null);
        graphics.setColor(Color.DARK_GRAY);
        graphics.clipRect(left, top, side, side + LINE * tile.lines().size() + GAP);
        for (int i = 0; i < tile.lines().size(); i++) {
            graphics.drawString(tile.lines().get(i), left, top + side + LINE * (i + 1) - LINE / 4);
        }
        graphics.setClip(null);
    }
}
