/**
 * Downloads over HTTP and HTTPS from servers that nobody vouches for: every wait has a deadline, every address is checked
 * before it is connected to, and no host is asked for more than it can give. Knows nothing of photos.
 */
@NullMarked
package io.planisphere.http;

import org.jspecify.annotations.NullMarked;
