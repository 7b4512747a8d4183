package io.planisphere.spark.function;

import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Generator;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.trees.TreePattern;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.Enumeration;
import scala.collection.IterableOnce;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A photo function as a generator of exactly one row. As the generator of a {@code Generate} it is evaluated once per row,
 * whatever the optimiser does with the operators above, while filters on other columns still move below it.
 */
@SuppressWarnings("serial") // Spark's expressions are serialisable, although their type does not say so
public final class PhotoGenerator extends Expression implements Generator, CodegenFallback, java.io.Serializable {
    private static final long serialVersionUID = 1;

    private final Expression function;

    /** @param function a {@link PhotoFunction}; the type is that of any child, which Spark copies by reflection */
    public PhotoGenerator(Expression function) {
        this.function = function;
    }

    PhotoFunction function() {
        return (PhotoFunction) function;
    }

    @Override
    public Seq<Expression> children() {
        return CollectionConverters.asScala(List.of(function)).toList();
    }

    @Override
    public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
        return new PhotoGenerator(children.head());
    }

    @Override
    public Seq<Enumeration.Value> nodePatterns() {
        return CollectionConverters.asScala(List.of(TreePattern.GENERATOR())).toList();
    }

    /** The setter of a Scala trait's value, which only its initialiser calls; in Java the value is the method above. */
    @Override
    public void org$apache$spark$sql$catalyst$expressions$Generator$_setter_$nodePatterns_$eq(
            Seq<Enumeration.Value> patterns) {}

    @Override
    public StructType elementSchema() {
        return new StructType().add(function.prettyName(), function.dataType(), false);
    }

    @Override
    public DataType dataType() {
        return Generator.super.dataType();
    }

    @Override
    public boolean nullable() {
        return false;
    }

    @Override
    public boolean foldable() {
        return false;
    }

    @Override
    public IterableOnce<InternalRow> eval(InternalRow row) {
        InternalRow generated = new GenericInternalRow(new Object[] {function.eval(row)});
        return CollectionConverters.asScala(List.of(generated));
    }

    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode code) {
        return CodegenFallback.super.doGenCode(context, code);
    }

    @Override
    public String prettyName() {
        return function.prettyName();
    }

    @Override
    public String sql() {
        return function.sql();
    }

    @Override
    public String toString() {
        return function.toString();
    }

    @Override
    public int productArity() {
        return 1;
    }

    @Override
    public Object productElement(int n) {
        return List.of(function).get(n);
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof PhotoGenerator;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PhotoGenerator generator && generator.function.equals(function);
    }

    @Override
    public int hashCode() {
        return function.hashCode() + 1;
    }
}
