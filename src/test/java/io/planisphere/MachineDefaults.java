package io.planisphere;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaCodeUnitReference;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Calendar;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Calls whose result depends on the machine's locale, time zone or character set. Error Prone reports most of them
 * (DefaultLocale, StringCaseLocaleUsage, DefaultCharset, JavaTimeDefaultTimeZone); these are the ones that it misses.
 */
final class MachineDefaults extends DescribedPredicate<JavaAccess<?>> {
    private static final Pattern CALLS = Pattern.compile(String.join(
            "|",
            "java\\.io\\.PrintStream\\.(printf|format)\\(java\\.lang\\.String, .*",
            "java\\.io\\.Print(Stream|Writer)\\.<init>\\(java\\.(io\\.OutputStream|io\\.File|lang\\.String)(, boolean)?\\)",
            "java\\.util\\.(Locale|TimeZone)\\.getDefault\\(.*",
            "java\\.util\\.(Gregorian)?Calendar\\.(getInstance|<init>)\\(.*",
            "java\\.util\\.Date\\.(?!<init>\\((long)?\\)|from|toInstant|getTime\\().*",
            "java\\.sql\\.(Date|Time|Timestamp)\\..*",
            "java\\.text\\.SimpleDateFormat\\..*",
            "java\\.time\\.ZoneId\\.systemDefault\\(.*",
            "java\\.time\\.Clock\\.systemDefaultZone\\(.*",
            "java\\.time\\.(chrono\\.)?(Local|Offset|Zoned|Year|Month)\\w*\\.now\\(\\)"));

    /** Method references, whose format string is unknown. */
    private static final Pattern REFERENCES = Pattern.compile("java\\.lang\\.String\\.format(ted)?\\(.*");

    MachineDefaults() {
        super("it depends on the machine's locale, time zone or character set");
    }

    @Override
    public boolean test(JavaAccess<?> access) {
        String target = access.getTarget().getFullName();
        boolean isReference = access instanceof JavaCodeUnitReference<?>;
        return CALLS.matcher(target).matches()
                || (isReference && REFERENCES.matcher(target).matches());
    }

    /** Six calls that must be found; they never run. */
    @SuppressWarnings({"unused", "JavaTimeDefaultTimeZone"})
    static final class Samples {
        static final int CALLS = 6;

        List<Object> defaults() {
            Function<Object[], String> text = "%d"::formatted;
            System.out.printf("%d%n", 1);
            return List.of(
                    text,
                    ZoneId.systemDefault(),
                    Calendar.getInstance(Locale.ROOT),
                    LocalDate.now(),
                    new PrintStream(new ByteArrayOutputStream()));
        }
    }
}
