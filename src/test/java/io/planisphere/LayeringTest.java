package io.planisphere;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds the layering of ARCHITECTURE.md: arrows run down the list only, and each foreign library has one home. */
class LayeringTest {
    private static final List<String> ROOMS = List.of(
            "jobs",
            "spark",
            "report",
            "eval",
            "pack",
            "source",
            "quantize",
            "vision",
            "geo",
            "train",
            "infer",
            "model",
            "mobilenet",
            "cost",
            "onnx",
            "image");

    /** What people call: it stands above all rooms. */
    private static final String FRONT_DOOR = "io.planisphere";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.planisphere");

    @Test
    void arrowsRunDownTheListOfRoomsOnly() {
        for (int lower = 1; lower < ROOMS.size(); lower++) {
            String[] above =
                    ROOMS.subList(0, lower).stream().map(LayeringTest::room).toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(room(ROOMS.get(lower)))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(above)
                    .because(ROOMS.get(lower) + " stands below " + ROOMS.subList(0, lower)
                            + "; a photo flows one way, so lower rooms must not know the ones above")
                    .allowEmptyShould(true)
                    .check(CLASSES);
        }
    }

    @Test
    void noRoomKnowsTheFrontDoor() {
        noClasses()
                .that()
                .resideOutsideOfPackage(FRONT_DOOR)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(FRONT_DOOR)
                .because("what people call stands above all rooms")
                .check(CLASSES);
    }

    @Test
    void whatARunIsMadeOfAndTrainingStandWithoutARun() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        room("spark.train"),
                        room("spark.quantize"),
                        room("spark.plan"),
                        room("spark.format"),
                        room("spark.function"),
                        room("spark.place"),
                        room("spark.progress"),
                        room("spark.file"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.planisphere.spark")
                .because("what a run is made of must be usable without a run, and training reads only what one left")
                .check(CLASSES);
    }

    @Test
    void onlyTheFrontDoorJobsAndSparkImportSpark() {
        onlyIn(
                "org.apache.spark..",
                "so that everything else can be tested and reused without a cluster",
                FRONT_DOOR,
                room("jobs"),
                room("spark"));
    }

    @Test
    void onlyInferImportsTheEngine() {
        onlyIn("ai.djl..", "so that the engine can be replaced in one place", room("infer"));
        onlyIn("ai.onnxruntime..", "so that the engine can be replaced in one place", room("infer"));
    }

    @Test
    void onlyImageImportsTheNativeImageLibrary() {
        onlyIn("org.bytedeco..", "so that native memory has one owner", room("image"));
    }

    @Test
    void onlyReportImportsThePlots() {
        onlyIn("org.knowm..", "so that what draws can be replaced in one place", room("report"));
    }

    /** So no name in a zip, a tar or a manifest can say where something is written. */
    @Test
    void whatReadsPackagesAndPhotosWritesNoFile() {
        noClasses()
                .that()
                .resideInAnyPackage(room("source"), room("model"), room("onnx"), room("image"), room("spark.format"))
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(FileOutputStream|FileWriter|RandomAccessFile|PrintWriter)"
                        + "|java\\.nio\\.file\\.(Files|StandardOpenOption)"
                        + "|java\\.nio\\.channels\\.FileChannel"
                        + "|org\\.apache\\.hadoop\\.fs\\.FSDataOutputStream.*")
                .because("names in archives are strangers' words")
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

    private static String room(String name) {
        return "io.planisphere." + name + "..";
    }
}
