package io.planisphere.spark.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.source.InputException;
import io.planisphere.spark.lineage.LineageSettings.Parent;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineageSettingsTest {
    private static final Map<String, String> NOTHING = Map.of();

    @Test
    void withoutAReceiverLineageIsOff() {
        assertThat(LineageSettings.of(Map.of("spark.openlineage.namespace", "photos"), NOTHING))
                .isEmpty();
        assertThat(LineageSettings.of(NOTHING, Map.of("OPENLINEAGE_API_KEY", "k")))
                .isEmpty();
    }

    @Test
    void itCanBeDisabledWhateverElseIsSet() {
        assertThat(LineageSettings.of(
                        Map.of("spark.openlineage.transport.url", "http://a:1"),
                        Map.of("OPENLINEAGE_URL", "http://b:1", "OPENLINEAGE_DISABLED", "true")))
                .isEmpty();
    }

    @Test
    void sparksConfigurationComesBeforeTheEnvironment() {
        LineageSettings settings = LineageSettings.of(
                        Map.of(
                                "spark.openlineage.transport.url", "http://a:1",
                                "spark.openlineage.transport.auth.type", "api_key",
                                "spark.openlineage.transport.auth.apiKey", "k",
                                "spark.openlineage.namespace", "photos"),
                        Map.of("OPENLINEAGE_URL", "http://b:1", "OPENLINEAGE_NAMESPACE", "others"))
                .orElseThrow();

        assertThat(settings.transport())
                .isEqualTo(
                        Map.of("type", "http", "url", "http://a:1", "auth", Map.of("type", "api_key", "apiKey", "k")));
        assertThat(settings.namespace()).isEqualTo("photos");
    }

    @Test
    void aSchedulerNamesTheRunThatStartedThisOne() {
        UUID run = UUID.fromString("01a22e18-0428-7df5-a328-a62d4d66798a");

        assertThat(LineageSettings.of(
                                Map.of(
                                        "spark.openlineage.transport.url", "http://a:1",
                                        "spark.openlineage.parentRunId", run.toString(),
                                        "spark.openlineage.parentJobNamespace", "airflow",
                                        "spark.openlineage.parentJobName", "dag.task"),
                                NOTHING)
                        .orElseThrow()
                        .parent())
                .contains(new Parent(run, "airflow", "dag.task"));
    }

    @ParameterizedTest
    @CsvSource({
        "transport.url, localhost:5000, 'spark.openlineage.transport.url is ''localhost:5000'', which is no http'",
        "transport.url, http://a b, 'spark.openlineage.transport.url is ''http://a b'', which is no URL'",
        "transport.url, '', 'spark.openlineage.transport.url is '''', which is no http or https URL'",
        "transport.timeoutInMillis, 1, spark.openlineage.transport.url is missing"
    })
    void aReceiverWithoutAnAddressIsRefused(String key, String value, String message) {
        assertThatThrownBy(() -> LineageSettings.of(Map.of("spark.openlineage." + key, value), NOTHING))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(message)
                .hasMessageContaining("such as http://");
    }

    @Test
    void aWrongAddressInTheEnvironmentIsNamedAsSuch() {
        assertThatThrownBy(() -> LineageSettings.of(NOTHING, Map.of("OPENLINEAGE_URL", "nowhere")))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("OPENLINEAGE_URL is 'nowhere'");
    }
}
