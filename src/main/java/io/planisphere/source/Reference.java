package io.planisphere.source;

import java.io.Serializable;

/** A photo that stands elsewhere: {@code uri} is a Hadoop path, taken literally (nothing in it is unescaped). */
public record Reference(String id, String uri) implements Serializable {}
