package io.planisphere.spark.evaluate;

import java.util.List;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Columns to join by, as Spark's Scala interface wants them. */
final class Keys {
    private Keys() {}

    static Seq<String> named(String name) {
        return CollectionConverters.asScala(List.of(name)).toSeq();
    }
}
