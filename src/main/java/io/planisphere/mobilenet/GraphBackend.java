package io.planisphere.mobilenet;

/**
 * A target that an {@link Architecture} can be written to: a cost table, a graph.
 *
 * @param <V> a value between layers
 */
interface GraphBackend<V> {
    /** Adds the input: three channels of {@code resolution} pixels on each side. */
    V photo(int resolution);

    V normalised(Layer.Normalised layer, V input);

    V squeezeExcite(Layer.SqueezeExcite layer, V input);

    V sum(String name, V left, V right);

    /** Adds the mean over all pixels of each channel, as a vector. */
    V mean(String name, int channels, V input);

    /** Adds a fully connected layer with bias, and its nonlinearity. */
    V linear(Linear layer, V input);

    /** A fully connected layer over a vector. */
    record Linear(String name, int inputs, int outputs, Nonlinearity nonlinearity) {}
}
