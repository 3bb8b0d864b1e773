package org.contactsync.client;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.contactsync.client.local.JdbcSqlite;
import org.junit.jupiter.api.Test;

/** What the library needs of its platform: nothing that Android does not have, but in the two parts that are replaced there (decision 54). */
class PlatformTest {
    private static final String ROOT = "org.contactsync.";

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT + "contact", ROOT + "checkcode", ROOT + "protocol", ROOT + "vcard", ROOT + "client")
            .that(DescribedPredicate.not(resideInAPackage(ROOT + "client.cli..")));

    private static final DescribedPredicate<JavaClass> JDK_HTTP = resideInAPackage(ROOT + "client.http.jdk");
    private static final DescribedPredicate<JavaClass> OK_HTTP = resideInAPackage(ROOT + "client.http.okhttp");
    private static final DescribedPredicate<JavaClass> JDBC =
            DescribedPredicate.describe("JDBC", type -> type.getName().startsWith(JdbcSqlite.class.getName()));

    /** Android has all of them. */
    private static final Set<String> PLATFORM = Set.of(
            "java.io",
            "java.lang",
            "java.lang.annotation",
            "java.math",
            "java.net",
            "java.nio",
            "java.nio.channels",
            "java.nio.charset",
            "java.nio.file",
            "java.nio.file.attribute",
            "java.security",
            "java.security.cert",
            "java.time",
            "java.time.chrono",
            "java.time.format",
            "java.time.temporal",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "java.util.concurrent.locks",
            "java.util.function",
            "java.util.logging",
            "java.util.regex",
            "java.util.stream",
            "java.util.zip",
            "javax.crypto",
            "javax.crypto.spec",
            "javax.net.ssl");

    @Test
    void theCoreNeedsNothingThatAndroidLacks() {
        JavaClasses core =
                LIBRARY.that(DescribedPredicate.not(JDK_HTTP.or(OK_HTTP).or(JDBC)));

        assertThat(core).hasSizeGreaterThan(200);
        assertThat(packagesOfTheJdk(core)).isSubsetOf(PLATFORM);
    }

    /** Otherwise the test above would see nothing. */
    @Test
    void whatIsReplacedNeedsMore() {
        assertThat(packagesOfTheJdk(LIBRARY.that(JDK_HTTP))).contains("java.net.http");
        assertThat(packagesOfTheJdk(LIBRARY.that(JDBC))).contains("java.sql");
        assertThat(packagesOfTheJdk(LIBRARY.that(OK_HTTP))).isNotEmpty().isSubsetOf(PLATFORM);
    }

    @Test
    void nothingElseNeedsALibraryThatIsNotNamedInItsPom() {
        JavaClasses core = LIBRARY.that(DescribedPredicate.not(OK_HTTP));

        assertThat(packages(core))
                .filteredOn(name -> !isOfTheJdk(name) && !name.startsWith("org.contactsync."))
                .allMatch(name -> name.startsWith("jakarta.json")
                        || name.startsWith("ezvcard")
                        || name.startsWith("com.github.mangstadt.vinnie")
                        || name.startsWith("org.jspecify"));
    }

    /** A program without files of vCards may leave ez-vcard out. */
    @Test
    void onlyVcardsNeedTheLibraryForThem() {
        JavaClasses rest = LIBRARY.that(DescribedPredicate.not(resideInAnyPackage(ROOT + "vcard..")));

        assertThat(packages(rest)).noneMatch(name -> name.startsWith("ezvcard"));
    }

    private static Set<String> packagesOfTheJdk(JavaClasses classes) {
        return packages(classes).stream()
                .filter(PlatformTest::isOfTheJdk)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isOfTheJdk(String name) {
        return name.startsWith("java.")
                || name.startsWith("javax.")
                || name.startsWith("com.sun.")
                || name.startsWith("sun.");
    }

    /** That the classes name in any way. */
    private static Set<String> packages(JavaClasses classes) {
        return classes.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                .filter(type -> !type.isPrimitive())
                .map(JavaClass::getPackageName)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
