package io.planisphere.earth;

import java.util.random.RandomGenerator;

/**
 * Turns a window of {@link Terrain} into a picture as another map maker might have drawn it: other contrast of detail, other
 * brightness and hues on land, another sea, hills lit from some side, and the noise of a compressed photo. One window in eight
 * stays as it is. Scratch space is reused: one object per thread.
 */
final class Repainting {
    private static final int BLOCK = 8;

    private final int size;
    private final int pixels;
    private final float[] land;
    private final float[] weighted;
    private final float[] scratch;
    private final float[] blurredLand;

    Repainting(int size) {
        this.size = size;
        this.pixels = size * size;
        this.land = new float[pixels];
        this.weighted = new float[pixels];
        this.scratch = new float[pixels];
        this.blurredLand = new float[pixels];
    }

    /** Changes the first three planes, red, green and blue, in place; values may leave 0 to 255. */
    void repaint(float[] planes, RandomGenerator random) {
        if (random.nextInt(8) == 0) {
            return;
        }
        for (int p = 0; p < pixels; p++) {
            land[p] = 1 - planes[Terrain.WATER * pixels + p] / 255;
        }
        if (random.nextInt(3) > 0) {
            changeDetail(planes, random.nextInt(1, 5), random.nextFloat(0, 1.7f));
        }
        changeTones(planes, random);
        mixChannels(planes, random);
        if (random.nextInt(3) > 0) {
            lightHills(planes, random);
        }
        if (random.nextInt(3) > 0) {
            paintWater(planes, random);
        }
        addNoise(planes, random);
    }

    /** Scales the difference between each land pixel and the land around it; 0 leaves smooth colours, over 1 sharpens. */
    private void changeDetail(float[] planes, int radius, float strength) {
        System.arraycopy(land, 0, blurredLand, 0, pixels);
        blur(blurredLand, radius);
        for (int c = 0; c < 3; c++) {
            int plane = c * pixels;
            for (int p = 0; p < pixels; p++) {
                weighted[p] = planes[plane + p] * land[p];
            }
            blur(weighted, radius);
            for (int p = 0; p < pixels; p++) {
                float around = weighted[p] / Math.max(blurredLand[p], 1e-3f);
                planes[plane + p] += (around - planes[plane + p]) * (1 - strength) * land[p];
            }
        }
    }

    private void changeTones(float[] planes, RandomGenerator random) {
        double common = Math.exp(random.nextDouble(Math.log(0.3), Math.log(1.25)));
        double contrast = random.nextDouble(0.7, 1.5);
        double brightness = random.nextDouble(-20, 40);
        float[] tones = new float[256];
        for (int c = 0; c < 3; c++) {
            double gamma = common * Math.exp(random.nextGaussian() * 0.12);
            double gain = 1 + random.nextGaussian() * 0.1;
            for (int i = 0; i < tones.length; i++) {
                double tone = Math.pow(i / 255.0, gamma) * 255;
                tones[i] = (float) (((tone - 80) * contrast + 80 + brightness) * gain);
            }
            for (int p = c * pixels; p < (c + 1) * pixels; p++) {
                planes[p] = tones[Math.max(0, Math.min(255, (int) planes[p]))];
            }
        }
    }

    /** Saturation between grey and twice the colour, and a little of each channel in the others. */
    private void mixChannels(float[] planes, RandomGenerator random) {
        float saturation = random.nextInt(10) == 0 ? 0 : random.nextFloat(0.4f, 2);
        float[] luma = {0.299f, 0.587f, 0.114f};
        float[] mix = new float[9];
        for (int to = 0; to < 3; to++) {
            for (int from = 0; from < 3; from++) {
                mix[to * 3 + from] = (to == from ? saturation : 0)
                        + (1 - saturation) * luma[from]
                        + (float) random.nextGaussian() * 0.1f;
            }
        }
        for (int p = 0; p < pixels; p++) {
            float red = planes[p];
            float green = planes[pixels + p];
            float blue = planes[2 * pixels + p];
            planes[p] = mix[0] * red + mix[1] * green + mix[2] * blue;
            planes[pixels + p] = mix[3] * red + mix[4] * green + mix[5] * blue;
            planes[2 * pixels + p] = mix[6] * red + mix[7] * green + mix[8] * blue;
        }
    }

    /** Shades slopes; the light mostly comes from the north-west, as map makers have it. */
    private void lightHills(float[] planes, RandomGenerator random) {
        double towardsLight = Math.toRadians(135 + random.nextGaussian() * 50);
        // a product of two, so mostly faint
        float strength = random.nextFloat() * random.nextFloat();
        float east = (float) Math.cos(towardsLight) * strength;
        float north = (float) Math.sin(towardsLight) * strength;
        for (int p = 0; p < pixels; p++) {
            // ground that falls towards the light is lit
            float shade = -(east * (planes[Terrain.EAST_SLOPE * pixels + p] - 128)
                            + north * (planes[Terrain.NORTH_SLOPE * pixels + p] - 128))
                    * land[p];
            planes[p] += shade;
            planes[pixels + p] += shade;
            planes[2 * pixels + p] += shade;
        }
    }

    /** Mostly some blue, now and then any colour; keeps between none and half of the sea floor that the map shows. */
    private void paintWater(float[] planes, RandomGenerator random) {
        float[] colour = random.nextInt(6) == 0
                ? new float[] {random.nextFloat(0, 255), random.nextFloat(0, 255), random.nextFloat(0, 255)}
                : new float[] {random.nextFloat(0, 110), random.nextFloat(30, 170), random.nextFloat(90, 240)};
        float cover = random.nextInt(3) == 0 ? random.nextFloat(0.5f, 1) : 1;
        for (int c = 0; c < 3; c++) {
            for (int p = 0; p < pixels; p++) {
                int at = c * pixels + p;
                planes[at] += (colour[c] - planes[at]) * cover * (1 - land[p]);
            }
        }
    }

    /** Grain of up to 6 levels and, in one window of three, blocks of 8 x 8 that are off by a few levels, as JPEG's are. */
    private void addNoise(float[] planes, RandomGenerator random) {
        float grain = random.nextFloat(0, 6);
        float step = random.nextInt(3) == 0 ? random.nextFloat(0, 8) : 0;
        int blocks = (size + BLOCK - 1) / BLOCK;
        long bits = random.nextLong() | 1;
        for (int c = 0; c < 3; c++) {
            float[] offsets = new float[blocks * blocks];
            for (int b = 0; b < offsets.length; b++) {
                offsets[b] = step * (random.nextFloat() - 0.5f);
            }
            for (int p = 0; p < pixels; p++) {
                // xorshift: a full generator per pixel would cost more than the rest of the window
                bits ^= bits << 13;
                bits ^= bits >>> 7;
                bits ^= bits << 17;
                float white = (bits >>> 40) / (float) (1 << 23) - 1;
                planes[c * pixels + p] += grain * white + offsets[(p / size / BLOCK) * blocks + (p % size) / BLOCK];
            }
        }
    }

    /** Mean over a square of 2 · radius + 1 pixels, edges repeated, twice: nearly a Gaussian. */
    private void blur(float[] plane, int radius) {
        for (int pass = 0; pass < 2; pass++) {
            blurAlong(plane, scratch, 1, size, radius);
            blurAlong(scratch, plane, size, 1, radius);
        }
    }

    private void blurAlong(float[] from, float[] to, int step, int nextLine, int radius) {
        float share = 1f / (2 * radius + 1);
        for (int line = 0; line < size; line++) {
            int start = line * nextLine;
            int last = start + (size - 1) * step;
            float sum = from[start] * (radius + 1);
            for (int i = 1; i <= radius; i++) {
                sum += from[start + i * step];
            }
            for (int i = 0; i < size; i++) {
                to[start + i * step] = sum * share;
                sum += from[Math.min(last, start + (i + radius + 1) * step)]
                        - from[Math.max(start, start + (i - radius) * step)];
            }
        }
    }
}
