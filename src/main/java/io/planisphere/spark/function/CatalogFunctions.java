package io.planisphere.spark.function;

import io.planisphere.model.ModelPackageException;
import io.planisphere.source.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The functions as those of a catalog. Spark asks a catalog's function for its type by the types of its arguments, before their
 * values are known; so a photo function takes the photo only, and its package and options are settings of the catalog.
 */
public final class CatalogFunctions {
    private final String catalog;
    /** Options by function. */
    private final Map<String, Map<String, String>> settings = new TreeMap<>();

    /**
     * Reads the settings of a catalog, {@code FUNCTION.OPTION}.
     *
     * @param catalog name of the catalog
     */
    public CatalogFunctions(String catalog, Map<String, String> given) {
        this.catalog = catalog;
        List<String> names =
                PhotoFunctions.ALL.stream().map(PhotoFunctionBuilder::name).toList();
        given.forEach((key, value) -> {
            int dot = key.indexOf('.');
            String function = dot < 0 ? key : key.substring(0, dot);
            if (dot < 0 || !names.contains(function)) {
                String problem = "unknown setting " + key + "; valid are options of " + String.join(", ", names);
                throw FunctionRefusal.refuse("the catalog " + catalog, problem, setting("FUNCTION.OPTION"));
            }
            settings.computeIfAbsent(function, any -> new TreeMap<>()).put(key.substring(dot + 1), value);
        });
    }

    /** Returns the names of the functions. */
    public List<String> names() {
        return all().map(UnboundFunction::name).sorted().toList();
    }

    /** Returns the function of a name; empty if there is none. */
    public Optional<UnboundFunction> find(String name) {
        return all().filter(function -> function.name().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    private Stream<UnboundFunction> all() {
        return Stream.concat(
                GeoFunctions.ALL.stream().map(this::geo),
                PhotoFunctions.ALL.stream().map(this::photo));
    }

    private UnboundFunction geo(GeoFunctions.GeoFunction function) {
        return new CatalogFunction(function.name(), function.arguments(), function.usage(), given -> {
            DataType[] inputs = function.inputs().toArray(DataType[]::new);
            requireCount(inputs.length, given, "it takes " + inputs.length + " arguments");
            return new CatalogGeoFunction(function.name(), inputs, function.result());
        });
    }

    private UnboundFunction photo(PhotoFunctionBuilder function) {
        String name = function.name();
        return new CatalogFunction(name, "content", function.usage(), given -> {
            requireCount(
                    1,
                    given,
                    "it takes the photo only; the model and options of a catalog's functions are settings, such as "
                            + setting(name + ".model"));
            if (!(given.get(0) instanceof BinaryType) && !(given.get(0) instanceof NullType)) {
                throw new InputException(
                        "the photo must be binary, got type " + given.get(0).catalogString());
            }
            return new CatalogPhotoFunction(function.query(settings.getOrDefault(name, Map.of())));
        });
    }

    private static void requireCount(int count, List<DataType> given, String problem) {
        if (given.size() != count) {
            throw new InputException(problem + "; got " + given.size() + " arguments");
        }
    }

    private String setting(String key) {
        return "spark.sql.catalog." + catalog + "." + key;
    }

    /**
     * One of the functions, before the types of its arguments are known.
     *
     * @param arguments names
     */
    private record CatalogFunction(
            String name, String arguments, String description, Function<List<DataType>, BoundFunction> binding)
            implements UnboundFunction {
        @Override
        public BoundFunction bind(StructType given) {
            List<DataType> types = new ArrayList<>();
            for (StructField argument : given.fields()) {
                types.add(argument.dataType());
            }
            try {
                return binding.apply(types);
            } catch (InputException | ModelPackageException e) {
                throw FunctionRefusal.refuse(name, String.valueOf(e.getMessage()), name + "(" + arguments + ")", e);
            }
        }
    }
}
