package io.planisphere.spark.evaluate;

import java.util.List;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Join columns in the form that Spark's Scala API expects. */
final class Keys {
    private Keys() {}

    static Seq<String> named(String name) {
        return CollectionConverters.asScala(List.of(name)).toSeq();
    }
}
