package io.planisphere.spark.function;

import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A call of a photo function in a query. {@link ExtractPhotoFunctions} moves most calls into operators that run the network once
 * per photo and in batches; a call that stays, such as one inside a CASE, is evaluated here, photo by photo.
 */
@SuppressWarnings("serial") // Spark's expressions are serialisable, although their type does not say so
public final class PhotoFunction extends Expression implements CodegenFallback, java.io.Serializable {
    private static final long serialVersionUID = 1;

    private final PhotoQuery query;
    private final Expression content;
    private final RowByRow evaluation;

    /** Creates a call over an expression with the encoded photo, a binary. */
    public PhotoFunction(PhotoQuery query, Expression content) {
        this.query = query;
        this.content = content;
        evaluation = new RowByRow(query);
    }

    PhotoQuery query() {
        return query;
    }

    /** Returns the expression with the photo. */
    Expression content() {
        return content;
    }

    @Override
    public Seq<Expression> children() {
        return CollectionConverters.asScala(List.of(content)).toList();
    }

    @Override
    public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
        return new PhotoFunction(query, children.head());
    }

    @Override
    public DataType dataType() {
        return query.valueType();
    }

    /** A null photo has a value too, with the status missing. */
    @Override
    public boolean nullable() {
        return false;
    }

    /** A constant photo is scored by a task, not on the driver while the query is optimised. */
    @Override
    public boolean foldable() {
        return false;
    }

    @Override
    public Object eval(InternalRow row) {
        return evaluation.value((byte[]) content.eval(row));
    }

    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode code) {
        return CodegenFallback.super.doGenCode(context, code);
    }

    @Override
    public String prettyName() {
        return query.function();
    }

    @Override
    public String sql() {
        return query.function() + "(" + content.sql() + query.arguments() + ")";
    }

    @Override
    public String toString() {
        return query.function() + "(" + content + query.arguments() + ")";
    }

    @Override
    public int productArity() {
        return 2;
    }

    @Override
    public Object productElement(int n) {
        return List.of(query, content).get(n);
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof PhotoFunction;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PhotoFunction call && call.query.equals(query) && call.content.equals(content);
    }

    @Override
    public int hashCode() {
        return 31 * query.hashCode() + content.hashCode();
    }
}
