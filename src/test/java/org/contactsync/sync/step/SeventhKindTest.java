package org.contactsync.sync.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new kind of step does not compile until each place that treats kinds differently knows it. */
class SeventhKindTest {
    private static final Path MAIN = Path.of("src", "main", "java");
    private static final Path STEPS = MAIN.resolve(Path.of("org", "contactsync", "sync", "step"));
    private static final String KIND = "UNDO_TASK";
    private static final Pattern USES = Pattern.compile("\\.match\\(|\\bStepKind\\b|step\\(?\\)?\\.kind\\(\\)");
    private static final Pattern TYPE =
            Pattern.compile("(?m)^(?:public |final |sealed |abstract )*(?:class|interface|enum|record) (\\w+)");

    @Test
    void aSeventhKindDoesNotCompileWhereItIsMissing(@TempDir Path classes) throws IOException {
        // the one place that knows the types of steps
        assertThat(compiles(classes, kinds(), stepWithRecord())).isFalse();
        // when it has the kind, what is left are the places that have to decide
        assertThat(compiles(classes, kinds(), stepWithMatch())).isTrue();
        List<String> users = new ArrayList<>();
        Set<String> places = new TreeSet<>();
        for (Path user : users()) {
            String text = Files.readString(user);
            users.add(text);
            if (!compiles(classes, kinds(), stepWithMatch(), text)) {
                places.add(user.getFileName().toString());
            }
        }
        assertThat(compiles(classes, read("StepKind"), read("Step"), users.toArray(String[]::new)))
                .as("as it is")
                .isTrue();
        assertThat(places).containsExactly("StepCodec.java", "SyncEngine.java");
    }

    /** Beside those, nobody asks for the type of a step, or for the number of a constant. */
    @Test
    void nothingDistinguishesKindsInAnotherWay() throws IOException {
        String types = Arrays.stream(Step.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .collect(Collectors.joining("|"));
        Pattern ways = Pattern.compile("instanceof (Step\\.)?(" + types + ")\\b|\\((Step\\.)?(" + types + ")\\) "
                + "|\\.ordinal\\(\\)|\\.values\\(\\)\\[");
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(MAIN)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                if (!file.equals(STEPS.resolve("Step.java"))) {
                    ways.matcher(Files.readString(file))
                            .results()
                            .forEach(match -> found.add(file.getFileName() + ": " + match.group()));
                }
            }
        }
        assertThat(found).isEmpty();
    }

    private static String kinds() throws IOException {
        return replaced(read("StepKind"), "RUN_WAITING(5,", KIND + "(6, \"undotask\", true),\n    RUN_WAITING(5,");
    }

    private static String stepWithRecord() throws IOException {
        String step = read("Step");
        int end = step.lastIndexOf('}');
        return step.substring(0, end) + """
                    record UndoTask(Head head) implements Step {
                        @Override
                        public StepKind kind() {
                            return StepKind.UNDO_TASK;
                        }
                    }
                }
                """;
    }

    private static String stepWithMatch() throws IOException {
        String step = replaced(
                stepWithRecord(),
                "Function<RunWaiting, R> runWaiting)",
                "Function<RunWaiting, R> runWaiting,\n            Function<UndoTask, R> undoTask)");
        return replaced(
                step,
                "case RUN_WAITING ->",
                "case UNDO_TASK -> undoTask.apply((UndoTask) this);\n            case RUN_WAITING ->");
    }

    private static String replaced(String text, String what, String by) {
        assertThat(text).contains(what);
        return text.replace(what, by);
    }

    private static String read(String type) throws IOException {
        return Files.readString(STEPS.resolve(type + ".java"));
    }

    /** What may treat kinds of steps differently. */
    private static List<Path> users() throws IOException {
        try (Stream<Path> files = Files.walk(MAIN)) {
            return files.filter(SeventhKindTest::usesKinds).toList();
        }
    }

    private static boolean usesKinds(Path file) {
        try {
            return file.toString().endsWith(".java")
                    && !file.equals(STEPS.resolve("Step.java"))
                    && !file.equals(STEPS.resolve("StepKind.java"))
                    && USES.matcher(Files.readString(file)).find();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** One file more at a time: after its first errors the compiler does not look at every other one. */
    private static boolean compiles(Path classes, String kinds, String step, String... user) {
        List<JavaFileObject> sources = new ArrayList<>(List.of(source(kinds), source(step)));
        Stream.of(user).map(SeventhKindTest::source).forEach(sources::add);
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<String> options = List.of(
                "-proc:none", "-nowarn", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
        return ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, problems, options, null, sources)
                .call();
    }

    private static JavaFileObject source(String text) {
        Matcher type = TYPE.matcher(text);
        assertThat(type.find()).isTrue();
        URI uri = URI.create("string:///" + type.group(1) + ".java");
        return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
