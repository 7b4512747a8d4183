package io.planisphere.spark.commit.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class ColumnFitTest {
    private static final StructType ROWS = StructType.fromDDL(
            "id STRING, width INT, score FLOAT, level SMALLINT, cells ARRAY<STRUCT<token: STRING, p: FLOAT>>, batch BIGINT");

    @Test
    void theSameColumnsInAnyOrderFit() {
        assertThat(ColumnFit.misfit(ROWS, ROWS)).isEmpty();
        assertThat(ColumnFit.misfit(
                        StructType.fromDDL(
                                "batch BIGINT, cells ARRAY<STRUCT<token: STRING, p: FLOAT>>, level SMALLINT, "
                                        + "score FLOAT, width INT, id STRING"),
                        ROWS))
                .isEmpty();
    }

    @Test
    void additionalColumnsFitIfTheyAreNullable() {
        assertThat(ColumnFit.misfit(ROWS.add("seen", DataTypes.TimestampType), ROWS))
                .isEmpty();
        assertThat(ColumnFit.misfit(ROWS.add("seen", DataTypes.TimestampType, false), ROWS))
                .hasValue("column seen, which no row has, is not nullable");
    }

    @Test
    void aSmallIntegerFitsIntIfTheFormatHasNoSmallIntegers() {
        assertThat(ColumnFit.misfit(
                        StructType.fromDDL("id STRING, width INT, score FLOAT, level INT, "
                                + "cells ARRAY<STRUCT<token: STRING, p: FLOAT>>, batch BIGINT"),
                        ROWS))
                .isEmpty();
    }

    @Test
    void theFirstDifferencesAreReported() {
        assertThat(ColumnFit.misfit(
                        StructType.fromDDL("id STRING NOT NULL, width BIGINT, score DOUBLE, batch INT, "
                                + "cells ARRAY<STRUCT<token: STRING, p: DOUBLE>>"),
                        ROWS))
                .hasValue("column id is not nullable; column width is BIGINT instead of INT; "
                        + "column score is DOUBLE instead of FLOAT; and 3 more");
        assertThat(ColumnFit.misfit(StructType.fromDDL("ID STRING, batch BIGINT"), StructType.fromDDL("id STRING")))
                .hasValue("column id STRING is missing");
    }

    @Test
    void aListWithoutNullsDoesNotFitAListWithNulls() {
        StructType strict = new StructType()
                .add("cells", DataTypes.createArrayType(DataTypes.FloatType, false))
                .add("scores", DataTypes.createMapType(DataTypes.StringType, DataTypes.FloatType, false));
        StructType loose = new StructType()
                .add("cells", DataTypes.createArrayType(DataTypes.FloatType, true))
                .add("scores", DataTypes.createMapType(DataTypes.StringType, DataTypes.FloatType, true));
        assertThat(ColumnFit.misfit(loose, strict)).isEmpty();
        assertThat(ColumnFit.misfit(strict, loose))
                .hasValueSatisfying(misfit -> assertThat(misfit).contains("column cells", "column scores"));
    }
}
