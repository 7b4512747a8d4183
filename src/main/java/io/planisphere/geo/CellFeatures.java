package io.planisphere.geo;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.geometry.S2CellId;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;

/** S2 cells as a GeoJSON FeatureCollection (RFC 7946), streamed with one cell per line. */
public final class CellFeatures implements Closeable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonGenerator json;

    /**
     * Writes the beginning of the collection.
     *
     * @param name layer name in GIS tools
     * @param out writer, which is not closed with this object
     */
    public CellFeatures(String name, Writer out) throws IOException {
        json = JSON.createGenerator(out);
        json.disable(StreamWriteFeature.AUTO_CLOSE_TARGET.mappedFeature());
        json.writeStartObject();
        json.writeStringField("type", "FeatureCollection");
        json.writeStringField("name", name);
        json.writeArrayFieldStart("features");
    }

    /** Writes one cell: a Polygon, or a MultiPolygon if the antimeridian cuts it. */
    public void write(S2CellId cell, Map<String, ?> properties) throws IOException {
        json.writeRaw('\n');
        json.writeStartObject();
        json.writeStringField("type", "Feature");
        json.writeObjectField("properties", properties);
        json.writeObjectFieldStart("geometry");
        List<List<LatLng>> rings = CellPolygon.of(cell).rings();
        boolean one = rings.size() == 1;
        json.writeStringField("type", one ? "Polygon" : "MultiPolygon");
        json.writeArrayFieldStart("coordinates");
        for (List<LatLng> ring : rings) {
            if (one) {
                write(ring, cell.level());
            } else {
                json.writeStartArray();
                write(ring, cell.level());
                json.writeEndArray();
            }
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    private void write(List<LatLng> ring, int level) throws IOException {
        json.writeStartArray();
        for (LatLng place : ring) {
            json.writeStartArray();
            json.writeNumber(decimal(place.longitude(), level));
            json.writeNumber(decimal(place.latitude(), level));
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    /** Formats degrees without an exponent, unlike Double.toString. */
    private static String decimal(double degrees, int level) {
        BigDecimal rounded = BigDecimal.valueOf(degrees).setScale(CellPolygon.decimals(level), RoundingMode.HALF_EVEN);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    /** Writes the end of the collection. */
    @Override
    public void close() throws IOException {
        json.writeEndArray();
        json.writeRaw('\n');
        json.writeEndObject();
        json.writeRaw('\n');
        json.close();
    }
}
