package io.planisphere.image;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * Broken photos: eighty-two kinds, each identified by its name, with the same bytes every time. They are small, although some
 * claim to be large.
 */
public final class BrokenImages {
    private static final int WIDTH = 64;
    private static final int HEIGHT = 48;
    private static final int SOF = 0xc0;
    private static final int DHT = 0xc4;
    private static final int SOS = 0xda;
    private static final int DQT = 0xdb;
    private static final int APP0 = 0xe0;

    private final List<Kind> kinds = new ArrayList<>();

    /**
     * A kind of broken photo.
     *
     * @param status expected status of its row
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Kind(String name, Status status, byte[] bytes) {
        @Override
        public String toString() {
            return name;
        }
    }

    private BrokenImages() {}

    /** Returns all kinds. */
    public static List<Kind> all() {
        BrokenImages broken = new BrokenImages();
        broken.noImages();
        broken.cutJpegs();
        broken.lyingJpegs();
        broken.metadata();
        broken.polyglots();
        broken.pngs();
        broken.gifs();
        broken.others();
        return broken.kinds;
    }

    /** Returns a valid photo, which tests break or place between the broken ones. */
    public static byte[] sound() {
        return jpeg(false);
    }

    /** Returns the PNG with this name, with EXIF metadata. */
    static byte[] withExif(String name, byte[] tiff) {
        byte[] png = all().stream()
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElseThrow()
                .bytes();
        return inserted(png, 33, chunk("eXIf", tiff));
    }

    private void put(String name, Status status, byte[] bytes) {
        kinds.add(new Kind(name, status, bytes));
    }

    private void noImages() {
        put("nothing", Status.EMPTY, new byte[0]);
        put("one byte", Status.TRUNCATED, new byte[] {(byte) 0xff});
        put("zeros", Status.NOT_AN_IMAGE, new byte[100_000]);
        put("noise", Status.NOT_AN_IMAGE, noise(10_000));
        put("html", Status.NOT_AN_IMAGE, text("<!DOCTYPE html><html><body>Not found</body></html>"));
        put("svg", Status.UNSUPPORTED, text("<svg xmlns='http://www.w3.org/2000/svg'><use href='#a' id='a'/></svg>"));
        put("pdf", Status.NOT_AN_IMAGE, text("%PDF-1.7\n1 0 obj\n"));
        put("zip", Status.NOT_AN_IMAGE, text("PK\3\4 some archive"));
        put("mp4", Status.NOT_AN_IMAGE, joined(number(24, 4), text("ftypisom"), number(512, 4), text("isomiso2")));
        put("heic", Status.UNSUPPORTED, joined(number(24, 4), text("ftypheic"), number(0, 4), text("mif1heic")));
        put("placeholder text", Status.NOT_AN_IMAGE, text("This photo is no longer available"));
    }

    /** Adds JPEGs that are cut off after each marker of the file's structure. */
    private void cutJpegs() {
        byte[] jpeg = sound();
        put("jpeg of its first marker", Status.TRUNCATED, Arrays.copyOf(jpeg, 2));
        put("jpeg cut in APP0", Status.TRUNCATED, Arrays.copyOf(jpeg, at(jpeg, APP0) + 8));
        put("jpeg cut in DQT", Status.TRUNCATED, Arrays.copyOf(jpeg, at(jpeg, DQT) + 20));
        put("jpeg cut in SOF", Status.TRUNCATED, Arrays.copyOf(jpeg, at(jpeg, SOF) + 6));
        put("jpeg cut after SOF", Status.TRUNCATED, Arrays.copyOf(jpeg, at(jpeg, SOF) + 19));
        put("jpeg cut in DHT", Status.TRUNCATED, Arrays.copyOf(jpeg, at(jpeg, DHT) + 30));
        put("jpeg cut after SOS", Status.TRUNCATED, Arrays.copyOf(jpeg, at(jpeg, SOS) + 14));
        put("jpeg cut in its scan", Status.TRUNCATED, Arrays.copyOf(jpeg, (at(jpeg, SOS) + jpeg.length) / 2));
        put("jpeg cut before its end", Status.TRUNCATED, Arrays.copyOf(jpeg, jpeg.length - 2));
        byte[] progressive = jpeg(true);
        put(
                "progressive jpeg cut in its first scan",
                Status.TRUNCATED,
                Arrays.copyOf(progressive, at(progressive, SOS) + 30));
        put(
                "progressive jpeg cut in its last scan",
                Status.TRUNCATED,
                Arrays.copyOf(progressive, progressive.length - 40));
    }

    private void lyingJpegs() {
        byte[] jpeg = sound();
        int sof = at(jpeg, SOF);
        put("jpeg of 65,535 x 65,535", Status.TOO_LARGE, with(jpeg, sof + 5, 0xff, 0xff, 0xff, 0xff));
        put("jpeg of 0 x 0", Status.UNSUPPORTED, with(jpeg, sof + 5, 0, 0, 0, 0));
        put("jpeg four times as high as its scan", Status.TRUNCATED, with(jpeg, sof + 5, 0, 4 * HEIGHT));
        put("jpeg half as high as its scan", Status.OK, with(jpeg, sof + 5, 0, HEIGHT / 2));
        put("jpeg without components", Status.UNSUPPORTED, with(jpeg, sof + 9, 0));
        put("jpeg of seven components", Status.UNDECODABLE, with(jpeg, sof + 9, 7));
        put("jpeg of twelve bits", Status.UNSUPPORTED, with(jpeg, sof + 4, 12));
        put("hierarchical jpeg", Status.UNSUPPORTED, with(jpeg, sof + 1, 0xc5));
        put("lossless jpeg", Status.UNSUPPORTED, with(jpeg, sof + 1, 0xc3));
        put("jpeg without tables", Status.UNDECODABLE, without(without(jpeg, DQT), DHT));
        put("jpeg without Huffman tables", Status.OK, without(jpeg, DHT));
        put("jpeg with a segment beyond its end", Status.TRUNCATED, with(jpeg, at(jpeg, DQT) + 2, 0xff, 0xff));
        put("jpeg with a segment of no length", Status.UNDECODABLE, with(jpeg, at(jpeg, DQT) + 2, 0, 0));
        put(
                "jpeg of noise after its header",
                Status.TRUNCATED,
                joined(Arrays.copyOf(jpeg, at(jpeg, SOS) + 14), noise(3000)));
        byte[] progressive = jpeg(true);
        byte[] scans = Arrays.copyOfRange(progressive, at(progressive, SOS), progressive.length - 2);
        byte[] many = progressive;
        for (int i = 0; i < 8; i++) {
            many = joined(Arrays.copyOf(many, many.length - 2), scans, new byte[] {(byte) 0xff, (byte) 0xd9});
        }
        put("progressive jpeg of ninety scans", Status.OK, many);
    }

    private void metadata() {
        byte[] jpeg = sound();
        byte[] loop = joined(text("II*\0"), little(8, 4), little(0, 2), little(8, 4));
        put(
                "jpeg whose EXIF directory is its own successor",
                Status.OK,
                segment(jpeg, 0xe1, joined(text("Exif\0\0"), loop)));
        byte[] entry = joined(little(0x8769, 2), little(4, 2), little(1, 4), little(8, 4));
        byte[] nested = joined(text("II*\0"), little(8, 4), little(1, 2), entry, little(0, 4));
        put("jpeg whose EXIF directory holds itself", Status.OK, segment(jpeg, 0xe1, joined(text("Exif\0\0"), nested)));
        byte[] far = joined(text("MM\0*"), number(0x7fffffff, 4));
        put("jpeg whose EXIF lies beyond its end", Status.OK, segment(jpeg, 0xe1, joined(text("Exif\0\0"), far)));
        byte[] turned = joined(little(0x0112, 2), little(3, 2), little(1, 4), little(200, 4));
        byte[] wrong = joined(text("II*\0"), little(8, 4), little(1, 2), turned, little(0, 4));
        put("jpeg turned two hundred ways", Status.OK, segment(jpeg, 0xe1, joined(text("Exif\0\0"), wrong)));
        put(
                "jpeg with a colour profile of noise",
                Status.OK,
                segment(jpeg, 0xe2, joined(text("ICC_PROFILE\0\7\3"), noise(900))));
        byte[] many = jpeg;
        for (int i = 0; i < 500; i++) {
            many = segment(many, 0xe3, new byte[] {1, 2, 3});
        }
        put("jpeg of five hundred segments", Status.OK, many);
    }

    private void polyglots() {
        byte[] jpeg = sound();
        put(
                "jpeg that is a zip as well",
                Status.OK,
                joined(jpeg, text("PK\3\4"), noise(500), text("PK\5\6"), new byte[18]));
        put("jpeg that is a page as well", Status.OK, segment(jpeg, 0xfe, text("--><script>alert(1)</script><!--")));
        put("jpeg after a jpeg", Status.OK, joined(jpeg, jpeg));
        put("jpeg after a line of text", Status.NOT_AN_IMAGE, joined(text("HTTP/1.1 200 OK\r\n\r\n"), jpeg));
        put("png that is called a gif", Status.TOO_LARGE, joined(text("GIF89a"), png(8, 2, noise(20))));
    }

    private void pngs() {
        byte[] png = png(8, 2, deflated(new byte[HEIGHT * (1 + 3 * WIDTH)]));
        put("png of its signature", Status.TRUNCATED, Arrays.copyOf(png, 8));
        put("png cut in IHDR", Status.TRUNCATED, Arrays.copyOf(png, 20));
        put("png cut in IDAT", Status.TRUNCATED, Arrays.copyOf(png, png.length - 30));
        put("png without IEND", Status.TRUNCATED, Arrays.copyOf(png, png.length - 12));
        put("png of 65,535 x 65,535", Status.TOO_LARGE, sized(png, 65_535, 65_535));
        put("png of two thousand million columns", Status.TOO_LARGE, sized(png, 0x7fffffff, 1));
        put("png of 0 x 0", Status.UNDECODABLE, sized(png, 0, 0));
        put("png with a wrong checksum in IHDR", Status.UNDECODABLE, with(png, 29, png[29] ^ 1));
        put(
                "png with a wrong checksum in IDAT",
                Status.UNDECODABLE,
                with(png, png.length - 16, png[png.length - 16] ^ 1));
        put("png of three bits", Status.UNDECODABLE, png(3, 2, deflated(new byte[100])));
        put("png of colour type 5", Status.UNDECODABLE, png(8, 5, deflated(new byte[100])));
        put("png without its palette", Status.UNDECODABLE, png(8, 3, deflated(new byte[HEIGHT * (1 + WIDTH)])));
        put("png of noise", Status.UNDECODABLE, png(8, 2, noise(2000)));
        put("png of less than its size", Status.UNDECODABLE, png(8, 2, deflated(new byte[1000])));
        put("png of fifty times its size", Status.OK, png(8, 2, deflated(new byte[50 * HEIGHT * (1 + 3 * WIDTH)])));
        byte[] bomb = joined(text("Comment\0\0"), deflated(new byte[20_000_000]));
        put("png with a zip bomb in a comment", Status.OK, inserted(png, 33, chunk("zTXt", bomb)));
        put(
                "png with a zip bomb as profile",
                Status.OK,
                inserted(png, 33, chunk("iCCP", joined(text("p\0\0"), deflated(new byte[20_000_000])))));
        put(
                "png with a chunk of four gigabytes",
                Status.TRUNCATED,
                inserted(png, 33, joined(number(0xffffffff, 4), text("tEXt"))));
    }

    private void gifs() {
        byte[] gif = written("gif");
        put("gif of its header", Status.TRUNCATED, Arrays.copyOf(gif, 13));
        put("gif cut in its frame", Status.TRUNCATED, Arrays.copyOf(gif, gif.length / 2));
        put("gif of 65,535 x 65,535", Status.TOO_LARGE, with(gif, 6, 0xff, 0xff, 0xff, 0xff));
        put("gif of 0 x 0", Status.OK, with(gif, 6, 0, 0, 0, 0));
        byte[] frame = Arrays.copyOfRange(gif, 13 + 3 * (2 << (gif[10] & 7)), gif.length - 1);
        byte[] endless = Arrays.copyOf(gif, gif.length - 1);
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        frames.writeBytes(endless);
        for (int i = 0; i < 300; i++) {
            frames.writeBytes(frame);
        }
        put("gif without an end", Status.OK, frames.toByteArray());
        frames.write(0x3b);
        put("gif of three hundred frames", Status.OK, frames.toByteArray());
    }

    private void others() {
        byte[] bmp = written("bmp");
        put("bmp cut in its rows", Status.TRUNCATED, Arrays.copyOf(bmp, bmp.length / 2));
        put("bmp of 65,535 x 65,535", Status.TOO_LARGE, with(bmp, 18, 0xff, 0xff, 0, 0, 0xff, 0xff, 0, 0));
        put("bmp of the least height there is", Status.TOO_LARGE, with(bmp, 22, 0, 0, 0, 0x80));
        byte[] tiff = written("tiff");
        put("tiff of its header", Status.TRUNCATED, Arrays.copyOf(tiff, 8));
        put("tiff whose directory lies beyond its end", Status.TRUNCATED, with(tiff, 4, 0x7f, 0xff, 0xff, 0x7f));
        put("tiff cut in its strips", Status.TRUNCATED, Arrays.copyOf(tiff, tiff.length / 3));
        byte[] webp = Samples.form("lossy.webp");
        put("webp of its header", Status.TRUNCATED, Arrays.copyOf(webp, 12));
        put("webp cut in its frame", Status.TRUNCATED, Arrays.copyOf(webp, webp.length / 2));
        put("webp that lies about its length", Status.TRUNCATED, with(webp, 4, 0xff, 0xff, 0xff, 0x7f));
        put("webp with a chunk whose name is a line feed", Status.TRUNCATED, with(webp, 12, '\n', 0, 0, 0, 0xff));
    }

    private static BufferedImage drawn() {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        pen.setPaint(new GradientPaint(0, 0, Color.ORANGE, WIDTH, HEIGHT, Color.BLUE));
        pen.fillRect(0, 0, WIDTH, HEIGHT);
        pen.setColor(Color.GREEN);
        pen.drawOval(5, 5, 40, 30);
        pen.dispose();
        return image;
    }

    private static byte[] written(String format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(drawn(), format, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] jpeg(boolean isProgressive) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpg").next();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            if (isProgressive) {
                parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
            }
            writer.setOutput(stream);
            writer.write(null, new IIOImage(drawn(), null, null), parameters);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    /** Returns the position of a JPEG marker; SOF matches any kind of SOF. */
    private static int at(byte[] jpeg, int marker) {
        int at = 2;
        while (at + 3 < jpeg.length) {
            int found = jpeg[at + 1] & 0xff;
            if (found == marker || (marker == SOF && found >= SOF && found <= 0xc2)) {
                return at;
            }
            at += 2 + ((jpeg[at + 2] & 0xff) << 8 | (jpeg[at + 3] & 0xff));
        }
        throw new IllegalArgumentException("No marker " + Integer.toHexString(marker));
    }

    private static byte[] without(byte[] jpeg, int marker) {
        byte[] left = jpeg;
        for (int i = 0; i < 8; i++) {
            int at = 2;
            while ((left[at + 1] & 0xff) != marker && (left[at + 1] & 0xff) != SOS) {
                at += 2 + ((left[at + 2] & 0xff) << 8 | (left[at + 3] & 0xff));
            }
            if ((left[at + 1] & 0xff) == SOS) {
                return left;
            }
            int end = at + 2 + ((left[at + 2] & 0xff) << 8 | (left[at + 3] & 0xff));
            left = joined(Arrays.copyOf(left, at), Arrays.copyOfRange(left, end, left.length));
        }
        return left;
    }

    private static byte[] segment(byte[] jpeg, int marker, byte[] content) {
        return inserted(
                jpeg, 2, joined(new byte[] {(byte) 0xff, (byte) marker}, number(content.length + 2, 2), content));
    }

    private static byte[] png(int depth, int colourType, byte[] data) {
        byte[] header =
                joined(number(WIDTH, 4), number(HEIGHT, 4), new byte[] {(byte) depth, (byte) colourType, 0, 0, 0});
        return joined(
                new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'},
                chunk("IHDR", header),
                chunk("IDAT", data),
                chunk("IEND", new byte[0]));
    }

    private static byte[] sized(byte[] png, int width, int height) {
        byte[] header = joined(number(width, 4), number(height, 4), Arrays.copyOfRange(png, 24, 29));
        return joined(Arrays.copyOf(png, 8), chunk("IHDR", header), Arrays.copyOfRange(png, 33, png.length));
    }

    private static byte[] chunk(String type, byte[] data) {
        byte[] checked = joined(text(type), data);
        CRC32 crc = new CRC32();
        crc.update(checked);
        return joined(number(data.length, 4), checked, number((int) crc.getValue(), 4));
    }

    private static byte[] deflated(byte[] data) {
        Deflater deflater = new Deflater(9);
        deflater.setInput(data);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }

    private static byte[] with(byte[] bytes, int at, int... values) {
        byte[] changed = bytes.clone();
        for (int i = 0; i < values.length; i++) {
            changed[at + i] = (byte) values[i];
        }
        return changed;
    }

    private static byte[] inserted(byte[] bytes, int at, byte[] more) {
        return joined(Arrays.copyOf(bytes, at), more, Arrays.copyOfRange(bytes, at, bytes.length));
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] number(int value, int bytes) {
        byte[] big = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            big[i] = (byte) (value >> (8 * (bytes - 1 - i)));
        }
        return big;
    }

    private static byte[] little(int value, int bytes) {
        byte[] little = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            little[i] = (byte) (value >> (8 * i));
        }
        return little;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);
        return noise;
    }
}
