package io.planisphere.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** The result of a request. */
public sealed interface Download {
    /**
     * The body of a response that the server has begun to send. {@link #close} must be called; closing it before the end of the
     * body drops the connection.
     */
    interface Body extends Closeable {
        /** Returns the content length that the server announces; -1 if it does not. */
        long length();

        /**
         * Returns the bytes. Reading fails with an {@link IOException} if the body stalls, ends too early or exceeds the deadline
         * of the request.
         */
        InputStream stream();

        /** Ends the request permanently. */
        @Override
        void close();
    }

    /**
     * The server sends a body.
     *
     * @param body body to read and close
     */
    record Open(Body body) implements Download {}

    /** The resource does not exist. */
    record Missing(String detail) implements Download {}

    /** The server or an address rule forbids the request. */
    record Forbidden(String detail) implements Download {}

    /**
     * The server is busy.
     *
     * @param pause pause that it requests; zero if none
     */
    record Busy(String detail, Duration pause) implements Download {}

    /**
     * The server did not respond, or not with the requested resource.
     *
     * @param isFinal whether a retry would fail in the same way
     */
    record Failed(String detail, boolean isFinal) implements Download {}
}
