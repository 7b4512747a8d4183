"""Makes the test images of this folder and their golden values with Pillow 9.4 (Debian 12, python3-pil), independent of
the code under test.

    python3 golden.py                      writes forms/ and resize/ here
    python3 golden.py PHOTOS OUT           writes Pillow's 224-pixel crop of every photo under PHOTOS to OUT, for
                                           RealPhotosTest

forms/NAME.EXT is an image in one kind and colour form; forms/NAME.EXT.png is how it looks upright in RGB.
region/FILTER_LEFT_TOP_SIDE.png is a square of source.png after Image.crop and Image.resize, to 24 pixels or as said;
WIDTHxHEIGHT stands for SIDE where it is no square
(made with Pillow 13.0).
aligned/N.png is source.png moved so that five landmarks come nearest to the ArcFace template: Umeyama's method by NumPy's
SVD, and Image.transform with BILINEAR; aligned/faces.csv has the landmarks and the matrix.
resize/FILTER_RULE.png is source.png after Image.resize and the centre crop of Hugging Face's image processors.
"""

import io
import os
import struct
import sys
import zlib

import numpy as np
from PIL import Image, ImageDraw, ImageOps

HERE = os.path.dirname(os.path.abspath(__file__))


def picture(width, height, seed=7):
    """Gradients, noise, text and edges, different in every corner so that a wrong orientation shows."""
    y, x = np.mgrid[0:height, 0:width]
    noise = np.random.default_rng(seed).integers(-12, 13, (height, width, 3))
    ramp = np.stack([x * 255 / (width - 1), y * 255 / (height - 1), (x + y) * 255 / (width + height - 2)], axis=2)
    image = Image.fromarray(np.clip(ramp + noise, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    draw.rectangle([2, 2, width // 4, height // 3], fill=(250, 20, 30))
    draw.ellipse([width // 2, height // 2, width - 4, height - 4], outline=(5, 240, 10))
    draw.text((width // 3, 1), "P7", fill=(0, 0, 255))
    return image


def write(name, data, golden=None):
    os.makedirs(f"{HERE}/forms", exist_ok=True)
    with open(f"{HERE}/forms/{name}", "wb") as out:
        out.write(data)
    if golden is None:
        golden = Image.open(io.BytesIO(data))
        golden.seek(0)
        # a TIFF is turned upright by load() already
        golden = (golden if golden.format == "TIFF" else ImageOps.exif_transpose(golden)).convert("RGB")
    golden.save(f"{HERE}/forms/{name}.png", optimize=True)


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(samples, bits, colour, interlaced=False):
    """A PNG of an array (height, width, channels), for forms that Pillow does not write."""
    height, width = samples.shape[:2]
    dtype = ">u2" if bits == 16 else "u1"
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    raw = b""
    for x, y, dx, dy in passes if interlaced else [(0, 0, 1, 1)]:
        part = samples[y::dy, x::dx]
        if part.size:
            raw += b"".join(b"\0" + row.astype(dtype).tobytes() for row in part)
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, int(interlaced))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")


def sixteen_bits(image):
    return np.asarray(image).astype(np.uint16) * 256 + np.random.default_rng(3).integers(0, 256, np.asarray(image).shape)


def jpegs(rgb):
    grey = rgb.convert("L")
    cmyk = rgb.convert("CMYK")
    write("rgb_420.jpg", saved(rgb, "JPEG", quality=90))
    write("rgb_444.jpg", saved(rgb, "JPEG", quality=90, subsampling=0))
    write("progressive.jpg", saved(rgb, "JPEG", quality=85, progressive=True))
    write("grey.jpg", saved(grey, "JPEG", quality=90))
    adobe = saved(cmyk, "JPEG", quality=92)
    write("cmyk.jpg", adobe)
    at = adobe.index(b"Adobe")
    # the same samples, told to be YCCK
    write("ycck.jpg", adobe[:at + 11] + b"\x02" + adobe[at + 12:])
    write("cmyk_no_adobe.jpg", adobe[:at - 4] + adobe[at + 12:])
    plain = saved(rgb, "JPEG", quality=90, subsampling=0)
    end = plain.index(b"\xff\xdb")
    write("no_jfif.jpg", plain[:2] + plain[end:])
    transform0 = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"
    write("adobe_rgb.jpg", plain[:2] + transform0 + plain[end:])
    write("trailing.jpg", plain + b"\0" * 40 + b"garbage after the end")
    thumbnail = saved(rgb.resize((8, 6)), "JPEG")
    exif = (b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 0) + struct.pack("<I", 14)
            + struct.pack("<HHHIIHHIII", 2, 0x201, 4, 1, 44, 0x202, 4, 1, len(thumbnail), 0) + thumbnail)
    write("thumbnail.jpg", plain[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + plain[2:])
    # multi-picture format: a second picture stands behind the end of the first
    write("mpf.jpg", plain + saved(rgb.transpose(Image.Transpose.FLIP_LEFT_RIGHT), "JPEG"))


def pngs(rgb):
    grey = rgb.convert("L")
    alpha = grey.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    write("rgb.png", saved(rgb, "PNG"))
    rgba = rgb.copy()
    rgba.putalpha(alpha)
    write("rgba.png", saved(rgba, "PNG"))
    write("grey.png", saved(grey, "PNG"))
    write("grey_alpha.png", saved(Image.merge("LA", [grey, alpha]), "PNG"))
    palette = rgb.quantize(64)
    write("palette.png", saved(palette, "PNG"))
    write("palette_alpha.png", saved(palette, "PNG", transparency=bytes(range(0, 256, 4))))
    write("bits1.png", saved(rgb.convert("1"), "PNG"))
    write("palette4.png", saved(rgb.quantize(16), "PNG", bits=4))
    write("interlaced.png", png(np.asarray(rgb), 8, 2, interlaced=True))
    # Pillow clips 16-bit grey; the golden value keeps the upper byte, as it does for 16-bit RGB
    deep = sixteen_bits(rgb)
    write("rgb16.png", png(deep, 16, 2), rgb)
    write("rgba16.png", png(np.dstack([deep, sixteen_bits(alpha)]), 16, 6), rgb)
    write("grey16.png", png(sixteen_bits(grey)[:, :, None], 16, 0), grey.convert("RGB"))
    write("grey_alpha16.png", png(np.dstack([sixteen_bits(grey), sixteen_bits(alpha)]), 16, 4), grey.convert("RGB"))


def others(rgb):
    grey = rgb.convert("L")
    rgba = rgb.copy()
    rgba.putalpha(grey.point(lambda v: 255 if v > 90 else 0))
    mirrored = rgb.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    write("lossy.webp", saved(rgb, "WEBP", quality=90))
    write("lossless.webp", saved(rgb, "WEBP", lossless=True))
    write("lossless_alpha.webp", saved(rgba, "WEBP", lossless=True, exact=True))
    write("lossy_alpha.webp", saved(rgba, "WEBP", quality=90, exact=True))
    write("animated.webp", saved(rgb, "WEBP", lossless=True, save_all=True, append_images=[mirrored], duration=50))
    palette = rgb.quantize(64)
    write("palette.gif", saved(palette, "GIF"))
    write("interlaced.gif", saved(palette, "GIF", interlace=1))
    write("grey.gif", saved(grey, "GIF"))
    write("transparent.gif", saved(palette, "GIF", transparency=5))
    write("animated.gif", saved(palette, "GIF", save_all=True, append_images=[mirrored.quantize(32)], duration=50))
    write("rgb.tif", saved(rgb, "TIFF"))
    for compression in ["tiff_lzw", "tiff_adobe_deflate", "packbits"]:
        write(f"{compression}.tif", saved(rgb, "TIFF", compression=compression))
    write("grey.tif", saved(grey, "TIFF"))
    write("rgba.tif", saved(rgba, "TIFF"))
    write("palette.tif", saved(palette, "TIFF"))
    write("bits1.tif", saved(rgb.convert("1"), "TIFF"))
    write("fax4.tif", saved(rgb.convert("1"), "TIFF", compression="group4"))
    write("cmyk.tif", saved(rgb.convert("CMYK"), "TIFF"))
    write("grey16.tif", saved(Image.fromarray(sixteen_bits(grey).astype(np.uint16)), "TIFF"), grey.convert("RGB"))
    write("jpeg.tif", saved(rgb, "TIFF", compression="jpeg", quality=90))
    write("rgb.bmp", saved(rgb, "BMP"))
    write("rgba.bmp", saved(rgba, "BMP"))
    write("palette.bmp", saved(palette, "BMP"))
    write("bits1.bmp", saved(rgb.convert("1"), "BMP"))
    write("rle8.bmp", rle8(rgb.quantize(6)))


def rle8(palette):
    width, height = palette.size
    rows = np.asarray(palette)[::-1]
    data = b""
    for row in rows:
        x = 0
        while x < width:
            run = 1
            while x + run < width and row[x + run] == row[x] and run < 255:
                run += 1
            data += bytes([run, row[x]])
            x += run
        data += b"\0\0"
    data += b"\0\1"
    colours = np.array(palette.getpalette()[:18], np.uint8).reshape(-1, 3)
    table = b"".join(bytes([b, g, r, 0]) for r, g, b in colours)
    start = 54 + len(table)
    return (b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start)
            + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(data), 2835, 2835, len(colours), 0)
            + table + data)


def orientations(rgb):
    for value in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = value
        write(f"orientation{value}.jpg", saved(rgb, "JPEG", quality=90, subsampling=0, exif=exif))
        write(f"orientation{value}.png", saved(rgb, "PNG", exif=exif))
        write(f"orientation{value}.webp", saved(rgb, "WEBP", lossless=True, exif=exif))
        write(f"orientation{value}.tif", saved(rgb, "TIFF", compression="tiff_lzw", tiffinfo={0x0112: value}))


def cropped(image, width, height):
    """center_crop of transformers.image_transforms."""
    top, left = (image.height - height) // 2, (image.width - width) // 2
    pixels = np.asarray(image)
    if top < 0 or left < 0:
        padded = np.zeros((max(height, image.height), max(width, image.width), 3), np.uint8)
        above, before = -(-(padded.shape[0] - image.height) // 2), -(-(padded.shape[1] - image.width) // 2)
        padded[above:above + image.height, before:before + image.width] = pixels
        pixels, top, left = padded, top + above, left + before
    return Image.fromarray(pixels[max(0, top):top + height, max(0, left):left + width])


def shortest_side(image, side, resampling):
    width, height = image.size
    size = (side, int(side * height / width)) if width <= height else (int(side * width / height), side)
    return image.resize(size, resampling)


def resizes():
    os.makedirs(f"{HERE}/resize", exist_ok=True)
    source = picture(97, 61)
    source.save(f"{HERE}/resize/source.png", optimize=True)
    for resampling in Image.Resampling:
        def save(rule, image):
            image.save(f"{HERE}/resize/{resampling.name}_{rule}.png", optimize=True)

        save("shortest24_crop20x20", cropped(shortest_side(source, 24, resampling), 20, 20))
        save("exact17x31_crop17x31", source.resize((17, 31), resampling))
        save("shortest90_crop40x33", cropped(shortest_side(source, 90, resampling), 40, 33))
        save("shortest16_crop21x29", cropped(shortest_side(source, 16, resampling), 21, 29))
    cropped(source, 40, 71).save(f"{HERE}/resize/none_crop40x71.png", optimize=True)


REGIONS = [(10, 5, 40), (-20, -7, 90), (60, 30, 61), (0, 0, 61), (-3, 10, 224), (90, 55, 5), (-30, 20, 31), (40, 20, 1)]


def regions():
    """Squares of source.png (left, top, side), several reaching beyond it, as a network for faces takes them."""
    os.makedirs(f"{HERE}/region", exist_ok=True)
    source = Image.open(f"{HERE}/resize/source.png").convert("RGB")
    for left, top, side in REGIONS:
        crop = source.crop((left, top, left + side, top + side))
        for resampling in [Image.Resampling.BILINEAR, Image.Resampling.LANCZOS]:
            name = f"{resampling.name}_{left}_{top}_{side}.png"
            crop.resize((24, 24), resampling).save(f"{HERE}/region/{name}", optimize=True)
    for left, top, width, height in [(12, 3, 61, 30), (-7, 20, 33, 70)]:
        # width first, said aloud: Pillow 13 begins with the direction that shrinks more
        source.crop((left, top, left + width, top + height)).resize((24, height), Image.Resampling.BILINEAR).resize(
            (24, 24), Image.Resampling.BILINEAR).save(
                f"{HERE}/region/BILINEAR_{left}_{top}_{width}x{height}.png", optimize=True)
    left, top, side = REGIONS[1]
    source.crop((left, top, left + side, top + side)).resize((224, 224), Image.Resampling.BILINEAR).save(
        f"{HERE}/region/BILINEAR_{left}_{top}_{side}_224.png", optimize=True)


TEMPLATE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]])


def umeyama(src, dst):
    """Rotation, uniform scale and shift from src to dst (Umeyama 1991, equations 40 to 43), as a 2 x 3 matrix."""
    a, b = src - src.mean(0), dst - dst.mean(0)
    u, d, vt = np.linalg.svd(b.T @ a / len(src))
    sign = np.array([1, np.sign(np.linalg.det(u) * np.linalg.det(vt))])
    rotation = u @ np.diag(sign) @ vt
    scale = (d * sign).sum() / a.var(0).sum()
    return np.column_stack([scale * rotation, dst.mean(0) - scale * rotation @ src.mean(0)])


def aligned():
    """Faces as landmarks in source.png: upright, turned, large, small, half outside, and with noise."""
    os.makedirs(f"{HERE}/aligned", exist_ok=True)
    source = Image.open(f"{HERE}/resize/source.png").convert("RGB")
    middle, random = TEMPLATE.mean(0), np.random.default_rng(5)
    lines = ["side," + ",".join(f"x{i},y{i}" for i in range(5)) + ",a,b,right,down"]
    for n, (side, x, y, scale, degrees, noise) in enumerate([
            (112, 48, 30, 0.5, 0, 0), (112, 48, 30, 0.5, 30, 0), (56, 45, 33, 0.45, -100, 1), (24, 50, 30, 0.5, 12, 2),
            (112, 5, 50, 0.6, 45, 1)]):
        turn = np.radians(degrees)
        matrix = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        points = (TEMPLATE - middle) @ matrix.T + [x, y] + random.normal(0, noise, (5, 2)) if noise else (
            (TEMPLATE - middle) @ matrix.T + [x, y])
        points = points.round(3)
        m = umeyama(points, TEMPLATE * side / 112)
        lines.append(",".join([str(side)] + [repr(float(v)) for v in points.ravel()]
                              + [repr(float(v)) for v in (m[0, 0], m[1, 0], m[0, 2], m[1, 2])]))
        inverse = np.linalg.inv(np.vstack([m, [0, 0, 1]]))[:2]
        # Pillow's coordinates are at a pixel's corner, the matrix's at its centre
        inverse[:, 2] += 0.5 - inverse[:, :2] @ [0.5, 0.5]
        source.transform((side, side), Image.Transform.AFFINE, inverse.ravel(), Image.Resampling.BILINEAR).save(
            f"{HERE}/aligned/{n}.png", optimize=True)
    with open(f"{HERE}/aligned/faces.csv", "w") as file:
        file.write("\n".join(lines) + "\n")


def real(photos, out):
    os.makedirs(out, exist_ok=True)
    for folder, _, files in sorted(os.walk(photos)):
        for file in sorted(files):
            try:
                image = Image.open(f"{folder}/{file}")
                image = (image if image.format == "TIFF" else ImageOps.exif_transpose(image)).convert("RGB")
            except OSError:
                continue
            name = os.path.relpath(f"{folder}/{file}", photos).replace(os.sep, "_")
            cropped(shortest_side(image, 256, Image.Resampling.BILINEAR), 224, 224).save(f"{out}/{name}.png")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        real(sys.argv[1], sys.argv[2])
    else:
        form = picture(37, 26)
        jpegs(form)
        pngs(form)
        others(form)
        orientations(picture(29, 18))
        resizes()
        regions()
        aligned()
