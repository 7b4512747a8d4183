package io.planisphere;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Checks the package diagram of ARCHITECTURE.md, and that each library is used in one package only. Also checks that no output
 * depends on the locale, time zone or character set of a machine.
 */
class LayeringTest {
    /** The public API. */
    private static final String FRONT_DOOR = "io.planisphere";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(location -> ImportOption.Predefined.DO_NOT_INCLUDE_TESTS.includes(location)
                    || location.contains("MachineDefaults$Samples"))
            .importPackages("io.planisphere");

    @Test
    void packagesDependOnEachOtherAsTheDiagramShows() throws IOException {
        Graph actual = new Graph();
        for (JavaClass type : CLASSES) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String target =
                        dependency.getTargetClass().getBaseComponentType().getPackageName();
                if (target.startsWith(FRONT_DOOR)
                        && CLASSES.contain(dependency
                                .getTargetClass()
                                .getBaseComponentType()
                                .getName())) {
                    actual.add(shortName(type.getPackageName()), shortName(target));
                }
            }
        }
        assertThat(actual.reduced()).as("arrows that follow from no others").isEqualTo(diagram());
    }

    /**
     * Returns the allowed dependencies: a package with an arrow to another one may depend on it, and on every package that can
     * be reached from there.
     */
    private static Set<String> diagram() throws IOException {
        Set<String> arrows = new TreeSet<>();
        Matcher arrow = Pattern.compile("(?m)^    ([a-z.]+) --> ([a-z.]+)$")
                .matcher(Files.readString(Path.of("ARCHITECTURE.md")));
        while (arrow.find()) {
            arrows.add(arrow.group(1) + " --> " + arrow.group(2));
        }
        return arrows;
    }

    private static String shortName(String packageName) {
        return packageName.equals(FRONT_DOOR) ? "planisphere" : packageName.substring(FRONT_DOOR.length() + 1);
    }

    /** The dependencies between packages. */
    private static final class Graph {
        private final Map<String, Set<String>> targets = new TreeMap<>();

        void add(String from, String to) {
            if (!from.equals(to)) {
                targets.computeIfAbsent(from, first -> new TreeSet<>()).add(to);
            }
        }

        Set<String> reachable(String from) {
            Set<String> found = new TreeSet<>();
            Deque<String> open = new ArrayDeque<>(direct(from));
            while (!open.isEmpty()) {
                String next = open.remove();
                assertThat(next).as("a circle of packages").isNotEqualTo(from);
                if (found.add(next)) {
                    open.addAll(direct(next));
                }
            }
            return found;
        }

        Set<String> reduced() {
            Set<String> arrows = new TreeSet<>();
            for (String from : targets.keySet()) {
                Set<String> indirect = new TreeSet<>();
                reachable(from);
                direct(from).forEach(to -> indirect.addAll(reachable(to)));
                direct(from).stream()
                        .filter(to -> !indirect.contains(to))
                        .forEach(to -> arrows.add(from + " --> " + to));
            }
            return arrows;
        }

        private Set<String> direct(String from) {
            return targets.getOrDefault(from, Set.of());
        }
    }

    @Test
    void noTwoTypesHaveTheSameName() {
        Map<String, List<String>> types = CLASSES.stream()
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .map(JavaClass::getFullName)
                .collect(groupingBy(name -> name.substring(name.lastIndexOf('.') + 1)));
        assertThat(types.values()).allSatisfy(names -> assertThat(names).hasSize(1));
    }

    @Test
    void theSparkPackageContainsOnlyPackages() {
        noClasses()
                .should()
                .resideInAPackage("io.planisphere.spark")
                .because("each class belongs to one part of the work")
                .check(CLASSES);
    }

    /** Each package-info.java says what belongs in the package. */
    @Test
    void eachPackageHasADescription() {
        Set<String> packages = new TreeSet<>();
        CLASSES.forEach(type -> packages.add(type.getPackageName()));
        assertThat(packages)
                .allSatisfy(name -> assertThat(Path.of("src/main/java", name.replace('.', '/'), "package-info.java"))
                        .exists());
    }

    @Test
    void onlyTheFrontDoorJobsAndSparkImportSpark() {
        onlyIn(
                "org.apache.spark..",
                "so that everything else can be tested and reused without a cluster",
                FRONT_DOOR,
                below("jobs"),
                below("spark"));
    }

    @Test
    void onlyInferImportsTheEngine() {
        onlyIn("ai.djl..", "so that the engine can be replaced in one place", below("infer"));
        onlyIn("ai.onnxruntime..", "so that the engine can be replaced in one place", below("infer"));
    }

    @Test
    void onlyImageImportsTheNativeImageLibrary() {
        onlyIn("org.bytedeco.opencv..", "so that native memory has one owner", below("image"));
        // infer.EngineLibraries unpacks libraries with it
        onlyIn("org.bytedeco.javacpp..", "so that native memory has one owner", below("image"), below("infer"));
    }

    @Test
    void onlyHttpImportsTheWebClient() {
        onlyIn("org.apache.hc..", "so that every request has its deadlines and its address is checked", below("http"));
    }

    @Test
    void onlyReportImportsThePlotLibrary() {
        onlyIn("org.knowm..", "so that what draws can be replaced in one place", below("report"));
    }

    @Test
    void onlyLineageImportsTheOpenLineageClient() {
        onlyIn("io.openlineage..", "so that nothing of it is loaded where lineage is off", below("spark.lineage"));
    }

    /** Therefore no name in a zip, a tar or a manifest can decide where a file is written. */
    @Test
    void codeThatReadsPackagesAndPhotosWritesNoFiles() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        below("source"), below("model"), below("onnx"), below("image"), below("spark.format"))
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(FileOutputStream|FileWriter|RandomAccessFile|PrintWriter)"
                        + "|java\\.nio\\.file\\.(Files|StandardOpenOption)"
                        + "|java\\.nio\\.channels\\.FileChannel"
                        + "|org\\.apache\\.hadoop\\.fs\\.FSDataOutputStream.*")
                .because("names in archives are untrusted input")
                .check(CLASSES);
    }

    @Test
    void noCodeDependsOnTheLocaleTimeZoneOrCharacterSet() {
        assertThat(CLASSES.get(MachineDefaults.Samples.class).getAccessesFromSelf())
                .as("calls that the rule must find")
                .filteredOn(new MachineDefaults())
                .hasSize(MachineDefaults.Samples.CALLS);
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(MachineDefaults.Samples.class.getName())
                .should()
                .accessTargetWhere(new MachineDefaults())
                .because("the same command must write the same bytes everywhere; give Locale.ROOT, UTC or UTF-8")
                .check(CLASSES);
    }

    private static void onlyIn(String library, String reason, String... homes) {
        String[] packages = Arrays.copyOf(homes, homes.length + 1);
        packages[homes.length] = "io.planisphere.earth.."; // the training recipe, outside the product
        noClasses()
                .that()
                .resideInAPackage("io.planisphere..")
                .and()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .because(library + " has its home in " + String.join(", ", homes) + ", " + reason)
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    private static String below(String name) {
        return "io.planisphere." + name + "..";
    }
}
