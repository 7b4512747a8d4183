package io.planisphere.http;

import java.net.UnknownHostException;

/** Thrown when a host has no address that may be connected to. */
final class ForbiddenAddressException extends UnknownHostException {
    private static final long serialVersionUID = 1;

    ForbiddenAddressException(String host, String address) {
        super(host + " has the address " + address + ", of this machine or a private network");
    }
}
