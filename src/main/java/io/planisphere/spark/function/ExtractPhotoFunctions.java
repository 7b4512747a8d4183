package io.planisphere.spark.function;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.ApplyFunctionExpression;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.CommonExpressionRef;
import org.apache.spark.sql.catalyst.expressions.ConditionalExpression;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression$;
import org.apache.spark.sql.catalyst.expressions.NamedLambdaVariable;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.OuterReference;
import org.apache.spark.sql.catalyst.expressions.PlanExpression;
import org.apache.spark.sql.catalyst.expressions.WindowExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.types.Metadata;
import scala.Option;
import scala.PartialFunction;
import scala.PartialFunction$;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Moves calls of photo functions below the operators that use their values, one operator per call, as Spark does with Python
 * functions. Equal calls share one operator, also when one is in the WHERE clause and another in the SELECT list.
 *
 * <p>It runs on the analysed plan, before the optimiser, which would copy a call to each place that uses its value. A call stays
 * where it is if it must not be evaluated for every row (in a branch of a CASE, behind an OR), or if its photo is no value of a
 * row below (an aggregate, an element of an array).
 */
public final class ExtractPhotoFunctions extends Rule<LogicalPlan> {
    /** Creates the rule. */
    public ExtractPhotoFunctions() {}

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return plan.transformUpWithSubqueries(total(ExtractPhotoFunctions::extracted));
    }

    private static LogicalPlan extracted(LogicalPlan given) {
        LogicalPlan plan = given.transformExpressionsUp(total(ExtractPhotoFunctions::ofCatalog));
        if (isInference(plan) || plan instanceof Command || extractable(plan).isEmpty()) {
            return plan;
        }
        LogicalPlan extracted = plan instanceof Filter filter ? filtered(filter) : withValuesBelow(plan);
        return sameColumns(extracted, plan) ? extracted : new Project(named(plan.output()), extracted);
    }

    /** Returns a catalog's photo function as one that can be moved, and other expressions as they are. */
    private static Expression ofCatalog(Expression expression) {
        return expression instanceof ApplyFunctionExpression call
                        && call.function() instanceof CatalogPhotoFunction function
                ? new PhotoFunction(function.query(), call.children().head())
                : expression;
    }

    /** Returns whether the plan is the operator of a call. */
    static boolean isInference(LogicalPlan plan) {
        return plan instanceof Generate generate && generate.generator() instanceof PhotoGenerator;
    }

    /** Returns the filter as one filter per condition; those without calls come first and spare the network their rows. */
    private static LogicalPlan filtered(Filter filter) {
        List<Expression> others = new ArrayList<>();
        List<Expression> withCalls = new ArrayList<>();
        for (Expression condition : java(filter.splitConjunctivePredicates(filter.condition()))) {
            List<PhotoFunction> calls = new ArrayList<>();
            collect(condition, calls);
            (calls.isEmpty() ? others : withCalls).add(condition);
        }
        LogicalPlan plan = filter.child();
        if (!others.isEmpty()) {
            plan = new Filter(others.stream().reduce(And::new).orElseThrow(), plan);
        }
        for (Expression condition : withCalls) {
            plan = withValuesBelow(new Filter(condition, plan));
        }
        return plan;
    }

    /** Returns the operator over children that provide the values of its calls. */
    private static LogicalPlan withValuesBelow(LogicalPlan plan) {
        List<LogicalPlan> children = new ArrayList<>(java(plan.children()));
        List<Provided> provided = new ArrayList<>();
        for (PhotoFunction call : extractable(plan)) {
            if (provided.stream().noneMatch(value -> value.call.semanticEquals(call))) {
                provide(call, children).ifPresent(provided::add);
            }
        }
        if (provided.isEmpty()) {
            return plan;
        }
        PartialFunction<Expression, Expression> replacing = total(expression -> provided.stream()
                .filter(value -> value.call.semanticEquals(expression))
                .<Expression>map(value -> value.attribute)
                .findFirst()
                .orElse(expression));
        return plan.withNewChildren(scala(children)).transformExpressionsDown(replacing);
    }

    private static Optional<Provided> provide(PhotoFunction call, List<LogicalPlan> children) {
        for (int i = 0; i < children.size(); i++) {
            LogicalPlan child = children.get(i);
            if (call.references().subsetOf(child.outputSet())) {
                Provider provider = reused(call, child).orElseGet(() -> inference(call, child));
                children.set(i, provider.plan);
                return Optional.of(new Provided(call, provider.attribute));
            }
        }
        return Optional.empty();
    }

    private static Provider inference(PhotoFunction call, LogicalPlan child) {
        Attribute value = new AttributeReference(
                call.prettyName(),
                call.dataType(),
                false,
                Metadata.empty(),
                NamedExpression$.MODULE$.newExprId(),
                scala(List.of()));
        LogicalPlan plan = new Generate(
                new PhotoGenerator(call), scala(List.of()), false, Option.empty(), scala(List.of(value)), child);
        return new Provider(plan, value);
    }

    /** Returns the plan with the value of an equal call below it, passed through to its output; empty if there is none. */
    private static Optional<Provider> reused(PhotoFunction call, LogicalPlan plan) {
        if (plan instanceof Generate generate
                && generate.generator() instanceof PhotoGenerator generator
                && generator.function().semanticEquals(call)) {
            return Optional.of(new Provider(plan, generate.generatorOutput().head()));
        }
        boolean passes = isInference(plan)
                || plan instanceof Project
                || plan instanceof Filter
                || plan instanceof Sort
                || plan instanceof SubqueryAlias;
        if (!passes || !call.references().subsetOf(plan.children().head().outputSet())) {
            return Optional.empty();
        }
        return reused(call, plan.children().head()).map(below -> {
            LogicalPlan passing = plan.withNewChildren(scala(List.of(below.plan)));
            boolean isMissing =
                    passing instanceof Project && !passing.outputSet().contains(below.attribute);
            return new Provider(isMissing ? with(below.attribute, (Project) passing) : passing, below.attribute);
        });
    }

    private static LogicalPlan with(Attribute attribute, Project project) {
        List<NamedExpression> columns = new ArrayList<>(java(project.projectList()));
        columns.add(attribute);
        return new Project(scala(columns), project.child());
    }

    private static List<PhotoFunction> extractable(LogicalPlan plan) {
        List<PhotoFunction> calls = new ArrayList<>();
        java(plan.expressions()).forEach(expression -> collect(expression, calls));
        return calls;
    }

    /** Adds the calls that are evaluated for every row. */
    private static void collect(Expression expression, List<PhotoFunction> calls) {
        if (expression instanceof PhotoFunction call) {
            if (isOfRow(call)) {
                calls.add(call);
            }
            return;
        }
        if (expression instanceof LambdaFunction) {
            return;
        }
        if (expression instanceof ConditionalExpression conditional) {
            java(conditional.alwaysEvaluatedInputs()).forEach(input -> collect(input, calls));
        } else if (expression instanceof And || expression instanceof Or) {
            collect(expression.children().head(), calls);
        } else {
            java(expression.children()).forEach(child -> collect(child, calls));
        }
    }

    /** Returns whether the photo is a value of a row below the operator, the same whenever it is computed. */
    private static boolean isOfRow(PhotoFunction call) {
        return call.deterministic()
                && call.content()
                        .find(part -> part instanceof OuterReference
                                || part instanceof NamedLambdaVariable
                                || part instanceof CommonExpressionRef
                                || part instanceof AggregateExpression
                                || part instanceof WindowExpression
                                || part instanceof PlanExpression
                                || part instanceof PhotoFunction)
                        .isEmpty();
    }

    private static boolean sameColumns(LogicalPlan one, LogicalPlan other) {
        return java(one.output()).stream()
                .map(Attribute::exprId)
                .toList()
                .equals(java(other.output()).stream().map(Attribute::exprId).toList());
    }

    private static Seq<NamedExpression> named(Seq<Attribute> attributes) {
        return scala(new ArrayList<NamedExpression>(java(attributes)));
    }

    /** Returns a partial function that is defined everywhere. */
    static <A> PartialFunction<A, A> total(java.util.function.UnaryOperator<A> function) {
        return PartialFunction$.MODULE$.fromFunction(function::apply);
    }

    private static <T> List<T> java(Seq<T> elements) {
        return CollectionConverters.asJava(elements);
    }

    private static <T> Seq<T> scala(List<? extends T> elements) {
        return CollectionConverters.asScala(new ArrayList<T>(elements)).toList();
    }

    /** A plan whose output has a value. */
    private record Provider(LogicalPlan plan, Attribute attribute) {}

    /** A call and the column with its value. */
    private record Provided(PhotoFunction call, Attribute attribute) {}
}
