package org.contactsync;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.contactsync.protocol.Answer;
import org.contactsync.protocol.ProblemType;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keeps the table of packages in {@code ARCHITECTURE.md} true. A package that does not exist yet breaks no rule. */
class HouseRulesTest {
    private static final String ROOT = "org.contactsync";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    /** What every package may import. */
    private static final List<String> PLATFORM = List.of("java..", "javax.crypto..", "org.jspecify..");

    private static final String JSON = "jakarta.json..";
    private static final String REST = "jakarta.ws.rs..";
    private static final String MICROPROFILE = "org.eclipse.microprofile..";
    private static final String[] INJECTION = {"jakarta.inject..", "jakarta.enterprise..", "jakarta.annotation.."};
    private static final String TRANSACTION = "jakarta.transaction..";

    /** A package, the packages of this project that it may import, and the libraries. */
    record Row(String name, List<String> ours, List<String> libraries) {
        static Row of(String name, String... ours) {
            return new Row(name, List.of(ours), List.of());
        }

        Row with(String... more) {
            return new Row(
                    name,
                    ours,
                    Stream.concat(libraries.stream(), Arrays.stream(more)).toList());
        }

        String[] allowed() {
            Stream<String> own = Stream.concat(Stream.of(name), ours.stream()).map(each -> ROOT + "." + each);
            return Stream.of(PLATFORM.stream(), own, libraries.stream())
                    .flatMap(each -> each)
                    .toArray(String[]::new);
        }
    }

    static Stream<Row> table() {
        return Stream.of(
                Row.of("contact"),
                Row.of("checkcode", "contact"),
                Row.of("protocol", "contact", "checkcode"),
                Row.of("protocol.json", "protocol", "contact", "checkcode").with(JSON),
                Row.of("log"),
                Row.of("access", "checkcode", "protocol", "protocol.json", "settings", "log")
                        .with(REST, JSON, "com.nimbusds..", "javax.net.ssl..")
                        .with(INJECTION),
                Row.of(
                                "api",
                                "protocol",
                                "protocol.json",
                                "access",
                                "queue",
                                "sync",
                                "settings",
                                "transport",
                                "contact",
                                "checkcode",
                                "log")
                        .with(REST, "jakarta.servlet..", JSON, MICROPROFILE)
                        .with(INJECTION),
                Row.of("queue", "protocol", "protocol.json", "sync", "settings", "contact", "checkcode", "log")
                        .with("jakarta.jms..", "jakarta.ejb..", JSON, MICROPROFILE, TRANSACTION)
                        .with(INJECTION),
                Row.of("sync", "contact", "checkcode", "protocol"),
                Row.of("store", "sync", "contact", "checkcode", "protocol", "log")
                        .with("jakarta.persistence..", "org.flywaydb..", "javax.sql..", "org.h2..", TRANSACTION)
                        .with(INJECTION),
                // checkcode, because a card's limit counts its canonical bytes
                Row.of("vcard", "contact", "checkcode").with("ezvcard..", "com.github.mangstadt.vinnie.."),
                Row.of("transport", "log").with(INJECTION),
                Row.of("gate", "transport").with("jakarta.servlet.."),
                Row.of("broker").with("org.apache.activemq.artemis..", "jakarta.resource..", "javax.transaction.xa.."),
                Row.of("client", "contact", "checkcode", "protocol", "protocol.json", "vcard")
                        .with(JSON, "javax.sql..", "javax.net.ssl.."),
                Row.of("client.cli", "client", "contact", "checkcode", "protocol", "protocol.json", "vcard")
                        .with("picocli.."));
    }

    @ParameterizedTest
    @MethodSource("table")
    void aPackageImportsOnlyWhatTheTableSays(Row row) {
        classes()
                .that()
                .resideInAPackage(ROOT + "." + row.name())
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(row.allowed()).or(PRIMITIVES))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void everyPackageStandsInTheTable() {
        List<String> known = Stream.concat(
                        table().map(row -> ROOT + "." + row.name()),
                        Stream.of(ROOT, ROOT + ".health", ROOT + ".settings"))
                .toList();

        assertThat(packages()).extracting(JavaPackage::getName).isSubsetOf(known);
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
                .that(resideInAPackage(ROOT + ".sync"))
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
                .resideInAPackage(ROOT + ".api")
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
                        .or(resideInAPackage(ROOT + ".protocol"))
                        .or(resideInAPackage(ROOT + ".sync")))
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
                .resideOutsideOfPackage(ROOT + "." + name)
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
