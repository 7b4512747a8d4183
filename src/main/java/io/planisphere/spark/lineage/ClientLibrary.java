package io.planisphere.spark.lineage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.openlineage.client.OpenLineageClientUtils;
import io.openlineage.client.transports.Transport;
import io.openlineage.client.transports.TransportBuilder;
import io.openlineage.client.transports.TransportConfig;
import io.openlineage.client.transports.TransportFactory;
import io.openlineage.client.utils.OpenLineageEnvParser;
import io.planisphere.source.InputException;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** Opens the transports of the OpenLineage client. */
final class ClientLibrary {
    private static final String TYPE = "type";

    private ClientLibrary() {}

    /** Returns the settings of the transport in the environment, in the notation that only the client library reads. */
    static Map<String, Object> transportOfEnvironment() {
        ObjectMapper json = new ObjectMapper();
        try {
            return json.convertValue(
                    json.readTree(OpenLineageEnvParser.parseAllOpenLineageEnvVars())
                            .path("transport"),
                    new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new InputException("OPENLINEAGE__TRANSPORT__* cannot be read: " + e.getOriginalMessage());
        }
    }

    /**
     * Opens a transport. It sends nothing yet.
     *
     * @throws InputException if the settings are wrong, or the transport needs a library that is not there
     */
    static Transport open(LineageSettings settings) {
        try {
            List<String> types =
                    ServiceLoader.load(TransportBuilder.class, ClientLibrary.class.getClassLoader()).stream()
                            .map(builder -> builder.get().getType())
                            .toList();
            String type = String.valueOf(settings.transport().get(TYPE));
            if (types.stream().noneMatch(type::equalsIgnoreCase)) {
                throw new InputException(
                        "%s: '%s' is no type of transport; give one of %s, or send nothing with OPENLINEAGE_DISABLED=true"
                                .formatted(settings.source(), type, String.join(", ", types)));
            }
            TransportConfig config =
                    OpenLineageClientUtils.newObjectMapper().convertValue(settings.transport(), TransportConfig.class);
            return new TransportFactory(config).build();
        } catch (InputException e) {
            throw e;
        } catch (LinkageError e) {
            throw new InputException(settings.source() + " needs a library that is not on the class path ("
                    + e.getMessage() + "); add it with --packages, or leave the settings out");
        } catch (RuntimeException e) {
            throw new InputException(
                    settings.source() + " is wrong: " + reason(e) + "; docs/lineage.md has the settings");
        }
    }

    /** Returns the first line of the innermost message, which names the mistake. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return message.lines().findFirst().orElse(message);
    }
}
