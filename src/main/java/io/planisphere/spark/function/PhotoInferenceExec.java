package io.planisphere.spark.function;

import io.planisphere.image.EncodedImage;
import io.planisphere.source.Access;
import io.planisphere.source.Mapped;
import io.planisphere.source.OptOut;
import io.planisphere.spark.progress.TaskMetrics;
import io.planisphere.spark.task.Device;
import io.planisphere.spark.task.PhotoTask;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.BindReferences;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.package$;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.execution.SparkPlan;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * Runs a photo function over the rows of its child, in batches, as a job's task does: one row out per row in, in order, with the
 * value as the last column. A batch of rows waits in memory for its values, without their photos unless the query needs them.
 */
@SuppressWarnings("serial") // Spark's plans are serialisable, although not all of their parts say so
public final class PhotoInferenceExec extends SparkPlan {
    private static final long serialVersionUID = 1;

    private final PhotoFunction function;
    private final Seq<Attribute> required;
    private final Attribute value;
    private final SparkPlan child;

    /**
     * @param required columns of the child that the output keeps
     * @param value column with the function's value
     */
    public PhotoInferenceExec(PhotoFunction function, Seq<Attribute> required, Attribute value, SparkPlan child) {
        this.function = function;
        this.required = required;
        this.value = value;
        this.child = child;
    }

    @Override
    public Seq<Attribute> output() {
        List<Attribute> columns = new ArrayList<>(CollectionConverters.asJava(required));
        columns.add(value);
        return CollectionConverters.asScala(columns).toList();
    }

    @Override
    public AttributeSet producedAttributes() {
        return AttributeSet.apply(value);
    }

    @Override
    public Partitioning outputPartitioning() {
        return child.outputPartitioning();
    }

    @Override
    public Seq<SortOrder> outputOrdering() {
        return child.outputOrdering();
    }

    @Override
    public Seq<SparkPlan> children() {
        return CollectionConverters.asScala(List.of(child)).toList();
    }

    @Override
    public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> children) {
        return new PhotoInferenceExec(function, required, value, children.head());
    }

    @Override
    public RDD<InternalRow> doExecute() {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(sparkContext());
        PhotoQuery query = function.query();
        PhotoTask task = new PhotoTask(
                query.rows(),
                query.limits(),
                Device.CPU,
                query.batchSize(),
                TaskMetrics.register(sparkContext()),
                context.broadcast(OptOut.NONE),
                Access.DEFAULT,
                false);
        Expression photo =
                BindReferences.bindReference(function.content(), package$.MODULE$.AttributeSeq(child.output()), false);
        Partition partition = new Partition(query, task, photo, child.output(), required, output());
        return new JavaRDD<>(child.execute(), ClassTag$.MODULE$.<InternalRow>apply(InternalRow.class))
                .mapPartitions(partition)
                .rdd();
    }

    @Override
    public String nodeName() {
        return "PhotoInference";
    }

    @Override
    public int productArity() {
        return 4;
    }

    @Override
    public Object productElement(int n) {
        return List.of(function, required, value, child).get(n);
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof PhotoInferenceExec;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PhotoInferenceExec exec
                && exec.function.equals(function)
                && exec.required.equals(required)
                && exec.value.equals(value)
                && exec.child.equals(child);
    }

    @Override
    public int hashCode() {
        return 31 * function.hashCode() + child.hashCode();
    }

    /**
     * The work on one partition.
     *
     * @param photo expression with the photo, bound to the child's rows
     */
    private record Partition(
            PhotoQuery query,
            PhotoTask task,
            Expression photo,
            Seq<Attribute> input,
            Seq<Attribute> required,
            Seq<Attribute> output)
            implements FlatMapFunction<Iterator<InternalRow>, InternalRow>, Serializable {
        @Override
        public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
            UnsafeProjection kept = UnsafeProjection.create(expressions(required), input);
            Queue<InternalRow> waiting = new ArrayDeque<>();
            Iterator<EncodedImage> photos = new Mapped<>(rows, row -> {
                waiting.add(kept.apply(row).copy());
                return query.photo((byte[]) photo.eval(row));
            });
            Function<Row, InternalRow> toValues = query.toValues();
            UnsafeProjection toRow = UnsafeProjection.create(expressions(output), output);
            JoinedRow joined = new JoinedRow();
            return new Mapped<>(
                    task.rowsOf(photos),
                    row -> toRow.apply(joined.apply(
                            waiting.remove(), new GenericInternalRow(new Object[] {toValues.apply(row)}))));
        }

        private static Seq<Expression> expressions(Seq<Attribute> attributes) {
            return CollectionConverters.asScala(new ArrayList<Expression>(CollectionConverters.asJava(attributes)))
                    .toList();
        }
    }
}
