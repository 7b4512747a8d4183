"""Makes the rarer forms in forms/, and how Pillow shows them, independent of the code under test.

    python3 odd.py          needs Pillow 13.0, numpy, tifffile and imagecodecs (2026), and cjpeg of libjpeg-turbo

forms/NAME.EXT is the image; forms/NAME.EXT.png is Pillow's ImageOps.exif_transpose(Image.open(...)).convert("RGB"), or, where
Pillow does not read it or where the product differs from it on purpose, the picture that it was made of.
"""

import io
import os
import struct
import subprocess

import imagecodecs
import numpy as np
import tifffile
from PIL import Image, ImageOps

from golden import HERE, chunk, picture, saved

RGB = picture(37, 26)
ARRAY = np.asarray(RGB)
GREY = np.asarray(RGB.convert("L"))


def write(name, data, golden=None):
    with open(f"{HERE}/forms/{name}", "wb") as out:
        out.write(data)
    if golden is None:
        golden = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    golden.save(f"{HERE}/forms/{name}.png", optimize=True)


def cjpeg(*options):
    return subprocess.run(["cjpeg", "-quality", "90", *options], input=saved(RGB, "PPM"), capture_output=True,
                          check=True).stdout


def jpegs():
    write("arithmetic.jpg", cjpeg("-arithmetic"))
    write("arithmetic_progressive.jpg", cjpeg("-arithmetic", "-progressive"))
    write("lossless.jpg", imagecodecs.jpeg8_encode(ARRAY, lossless=True))
    write("lossless_grey.jpg", imagecodecs.jpeg8_encode(GREY.copy(), lossless=True))
    plain = saved(RGB, "JPEG", quality=90, subsampling=0)
    write("segments_of_no_length.jpg", plain[:2] + b"\xff\xe5\0\0\xff\xfe\0\1" + plain[2:])
    xmp = b'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    write("xmp_orientation.jpg", plain[:2] + b"\xff\xe1" + struct.pack(">H", len(xmp) + 2) + xmp + plain[2:])


def pngs():
    mirrored = RGB.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    write("animated.png", saved(RGB, "PNG", save_all=True, append_images=[mirrored], duration=50))
    write("animated_later.png", saved(RGB, "PNG", save_all=True, append_images=[mirrored, RGB], default_image=True))
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"
    plain = saved(RGB, "PNG")
    text = b"Raw profile type exif\0\nexif\n%8d\n%s\n" % (len(exif), exif.hex().encode())
    write("raw_exif_orientation.png", plain[:33] + chunk(b"tEXt", text) + plain[33:])
    xmp = b"XML:com.adobe.xmp\0\0\0\0\0<rdf:Description><tiff:Orientation>8</tiff:Orientation></rdf:Description>"
    write("xmp_orientation.png", plain[:33] + chunk(b"iTXt", xmp) + plain[33:])


def gifs():
    palette = RGB.quantize(64)
    plain = saved(palette, "GIF")
    write("no_trailer.gif", plain[:-1])
    two = saved(palette, "GIF", save_all=True, append_images=[palette.transpose(Image.Transpose.FLIP_LEFT_RIGHT)])
    write("cut_in_second_frame.gif", two[:-200])
    write("frame_beyond_canvas.gif", plain[:6] + struct.pack("<HH", 20, 30) + plain[10:])
    at = plain.index(b"\x2c\0\0\0\0")
    moved = plain[:at + 1] + struct.pack("<HH", 5, 3) + plain[at + 5:]
    write("offset_frame.gif", moved[:6] + struct.pack("<HH", 50, 40) + moved[10:])
    clear = saved(palette, "GIF", transparency=9)
    at = clear.index(b"\x2c\0\0\0\0")
    clear = clear[:at + 1] + struct.pack("<HH", 5, 3) + clear[at + 5:]
    write("offset_transparent.gif", clear[:6] + struct.pack("<HH", 50, 40) + clear[10:])


def bmp(header, body, palette=b""):
    start = 14 + len(header) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + header + palette + body


def rows(samples, bits):
    """Bottom-up rows, padded to four bytes; most significant bits first."""
    data = b""
    for row in samples[::-1]:
        text = "".join(format(int(v), f"0{bits}b") for v in row)
        raw = bytes(int(text[i:i + 8].ljust(8, "0"), 2) for i in range(0, len(text), 8))
        data += raw + b"\0" * (-len(raw) % 4)
    return data


def colours(image, count, size):
    table = np.array(image.getpalette()[:3 * count], np.uint8).reshape(-1, 3)
    return b"".join(bytes([b, g, r, 0][:size]) for r, g, b in table)


def info(bits, compression, height=26, used=0, size=40, rest=b""):
    return struct.pack("<IiiHHIIiiII", size, 37, height, 1, bits, compression, 0, 2835, 2835, used, 0) + rest


def bmps():
    for bits, count in [(1, 2), (4, 16), (8, 256)]:
        image = RGB.quantize(count)
        table = colours(image, count, 3).ljust(3 * count, b"\0")
        write(f"os2_{bits}.bmp", bmp(struct.pack("<IHHHH", 12, 37, 26, 1, bits), rows(np.asarray(image), bits), table))
    flat = np.ascontiguousarray(ARRAY[::-1, :, ::-1]).reshape(26, -1)
    padded = b"".join(row.tobytes() + b"\0" * (-len(row) % 4) for row in flat)
    write("os2_24.bmp", bmp(struct.pack("<IHHHH", 12, 37, 26, 1, 24), padded))
    image = RGB.quantize(16)
    write("os2_version2.bmp", bmp(info(4, 0, used=16, size=64, rest=bytes(24)), rows(np.asarray(image), 4),
                                  colours(image, 16, 4)))
    table = colours(image, 16, 4)
    write("rle4.bmp", bmp(info(4, 2, used=16), run_lengths(np.asarray(image)), table))
    # one pixel to the right and two rows up from the middle of the first, then to the end
    skips = b"\x12\x33\0\2\1\2\x12\x55" + b"\0\0" + (b"\x25\x77\0\0") * 23 + b"\0\1"
    write("rle8_skips.bmp", bmp(info(8, 1, used=256), skips, colours(RGB.quantize(256), 256, 4).ljust(1024, b"\0")))
    five = (ARRAY.astype(int) * 31 + 127) // 255
    packed = (five[:, :, 0] << 10 | five[:, :, 1] << 5 | five[:, :, 2])[::-1].astype("<u2")
    write("rgb555.bmp", bmp(info(16, 0), np.pad(packed, ((0, 0), (0, 1))).tobytes()))
    packed = (five[:, :, 0] << 11 | five[:, :, 1] << 6 | five[:, :, 2])[::-1].astype("<u2")
    masks = struct.pack("<III", 0xF800, 0x7E0, 0x1F)
    write("rgb565.bmp", bmp(info(16, 3) + masks, np.pad(packed, ((0, 0), (0, 1))).tobytes()))
    wide = (ARRAY[:, :, 0].astype(np.uint32) << 24 | ARRAY[:, :, 1].astype(np.uint32) << 16
            | ARRAY[:, :, 2].astype(np.uint32) << 8)
    masks = struct.pack("<IIII", 0xFF000000, 0xFF0000, 0xFF00, 0)
    write("bit_fields_top_down.bmp", bmp(info(32, 3, height=-26, size=56, rest=masks), wide.astype("<u4").tobytes()))


def run_lengths(samples):
    """BI_RLE4: literals of four, then runs."""
    data = b""
    for row in samples[::-1]:
        data += bytes([0, 4, row[0] << 4 | row[1], row[2] << 4 | row[3]])
        x = 4
        while x < len(row):
            run = 1
            while x + run < len(row) and row[x + run] == row[x] and run < 255:
                run += 1
            data += bytes([run, row[x] << 4 | row[x]])
            x += run
        data += b"\0\0"
    return data + b"\0\1"


def tiff(array, golden=None, name="", **options):
    out = io.BytesIO()
    tifffile.imwrite(out, array, metadata=None, software=False, **options)
    write(name, out.getvalue(), golden)


def tags(entries, data, order="<"):
    """A TIFF by hand: (tag, type, values) and what stands at byte 8."""
    formats = {1: "B", 3: "H", 4: "I"}
    body, late = b"", b""
    end = 8 + len(data) + 2 + 12 * len(entries) + 4
    for tag, kind, values in entries:
        raw = struct.pack(order + formats[kind] * len(values), *values)
        if len(raw) > 4:
            late, raw = late + raw, struct.pack(order + "I", end + len(late))
        body += struct.pack(order + "HHI", tag, kind, len(values)) + raw.ljust(4, b"\0")
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8 + len(data))
    return head + data + struct.pack(order + "H", len(entries)) + body + bytes(4) + late


def tiffs():
    deep = ARRAY.astype(np.uint16) * 256 + np.random.default_rng(3).integers(0, 256, ARRAY.shape).astype(np.uint16)
    cmyk = np.asarray(RGB.convert("CMYK"))
    level = {"level": 90}
    tiff(ARRAY, name="jpeg_tiles.tif", photometric="ycbcr", compression="jpeg", compressionargs=level, tile=(16, 16),
         subsampling=(2, 2))
    tiff(ARRAY, name="jpeg_strips.tif", photometric="rgb", compression="jpeg", compressionargs=level, rowsperstrip=8)
    write("jpeg_grey.tif", saved(RGB.convert("L"), "TIFF", compression="jpeg", quality=90))
    write("jpeg_cmyk.tif", saved(RGB.convert("CMYK"), "TIFF", compression="jpeg", quality=90))
    stream = saved(RGB, "JPEG", quality=90, subsampling=0)
    shared = [(256, 3, [37]), (257, 3, [26]), (258, 3, [8, 8, 8]), (259, 3, [6]), (262, 3, [6]), (273, 4, [8]),
              (277, 3, [3]), (278, 3, [26]), (279, 4, [len(stream)]), (512, 3, [1]), (513, 4, [8])]
    write("old_jpeg.tif", tags(shared + [(514, 4, [len(stream)]), (530, 3, [1, 1])], stream))
    write("old_jpeg_without_end.tif", tags(shared + [(530, 3, [1, 1])], stream[:-2]))
    tiff(ARRAY, name="big.tif", bigtiff=True)
    tiff(ARRAY, name="big_lzw.tif", bigtiff=True, compression="lzw", predictor=True, rowsperstrip=7)
    tiff(ARRAY, RGB, name="big_motorola.tif", bigtiff=True, byteorder=">", compression="deflate", tile=(16, 16))
    floats = GREY.astype(np.float32) * 1.3 - 20
    floats[0, :5] = [np.nan, np.inf, -np.inf, 254.99, 1e30]
    tiff(floats, name="float.tif")
    tiff(floats, name="float_predictor.tif", compression="deflate", predictor=True)
    tiff(GREY.astype(np.int16) * 3 - 200, name="signed16.tif", compression="lzw")
    tiff(GREY.astype(np.int32) * 300 - 20000, name="signed32.tif", compression="lzw", predictor=True)
    tiff(np.moveaxis(ARRAY, 2, 0), name="planes.tif", planarconfig="separate", photometric="rgb", compression="deflate",
         predictor=True, rowsperstrip=9)
    tiff(deep, name="rgb16_tiles.tif", photometric="rgb", compression="lzw", predictor=True, tile=(16, 32), byteorder=">")
    tiff(cmyk.astype(np.uint16) * 257, name="cmyk16.tif", photometric="separated")
    alpha = np.asarray(RGB.convert("L").transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    multiplied = np.dstack([ARRAY.astype(int) * alpha[:, :, None] // 255, alpha]).astype(np.uint8)
    tiff(multiplied, name="multiplied_alpha.tif", photometric="rgb", extrasamples=["assocalpha"])
    for bits in [2, 4]:
        samples = GREY >> (8 - bits)
        data = rows(samples[::-1], bits)
        wide = (37 * bits + 7) // 8
        padded = (wide + 3) // 4 * 4
        data = b"".join(data[i:i + wide] for i in range(0, len(data), padded))
        form = [(256, 3, [37]), (257, 3, [26]), (258, 3, [bits]), (259, 3, [1]), (262, 3, [0 if bits == 2 else 1]),
                (273, 4, [8]), (277, 3, [1]), (278, 3, [26]), (279, 4, [len(data)])]
        write(f"grey{bits}.tif", tags(form, data))
    # Pillow cuts off at 255, the product keeps the upper eight of twelve bits
    text = "".join(format(int(v) << 4 | 5, "012b") for row in GREY for v in [*row, 0])
    data = bytes(int(text[i:i + 8], 2) for i in range(0, len(text), 8))
    form = [(256, 3, [37]), (257, 3, [26]), (258, 3, [12]), (259, 3, [1]), (262, 3, [1]), (273, 4, [8]), (277, 3, [1]),
            (278, 3, [26]), (279, 4, [len(data)])]
    narrow = b"".join(data[i * 57:i * 57 + 56] for i in range(26))
    write("grey12.tif", tags(form, narrow), RGB.convert("L").convert("RGB"))
    for order, name in [("<", "intel"), (">", "motorola")]:
        form = [(256, 3, [37]), (257, 3, [26]), (258, 3, [8, 8, 8]), (259, 3, [1]), (262, 3, [2]), (273, 4, [8]),
                (274, 1, [6]), (277, 3, [3]), (278, 3, [26]), (279, 4, [ARRAY.size])]
        write(f"orientation_byte_{name}.tif", tags(form, ARRAY.tobytes(), order))
    fill = [(256, 3, [37]), (257, 3, [26]), (258, 3, [8]), (259, 3, [1]), (262, 3, [1]), (266, 3, [2]), (273, 4, [8]),
            (277, 3, [1]), (278, 3, [26]), (279, 4, [GREY.size])]
    write("low_bits_first.tif", tags(fill, np.packbits(np.unpackbits(GREY.ravel()), bitorder="little").tobytes()))


if __name__ == "__main__":
    os.chdir(HERE)
    jpegs()
    pngs()
    gifs()
    bmps()
    tiffs()
