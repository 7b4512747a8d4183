package io.planisphere.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedTest {
    private static final Allowed PHOTOS =
            Allowed.of(List.of("s3a://Bucket/photos/", "hdfs:", "file:/data", "http://host:8080", "wasb:/photos"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3a://bucket/photos/a.jpg",
                "S3A://BUCKET/photos/a.jpg",
                "s3a://bucket/photos",
                "s3a://bucket//photos/./x/../a.jpg",
                "s3a://bucket/private/../photos/a.jpg",
                "hdfs://any:8020/x.jpg",
                "HDFS:/x.jpg",
                "file:/data/x.jpg",
                "file:///data/x.jpg",
                "file:/../data/x.jpg",
                "http://HOST:8080/x.jpg",
                "wasb://any/photos/x.jpg"
            })
    void listedPlacesAreAllowed(String uri) {
        assertThat(PHOTOS.refusal(uri, false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3a://bucket/photos-private/a.jpg",
                "s3a://bucket/photos/../private/a.jpg",
                "s3a://bucket/photos/../../photos2/a.jpg",
                "s3a://bucket/Photos/a.jpg",
                "s3a://bucket/a.jpg",
                "s3a://other/photos/a.jpg",
                "s3a://bucket@other/photos/a.jpg",
                "s3a://bucket.other/photos/a.jpg",
                "s3n://bucket/photos/a.jpg",
                "webhdfs://any/x.jpg",
                "file:/database/x.jpg",
                "file:/data/../etc/passwd",
                "har://file-host/data/x.har/a.jpg",
                "http://host/x.jpg",
                "wasb://any/x.jpg",
                "/data/x.jpg",
                "s3a:",
                ""
            })
    void unlistedPlacesAreRejected(String uri) {
        assertThat(PHOTOS.refusal(uri, true))
                .contains("The manifest names " + uri + ", which --allow does not name; it was not fetched");
    }

    @Test
    void withoutAListOnlyLocalManifestsCanNameLocalFiles() {
        for (String local : List.of("file:/etc/passwd", "FILE:///x.jpg", "har://file-host/x.har/a.jpg")) {
            assertThat(Allowed.DEFAULT.refusal(local, true)).isEmpty();
            assertThat(Allowed.DEFAULT.refusal(local, false).orElse(""))
                    .startsWith("The manifest names " + local + ", on a local disk");
        }
        for (String other : List.of("s3a://bucket/x.jpg", "http://host/x.jpg", "har://hdfs-host/x.har/a.jpg", "?:")) {
            assertThat(Allowed.DEFAULT.refusal(other, false)).isEmpty();
        }
    }

    @Test
    void aBaseWithoutASchemeIsRejected() {
        for (String base : List.of("/photos", "photos", "", "bucket:photos")) {
            assertThatThrownBy(() -> Allowed.of(List.of(base)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("--allow " + base
                            + " names no scheme; write it out, such as file:/photos, s3a://bucket/photos or hdfs:");
        }
    }
}
