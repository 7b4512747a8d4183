package io.planisphere.eval;

/**
 * The errors of photos by user, in a layout in which the figures of a resample take one step per user rather than per photo: sums
 * and counts by user, and the errors in ascending order for the median. Takes 12 bytes per photo and 50 per user.
 */
final class PhotoErrors {
    private final double[] ascending;
    private final int[] userAt; // user of the error at this position
    private final int[] photos; // by user, as all below
    private final int[][] within; // by radius first
    private final double[] sum; // sum of the finite errors
    private final int[] withoutPrediction;
    private final int medianFrom;
    private final int[] beforeMedianFrom;

    /**
     * @param errorsKm errors; infinite for a photo without a prediction
     * @param users user of each photo
     */
    PhotoErrors(double[] errorsKm, int[] users) {
        if (errorsKm.length == 0) {
            throw new IllegalArgumentException("There must be at least one photo to score");
        }
        int[] user = Users.numbered(users);
        int[] order = Ascending.order(errorsKm);
        ascending = new double[order.length];
        userAt = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            ascending[i] = errorsKm[order[i]];
            userAt[i] = user[order[i]];
        }
        int count = Users.count(user);
        photos = new int[count];
        within = new int[GeoScore.RADII_KM.size()][count];
        sum = new double[count];
        withoutPrediction = new int[count];
        for (int i = 0; i < order.length; i++) {
            photos[userAt[i]]++;
            if (Double.isInfinite(ascending[i])) {
                withoutPrediction[userAt[i]]++;
            } else {
                sum[userAt[i]] += ascending[i];
            }
            for (int radius = 0; radius < within.length; radius++) {
                within[radius][userAt[i]] += ascending[i] <= GeoScore.RADII_KM.get(radius) ? 1 : 0;
            }
        }
        medianFrom = medianFrom();
        beforeMedianFrom = before(medianFrom);
    }

    int photos() {
        return ascending.length;
    }

    int users() {
        return photos.length;
    }

    /** Returns the median, the mean, and the share within each radius; given the number of draws by user. */
    double[] figures(int[] draws) {
        long total = 0;
        long drawnWithoutPrediction = 0;
        double drawnSum = 0;
        long[] hits = new long[within.length];
        for (int user = 0; user < draws.length; user++) {
            int drawn = draws[user];
            if (drawn > 0) {
                total += (long) drawn * photos[user];
                drawnWithoutPrediction += (long) drawn * withoutPrediction[user];
                drawnSum += drawn * sum[user];
                for (int radius = 0; radius < hits.length; radius++) {
                    hits[radius] += (long) drawn * within[radius][user];
                }
            }
        }
        double[] figures = new double[2 + hits.length];
        figures[0] = median(draws, total);
        figures[1] = drawnWithoutPrediction > 0 ? Double.POSITIVE_INFINITY : drawnSum / total;
        for (int radius = 0; radius < hits.length; radius++) {
            figures[2 + radius] = (double) hits[radius] / total;
        }
        return figures;
    }

    /** Returns the median error, which is the mean of the middle two for an even number. */
    private double median(int[] draws, long total) {
        int from = medianFrom;
        long seen = 0;
        for (int user = 0; user < draws.length; user++) {
            seen += (long) draws[user] * beforeMedianFrom[user];
        }
        if (seen > (total - 1) / 2) { // this median is at a lower position than expected
            from = 0;
            seen = 0;
        }
        double lower = Double.NaN;
        for (int i = from; ; i++) {
            seen += draws[userAt[i]];
            if (Double.isNaN(lower) && seen > (total - 1) / 2) {
                lower = ascending[i];
            }
            if (seen > total / 2) {
                return (lower + ascending[i]) / 2;
            }
        }
    }

    /**
     * Returns a position before which the median of almost no resample is. The number of a resample's errors below the median,
     * minus half of all its errors, is a sum over drawn users; the margin is six of its standard deviations.
     */
    private int medianFrom() {
        int middle = ascending.length / 2;
        int[] below = before(middle);
        double variance = 0;
        for (int user = 0; user < below.length; user++) {
            variance += Math.pow(below[user] - photos[user] / 2.0, 2);
        }
        return (int) Math.max(0, middle - 6 * Math.sqrt(variance));
    }

    private int[] before(int position) {
        int[] counts = new int[photos.length];
        for (int i = 0; i < position; i++) {
            counts[userAt[i]]++;
        }
        return counts;
    }
}
