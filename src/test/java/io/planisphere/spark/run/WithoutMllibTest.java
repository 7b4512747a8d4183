package io.planisphere.spark.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.SparkSessionExtensionsProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.runtime.BoxedUnit;

class WithoutMllibTest {
    @TempDir
    private Path folder = Path.of("");

    private static List<String> extensions(ClassLoader loader) {
        return ServiceLoader.load(SparkSessionExtensionsProvider.class, loader).stream()
                .map(extension -> extension.type().getName())
                .toList();
    }

    /** An extension of a user. */
    public static final class OfAUser extends scala.runtime.AbstractFunction1<SparkSessionExtensions, BoxedUnit>
            implements SparkSessionExtensionsProvider {
        @Override
        public BoxedUnit apply(SparkSessionExtensions extensions) {
            return BoxedUnit.UNIT;
        }
    }

    @Test
    void extensionsAreFoundButThatOfMllib() throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(
                services.resolve(SparkSessionExtensionsProvider.class.getName()), OfAUser.class.getName() + "\n");
        try (URLClassLoader all = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            assertThat(extensions(all))
                    .contains("org.apache.spark.sql.ml.InternalFunctionRegistration", OfAUser.class.getName());
            assertThat(extensions(new WithoutMllib(all))).containsExactly(OfAUser.class.getName());
        }
    }

    @Test
    void theThreadHasItsClassLoaderAgain() {
        ClassLoader before = Thread.currentThread().getContextClassLoader();

        assertThat(WithoutMllib.during(() -> Thread.currentThread().getContextClassLoader()))
                .isInstanceOf(WithoutMllib.class);
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }
}
