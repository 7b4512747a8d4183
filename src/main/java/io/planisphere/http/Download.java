package io.planisphere.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** What came of a request. */
public sealed interface Download {
    /**
     * The server has begun to send. {@link #close} must be called; one that is closed before its end costs the connection.
     */
    interface Body extends Closeable {
        /** Bytes that the server announces; -1 if it does not. */
        long length();

        /**
         * The bytes. Reading fails with an {@link IOException} if they stop coming, end too early or take longer than a request may.
         */
        InputStream stream();

        /** Ends the request, for all times. */
        @Override
        void close();
    }

    /**
     * The server sends.
     *
     * @param body to be read and closed
     */
    record Open(Body body) implements Download {}

    /** There is no such thing. */
    record Missing(String detail) implements Download {}

    /** The server, or a rule of ours, forbids it. */
    record Forbidden(String detail) implements Download {}

    /**
     * The server is busy.
     *
     * @param pause that it asks for; zero if it asks for none
     */
    record Busy(String detail, Duration pause) implements Download {}

    /**
     * The server did not answer, or not with what it was asked for.
     *
     * @param isFinal whether another request would end the same way
     */
    record Failed(String detail, boolean isFinal) implements Download {}
}
