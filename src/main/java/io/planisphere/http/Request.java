package io.planisphere.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/** One request; holds a request slot of the host until it is closed, and is cancelled at its deadline. */
final class Request implements Download.Body {
    private final SharedConnections connections;
    private final HostTraffic traffic;
    private final Set<HttpGet> running;
    private final HttpGet get;
    private final Future<?> deadline;
    private @Nullable ClassicHttpResponse response;
    private InputStream stream = InputStream.nullInputStream();
    private long read;
    private volatile boolean isLate;
    private boolean isClosed;

    /**
     * @param traffic traffic of the host, which the caller has entered
     * @param running set of running requests, to which this one is added
     * @param end deadline by {@link System#nanoTime}
     */
    Request(SharedConnections connections, HostTraffic traffic, Set<HttpGet> running, URI uri, long end) {
        this.connections = connections;
        this.traffic = traffic;
        this.running = running;
        this.get = new HttpGet(uri);
        running.add(get);
        deadline = connections.timer().schedule(this::end, end - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void end() {
        isLate = true;
        get.cancel();
    }

    /** Sends the request and returns once the headers have arrived. */
    ClassicHttpResponse send() throws IOException {
        ClassicHttpResponse came = connections.client().executeOpen(null, get, null);
        response = came;
        return came;
    }

    /** Returns the body of the response. */
    Download.Body body() throws IOException {
        HttpEntity entity = response == null ? null : response.getEntity();
        stream = entity == null || entity.getContent() == null ? InputStream.nullInputStream() : entity.getContent();
        return this;
    }

    boolean isLate() {
        return isLate;
    }

    @Override
    public long length() {
        HttpEntity entity = response == null ? null : response.getEntity();
        return entity == null ? 0 : entity.getContentLength();
    }

    @Override
    public InputStream stream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                try {
                    int some = stream.read(target, offset, length);
                    read += Math.max(some, 0);
                    return some;
                } catch (IOException e) {
                    throw isLate ? new IOException("It did not arrive in time", e) : e;
                }
            }
        };
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        deadline.cancel(false);
        running.remove(get);
        try {
            if (read == length()) {
                stream.read(); // reaches the end of the body, so that the connection can be reused
            }
            get.cancel(); // otherwise closing would read the rest of the body
            if (response != null) {
                response.close();
            }
        } catch (IOException e) {
            get.cancel(); // the caller no longer needs it
        } finally {
            traffic.leave();
        }
    }
}
