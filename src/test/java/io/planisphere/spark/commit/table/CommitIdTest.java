package io.planisphere.spark.commit.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.spark.commit.table.TableCommit.Part;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CommitIdTest {
    @Test
    void transactionsIncreaseByEpochAndThenByVersion() {
        List<Long> inOrder = Stream.of(
                        TableCommit.ofFence("r", 1, Part.FENCE),
                        TableCommit.ofRows("r", new CommitId(1, 0)),
                        TableCommit.ofRows("r", new CommitId(1, 1)),
                        TableCommit.ofRows("r", new CommitId(1, 900_000_000_000L)),
                        TableCommit.ofFence("r", 2, Part.FENCE),
                        TableCommit.ofRows("r", new CommitId(2, 0)))
                .map(TableCommit::transaction)
                .toList();

        assertThat(inOrder).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void numbersThatDoNotFitATransactionAreRejected() {
        assertThatThrownBy(() -> new CommitId(-1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CommitId(1L << 23, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CommitId(1, (1L << 40) - 1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new CommitId((1L << 23) - 1, (1L << 40) - 2).transaction()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void metadataOfOtherWritersAreIgnored() {
        assertThat(DeltaFormat.parse("nightly load")).isEmpty();
        assertThat(DeltaFormat.parse("{\"job\": 7}")).isEmpty();
        assertThat(DeltaFormat.parse("[]")).isEmpty();
        assertThat(DeltaFormat.parse("{\"planisphere\":{\"run\":\"r\",\"epoch\":3,\"version\":9,\"part\":\"ROWS\"}}"))
                .hasValue(TableCommit.ofRows("r", new CommitId(3, 9)));
    }
}
