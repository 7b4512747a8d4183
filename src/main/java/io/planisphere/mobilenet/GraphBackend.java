package io.planisphere.mobilenet;

/**
 * What an {@link Architecture} can be written in: a cost table, a graph.
 *
 * @param <V> stands for a value between layers
 */
interface GraphBackend<V> {
    /** The input: three channels of {@code resolution} pixels on each side. */
    V photo(int resolution);

    V normalised(Layer.Normalised layer, V input);

    V squeezeExcite(Layer.SqueezeExcite layer, V input);

    V sum(String name, V left, V right);

    /** The mean over all pixels of each channel, as a vector. */
    V mean(String name, int channels, V input);

    /** A fully connected layer with bias, and what follows. */
    V linear(Linear layer, V input);

    /** A fully connected layer over a vector. */
    record Linear(String name, int inputs, int outputs, Nonlinearity nonlinearity) {}
}
