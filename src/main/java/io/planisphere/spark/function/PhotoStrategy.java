package io.planisphere.spark.function;

import java.util.List;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Plans the operators of {@link ExtractPhotoFunctions} as {@link PhotoInferenceExec}. */
public final class PhotoStrategy extends SparkStrategy {
    /** Creates the strategy. */
    public PhotoStrategy() {}

    @Override
    public Seq<SparkPlan> apply(LogicalPlan plan) {
        List<SparkPlan> planned =
                plan instanceof Generate generate && generate.generator() instanceof PhotoGenerator generator
                        ? List.of(new PhotoInferenceExec(
                                generator.function(),
                                generate.requiredChildOutput(),
                                generate.generatorOutput().head(),
                                planLater(generate.child())))
                        : List.of();
        return CollectionConverters.asScala(planned).toList();
    }
}
