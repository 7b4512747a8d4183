package io.planisphere.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.geometry.S2EdgeUtil;
import com.google.common.geometry.S2LatLng;
import com.google.common.geometry.S2Point;
import io.planisphere.geo.CellPolygon;
import io.planisphere.geo.CellToken;
import io.planisphere.geo.LatLng;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A map as an image, for notebooks: plate carrée (equal pixels per degree of latitude and longitude), north up, with land and
 * borders of Natural Earth in the background; later drawings cover earlier ones. Not thread-safe.
 */
public final class WorldMap {
    private static final double TURN = 360;
    private static final double HALF_TURN = 180;
    private static final double STEPS_PER_DEGREE = 100; // unit of outlines.json
    private static final double RADIUS = 4; // radius of a place's dot, in pixels
    private static final int PIECES =
            64; // segments of a line: each is at most 314 km, which is straight on any map of this size
    private static final Color SEA = new Color(0xe8f0f6);
    private static final Color LAND = new Color(0xd8dacf);
    private static final Color BORDER = new Color(0xb4b8ab);

    private final BufferedImage picture;
    private final Graphics2D graphics;
    private final LatLng southWest;
    private final double scale;

    private WorldMap(int width, LatLng southWest, LatLng northEast) {
        double degrees = northEast.longitude() - southWest.longitude();
        double height = northEast.latitude() - southWest.latitude();
        if (width < 1 || !(degrees > 0) || !(height > 0)) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "A map needs a width and two corners, south-west and north-east, got %d, %s and %s",
                    width,
                    southWest,
                    northEast));
        }
        this.southWest = southWest;
        this.scale = width / degrees;
        this.picture =
                new BufferedImage(width, Math.max(1, (int) Math.round(height * scale)), BufferedImage.TYPE_INT_RGB);
        this.graphics = picture.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        ground();
    }

    /** Returns a map of all land except Antarctica, {@code width} pixels wide. */
    public static WorldMap of(int width) {
        return new WorldMap(width, new LatLng(-60, -HALF_TURN), new LatLng(84, HALF_TURN));
    }

    /** Returns a map of the area between two corners, {@code width} pixels wide; throws if it crosses the antimeridian. */
    public static WorldMap between(int width, LatLng southWest, LatLng northEast) {
        return new WorldMap(width, southWest, northEast);
    }

    /** Fills an S2 cell, given its token, and draws its edge in the same colour without transparency. */
    public WorldMap cell(String token, Color colour) {
        CellPolygon polygon = CellPolygon.of(CellToken.parse(token)
                .orElseThrow(() -> new IllegalArgumentException("No S2 cell has the token " + token)));
        for (List<LatLng> ring : polygon.rings()) {
            List<double[]> points = new ArrayList<>();
            ring.forEach(place -> points.add(new double[] {place.longitude(), place.latitude()}));
            Path2D path = path(points, true);
            graphics.setColor(colour);
            graphics.fill(path);
            stroke(path, opaque(colour), 0.6f);
        }
        return this;
    }

    /** Draws a dot. */
    public WorldMap place(LatLng place, Color colour) {
        double x = x(place.longitude());
        double y = y(place.latitude());
        Shape dot = new Ellipse2D.Double(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS);
        graphics.setColor(colour);
        graphics.fill(dot);
        stroke(dot, Color.WHITE, 1);
        return this;
    }

    /** Draws the great circle between two places. */
    public WorldMap line(LatLng from, LatLng to, Color colour) {
        S2Point start = point(from);
        S2Point end = point(to);
        List<double[]> way = new ArrayList<>();
        for (int i = 0; i <= PIECES; i++) {
            S2LatLng place = new S2LatLng(S2EdgeUtil.interpolate((double) i / PIECES, start, end));
            way.add(new double[] {place.lngDegrees(), place.latDegrees()});
        }
        around(way, false).forEach(path -> stroke(path, colour, 1.4f));
        return this;
    }

    /** Returns the image drawn so far. */
    public BufferedImage picture() {
        return picture;
    }

    private void ground() {
        graphics.setColor(SEA);
        graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        JsonNode outlines = outlines();
        for (JsonNode polygon : outlines.path("land")) {
            List<Path2D> parts = new ArrayList<>();
            for (JsonNode ring : polygon) { // the first ring is the shore, others are lakes
                List<Path2D> copies = around(points(ring), true);
                for (int i = 0; i < copies.size(); i++) {
                    if (parts.size() <= i) {
                        parts.add(new Path2D.Double(Path2D.WIND_EVEN_ODD));
                    }
                    parts.get(i).append(copies.get(i), false);
                }
            }
            graphics.setColor(LAND);
            parts.forEach(graphics::fill);
        }
        for (JsonNode border : outlines.path("borders")) {
            around(points(border), false).forEach(path -> stroke(path, BORDER, 0.7f));
        }
    }

    private void stroke(Shape shape, Color colour, float width) {
        graphics.setColor(colour);
        graphics.setStroke(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(shape);
    }

    /**
     * Returns the paths of a line. A line across the antimeridian continues beyond the map's edge, and is repeated a full turn to
     * either side, so that both of its ends are visible.
     */
    private List<Path2D> around(List<double[]> points, boolean closed) {
        List<double[]> unrolled = new ArrayList<>();
        double turns = 0;
        for (double[] point : points) {
            if (!unrolled.isEmpty()) {
                double step = point[0] + turns - unrolled.get(unrolled.size() - 1)[0];
                turns -= TURN * Math.rint(step / TURN);
            }
            unrolled.add(new double[] {point[0] + turns, point[1]});
        }
        List<Path2D> copies = new ArrayList<>();
        for (int turn = -1; turn <= 1; turn++) {
            double shift = turn * TURN;
            copies.add(path(
                    unrolled.stream()
                            .map(point -> new double[] {point[0] + shift, point[1]})
                            .toList(),
                    closed));
        }
        return copies;
    }

    /** Returns a path of longitudes and latitudes. */
    private Path2D path(List<double[]> points, boolean closed) {
        Path2D path = new Path2D.Double();
        for (double[] point : points) {
            if (path.getCurrentPoint() == null) {
                path.moveTo(x(point[0]), y(point[1]));
            } else {
                path.lineTo(x(point[0]), y(point[1]));
            }
        }
        if (closed) {
            path.closePath();
        }
        return path;
    }

    private double x(double longitude) {
        return (longitude - southWest.longitude()) * scale;
    }

    private double y(double latitude) {
        return picture.getHeight() - (latitude - southWest.latitude()) * scale;
    }

    private static List<double[]> points(JsonNode numbers) {
        List<double[]> points = new ArrayList<>();
        for (int i = 0; i + 1 < numbers.size(); i += 2) {
            points.add(new double[] {
                numbers.get(i).doubleValue() / STEPS_PER_DEGREE,
                numbers.get(i + 1).doubleValue() / STEPS_PER_DEGREE
            });
        }
        return points;
    }

    private static S2Point point(LatLng place) {
        return S2LatLng.fromDegrees(place.latitude(), place.longitude()).toPoint();
    }

    private static Color opaque(Color colour) {
        return new Color(colour.getRGB() & 0xffffff);
    }

    private static JsonNode outlines() {
        try (InputStream in = Objects.requireNonNull(WorldMap.class.getResourceAsStream("/report/outlines.json"))) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
