package io.planisphere;

import io.planisphere.spark.function.CatalogFunctions;
import java.util.Map;
import org.apache.spark.sql.catalyst.analysis.NoSuchFunctionException;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.connector.catalog.FunctionCatalog;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A catalog with the SQL functions and nothing else, for sessions without {@link PlanisphereExtensions}, and for packages and
 * options that an operator sets rather than each query:
 *
 * <pre>{@code
 * spark.sql.catalog.photos               io.planisphere.PlanisphereCatalog
 * spark.sql.catalog.photos.locate.model  /models/places
 * spark.sql.catalog.photos.locate.top_k  3
 * }</pre>
 *
 * <p>Then {@code photos.locate(content)} is a function. The photo functions take the photo only, with the values of the functions
 * of {@link PlanisphereExtensions}; the setting {@code faces.attributes} is a list with commas. Without the extension, or {@link
 * Planisphere#register}, Spark evaluates them photo by photo and not in batches. Unknown settings are refused when the catalog is
 * first used, unknown options when the function is.
 */
public final class PlanisphereCatalog implements FunctionCatalog {
    private String name = "";
    private CatalogFunctions functions = new CatalogFunctions(name, Map.of());

    /** Creates the catalog; Spark calls this by reflection. */
    public PlanisphereCatalog() {}

    @Override
    public void initialize(String catalog, CaseInsensitiveStringMap settings) {
        name = catalog;
        functions = new CatalogFunctions(catalog, settings);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Identifier[] listFunctions(String[] namespace) throws NoSuchNamespaceException {
        if (namespace.length > 0) {
            throw new NoSuchNamespaceException(namespace);
        }
        return functions.names().stream()
                .map(function -> Identifier.of(namespace, function))
                .toArray(Identifier[]::new);
    }

    @Override
    public UnboundFunction loadFunction(Identifier function) throws NoSuchFunctionException {
        if (function.namespace().length > 0) {
            throw new NoSuchFunctionException(function);
        }
        return functions.find(function.name()).orElseThrow(() -> new NoSuchFunctionException(function));
    }
}
