package io.planisphere.source;

import java.io.Serializable;

/** A reference to a photo; {@code uri} is a literal Hadoop path without escapes. */
public record Reference(String id, String uri) implements Serializable {}
