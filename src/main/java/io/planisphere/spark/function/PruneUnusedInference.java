package io.planisphere.spark.function;

import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.rules.Rule;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Removes the operator of a call whose value is not used, as in a count over a view; Spark keeps generators for their rows. */
public final class PruneUnusedInference extends Rule<LogicalPlan> {
    /** Creates the rule. */
    public PruneUnusedInference() {}

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return plan.transformUp(ExtractPhotoFunctions.total(PruneUnusedInference::pruned));
    }

    private static LogicalPlan pruned(LogicalPlan plan) {
        if (plan instanceof Project project
                && ExtractPhotoFunctions.isInference(project.child())
                && !project.references()
                        .contains(((Generate) project.child()).generatorOutput().head())) {
            LogicalPlan below = ((Generate) project.child()).child();
            Seq<LogicalPlan> children =
                    CollectionConverters.asScala(java.util.List.of(below)).toList();
            return project.withNewChildren(children);
        }
        return plan;
    }
}
