package io.planisphere.cost;

/**
 * The cost of one layer for one photo.
 *
 * @param name name of the layer in its network
 * @param kind kind for totals: {@link #kindOfConvolution}, {@link #FULLY_CONNECTED}, …
 * @param multiplyAdds multiply-adds, without biases, normalisation and activations, as counted in papers
 * @param weights number of elements of the kernel or matrix
 * @param offsets number of other elements: biases, normalisation, other constants per channel
 */
public record LayerCost(String name, String kind, long multiplyAdds, long weights, long offsets) {
    public static final String FULLY_CONNECTED = "fully connected";
    public static final String MATRIX_PRODUCT = "matrix product";
    public static final String OTHER = "constants of other operators";

    /**
     * Returns the kind of a two-dimensional convolution.
     *
     * @param onOnePixel whether its input is one pixel, so that a 1 x 1 kernel makes it a fully connected layer
     */
    public static String kindOfConvolution(long height, long width, long inputs, long groups, boolean onOnePixel) {
        if (height == 1 && width == 1 && groups == 1 && onOnePixel) {
            return FULLY_CONNECTED;
        }
        String size = height + " x " + width;
        if (groups == 1) {
            return "convolution " + size;
        }
        return (groups == inputs ? "depthwise " : "grouped ") + size;
    }
}
