/**
 * Downloads over HTTP and HTTPS from untrusted servers: every wait has a deadline, every address is checked before it is
 * connected to, and requests per host are limited. This package does not depend on photos.
 */
@NullMarked
package io.planisphere.http;

import org.jspecify.annotations.NullMarked;
