package org.contactsync;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.problem.ProblemType;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keeps the table of packages in {@code ARCHITECTURE.md} true: it is read here. */
class HouseRulesTest {
    private static final String ROOT = "org.contactsync";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    /** What every package may import. */
    private static final List<String> PLATFORM = List.of("java..", "javax.crypto..", "org.jspecify..");

    /** The libraries by the names that the table gives them. */
    private static final Map<String, List<String>> LIBRARIES = Map.ofEntries(
            entry("JSON-P", "jakarta.json.."),
            entry("JAX-RS", "jakarta.ws.rs.."),
            entry("Servlet", "jakarta.servlet.."),
            entry("MicroProfile", "org.eclipse.microprofile.."),
            entry("CDI", "jakarta.inject..", "jakarta.enterprise..", "jakarta.annotation.."),
            entry("JTA", "jakarta.transaction.."),
            entry("JMS", "jakarta.jms.."),
            entry("EJB", "jakarta.ejb.."),
            entry("Jakarta Persistence", "jakarta.persistence.."),
            entry("Flyway", "org.flywaydb.."),
            entry("JDBC", "javax.sql.."),
            entry("H2", "org.h2.."),
            entry("TLS", "javax.net.ssl.."),
            entry("Nimbus JOSE + JWT", "com.nimbusds.."),
            entry("libphonenumber", "com.google.i18n.phonenumbers.."),
            entry("ez-vcard", "ezvcard..", "com.github.mangstadt.vinnie.."),
            entry("Artemis", "org.apache.activemq.artemis.."),
            entry("Jakarta Connectors", "jakarta.resource..", "javax.transaction.xa.."),
            entry("OkHttp", "okhttp3..", "okio..", "kotlin.."),
            entry("picocli", "picocli.."));

    private static final Pattern LINE = Pattern.compile("^\\| `([a-z.]+)` \\|.*\\| ([^|]+) \\|$", Pattern.MULTILINE);

    /** A line of the table: a package and what it may import besides the platform; empty when that is "as needed". */
    record Row(String name, Optional<List<String>> imports) {
        static Row of(String name, String uses) {
            if (uses.equals("as needed")) {
                return new Row(name, Optional.empty());
            }
            return new Row(
                    name,
                    Optional.of(Stream.of(uses.replaceFirst(";.*", "").split(", "))
                            .filter(each -> !each.equals("–"))
                            .flatMap(Row::patterns)
                            .toList()));
        }

        private static Stream<String> patterns(String use) {
            if (use.matches("`[a-z.]+`")) {
                return Stream.of(ROOT + "." + use.substring(1, use.length() - 1));
            }
            assertThat(LIBRARIES).as("a library of the table, and its packages").containsKey(use);
            return requireNonNull(LIBRARIES.get(use)).stream();
        }

        String[] allowed() {
            return Stream.of(
                            PLATFORM.stream(),
                            Stream.of(ROOT + "." + name),
                            imports.stream().flatMap(List::stream))
                    .flatMap(each -> each)
                    .toArray(String[]::new);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Map.Entry<String, List<String>> entry(String name, String... packages) {
        return Map.entry(name, List.of(packages));
    }

    /** The table of {@code ARCHITECTURE.md}. */
    static List<Row> table() throws IOException {
        List<Row> rows = LINE.matcher(Files.readString(Path.of("ARCHITECTURE.md")))
                .results()
                .map(line -> Row.of(line.group(1), line.group(2)))
                .toList();
        assertThat(rows).as("lines of the table").hasSizeGreaterThan(15);
        return rows;
    }

    @ParameterizedTest
    @MethodSource("table")
    void aPackageImportsOnlyWhatTheTableSays(Row row) {
        if (row.imports().isEmpty()) {
            return;
        }
        classes()
                .that()
                .resideInAPackage(ROOT + "." + row.name())
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(row.allowed()).or(PRIMITIVES))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void theTableHasEveryPackageAndNoOther() throws IOException {
        List<String> table =
                table().stream().map(row -> ROOT + "." + row.name()).toList();

        assertThat(packages())
                .extracting(JavaPackage::getName)
                .filteredOn(name -> !name.equals(ROOT))
                .containsExactlyInAnyOrderElementsOf(table);
    }

    /** What a row allows must be in use, so that the table tells how things are. */
    @ParameterizedTest
    @MethodSource("table")
    void aPackageUsesWhatTheTableSays(Row row) {
        Set<String> used = CLASSES.stream()
                .filter(type -> type.getPackageName().equals(ROOT + "." + row.name()))
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .map(dependency ->
                        dependency.getTargetClass().getBaseComponentType().getPackageName())
                .filter(name -> name.startsWith(ROOT + "."))
                .collect(Collectors.toSet());

        assertThat(row.imports().orElse(List.of()))
                .filteredOn(each -> each.startsWith(ROOT + "."))
                .isSubsetOf(used);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyQueueKnowsMessagesAndEnterpriseBeans() {
        onlyIn("queue", "jakarta.jms..", "jakarta.ejb..");
    }

    @Test
    void onlyStoreKnowsPersistence() {
        onlyIn("store", "jakarta.persistence..", "org.flywaydb..", "org.eclipse.persistence..", "org.h2..");
    }

    @Test
    void nothingOnTheServerKnowsTheClient() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".client..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".client..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    /** An answer that is kept is of whoever speaks with the clients: its status and its text mean nothing here. */
    @Test
    void whoDecidesLooksIntoNoAnswer() {
        noClasses()
                .that(resideInAPackage(ROOT + ".sync.."))
                .should()
                .callMethod(Answer.class, "status")
                .orShould()
                .callMethod(Answer.class, "body")
                .orShould()
                .callMethod(Answer.class, "isProblem")
                .orShould()
                .callMethod(ProblemType.class, "status")
                .check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(packages())
                .isNotEmpty()
                .allMatch(each -> each.isAnnotatedWith(NullMarked.class), "has a package-info with @NullMarked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Util", "Utils", "Helper", "Helpers", "Manager", "Impl"})
    void noClassIsNamedForNothing(String ending) {
        noClasses().should().haveSimpleNameEndingWith(ending).check(CLASSES);
    }

    @Test
    void noPackageIsNamedCommon() {
        noClasses().should().resideInAPackage("..common..").check(CLASSES);
    }

    @Test
    void onlyTheCommandLinePrints() {
        noClasses()
                .that(resideOutsideOfPackage(ROOT + ".client.cli.."))
                .should(ACCESS_STANDARD_STREAMS)
                .check(CLASSES);
    }

    @Test
    void resourcesForOperatorsAreBoundToTheirFilter() {
        classes()
                .that()
                .haveSimpleNameStartingWith("Admin")
                .and()
                .resideInAPackage(ROOT + ".api..")
                .should()
                .beAnnotatedWith("org.contactsync.access.AdminOnly")
                .check(CLASSES);
    }

    /** The text of an exception may hold a row of the database. */
    @Test
    void onlyTheLogWritesExceptions() {
        noClasses()
                .that(resideOutsideOfPackage(ROOT + ".client..").and(resideOutsideOfPackage(ROOT + ".broker..")))
                .should()
                .callMethod(System.Logger.class, "log", System.Logger.Level.class, String.class, Throwable.class)
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .orShould()
                .callMethod(Throwable.class, "toString")
                .check(CLASSES);
    }

    /** A message-driven bean has no other way; everything else takes what it needs through its constructor. */
    @Test
    void onlyMessageDrivenBeansHaveInjectedFields() {
        noFields()
                .that()
                .areDeclaredInClassesThat()
                .areNotAnnotatedWith("jakarta.ejb.MessageDriven")
                .should()
                .beAnnotatedWith("jakarta.inject.Inject")
                .check(CLASSES);
    }

    @Test
    void logicNeitherSleepsNorLooksAtTheClock() {
        noClasses()
                .that(resideInAPackage(ROOT + ".contact")
                        .or(resideInAPackage(ROOT + ".checkcode"))
                        .or(resideInAPackage(ROOT + ".protocol.."))
                        .or(resideInAPackage(ROOT + ".sync..")))
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .check(CLASSES);
    }

    private static final DescribedPredicate<JavaClass> PRIMITIVES = DescribedPredicate.describe(
            "primitives", type -> type.getBaseComponentType().isPrimitive());

    private static void onlyIn(String name, String... libraries) {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries)
                .check(CLASSES);
    }

    /** Those that hold classes. */
    private static List<JavaPackage> packages() {
        JavaPackage root = CLASSES.getPackage(ROOT);
        return Stream.concat(Stream.of(root), root.getSubpackagesInTree().stream())
                .filter(each -> !each.getClasses().isEmpty())
                .toList();
    }
}
