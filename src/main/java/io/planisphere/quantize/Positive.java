package io.planisphere.quantize;

/** A symmetric positive definite matrix H, with the strictly upper triangular U of {@code H = (U + 1) D (U + 1)ᵀ}. */
final class Positive {
    private final double[][] matrix;
    private final double[][] upper;

    private Positive(double[][] matrix, double[][] upper) {
        this.matrix = matrix;
        this.upper = upper;
    }

    /**
     * Returns a covariance matrix, made positive definite by damping.
     *
     * @param covariance covariance matrix, which is modified
     * @param share share of the mean variance that is added to each variance
     */
    static Positive damped(double[][] covariance, double share) {
        int size = covariance.length;
        double mean = 0;
        for (int i = 0; i < size; i++) {
            mean += covariance[i][i] / size;
        }
        for (int i = 0; i < size; i++) {
            covariance[i][i] += share * mean + 1e-12;
        }
        double[] d = new double[size];
        double[][] u = new double[size][size];
        for (int j = size - 1; j >= 0; j--) {
            double[] scaled = new double[size];
            double left = covariance[j][j];
            for (int k = j + 1; k < size; k++) {
                scaled[k] = d[k] * u[j][k];
                left -= scaled[k] * u[j][k];
            }
            d[j] = Math.max(left, 1e-12);
            for (int i = 0; i < j; i++) {
                double sum = covariance[i][j];
                double[] row = u[i];
                for (int k = j + 1; k < size; k++) {
                    sum -= scaled[k] * row[k];
                }
                row[j] = sum / d[j];
            }
        }
        return new Positive(covariance, u);
    }

    double[] row(int index) {
        return matrix[index];
    }

    /** Returns the part of each column k of U above the diagonal. */
    double[][] columns() {
        double[][] columns = new double[upper.length][];
        for (int k = 0; k < columns.length; k++) {
            columns[k] = new double[k];
            for (int j = 0; j < k; j++) {
                columns[k][j] = upper[j][k];
            }
        }
        return columns;
    }

    /** Returns {@code v H vᵀ}. */
    double square(double[] vector) {
        double sum = 0;
        for (int i = 0; i < vector.length; i++) {
            double[] row = matrix[i];
            double product = 0;
            for (int j = 0; j < row.length; j++) {
                product += row[j] * vector[j];
            }
            sum += vector[i] * product;
        }
        return sum;
    }
}
