package io.planisphere.earth;

import io.planisphere.geo.LatLng;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Puts a place into a JPEG file as EXIF GPS (CIPA DC-008, sections 4.6.2 and 4.6.6): one directory, five tags. */
final class GpsExif {
    private static final int BYTE = 1;
    private static final int ASCII = 2;
    private static final int LONG = 4;
    private static final int RATIONAL = 5;
    private static final int ENTRY = 12;
    private static final int HEADER = 8;
    private static final int GPS_DIRECTORY = HEADER + 2 + ENTRY + 4;
    private static final int LATITUDE_AT = GPS_DIRECTORY + 2 + 5 * ENTRY + 4;
    private static final int LONGITUDE_AT = LATITUDE_AT + 3 * 8;

    private GpsExif() {}

    /** The file with the place added, to 0.00001 degrees. */
    static byte[] into(byte[] jpeg, LatLng place) throws IOException {
        byte[] tiff = tiff(place);
        byte[] name = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(jpeg, 0, 2);
        out.writeShort(0xffe1);
        out.writeShort(2 + name.length + tiff.length);
        out.write(name);
        out.write(tiff);
        out.write(jpeg, 2, jpeg.length - 2);
        return bytes.toByteArray();
    }

    private static byte[] tiff(LatLng place) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeBytes("MM");
        out.writeShort(42);
        out.writeInt(HEADER);
        out.writeShort(1);
        entry(out, 0x8825, LONG, 1, GPS_DIRECTORY);
        out.writeInt(0);
        out.writeShort(5);
        entry(out, 0, BYTE, 4, 0x02030000);
        entry(out, 1, ASCII, 2, (place.latitude() < 0 ? 'S' : 'N') << 24);
        entry(out, 2, RATIONAL, 3, LATITUDE_AT);
        entry(out, 3, ASCII, 2, (place.longitude() < 0 ? 'W' : 'E') << 24);
        entry(out, 4, RATIONAL, 3, LONGITUDE_AT);
        out.writeInt(0);
        degrees(out, Math.abs(place.latitude()));
        degrees(out, Math.abs(place.longitude()));
        return bytes.toByteArray();
    }

    private static void entry(DataOutputStream out, int tag, int type, int count, int value) throws IOException {
        out.writeShort(tag);
        out.writeShort(type);
        out.writeInt(count);
        out.writeInt(value);
    }

    /** Degrees, minutes, and seconds in thousandths: 0.00001 degrees are 36 of them, so nothing is rounded twice. */
    private static void degrees(DataOutputStream out, double degrees) throws IOException {
        int thousandths = (int) (Math.round(degrees * 100_000) * 36);
        out.writeInt(thousandths / 3_600_000);
        out.writeInt(1);
        out.writeInt(thousandths / 60_000 % 60);
        out.writeInt(1);
        out.writeInt(thousandths % 60_000);
        out.writeInt(1000);
    }
}
