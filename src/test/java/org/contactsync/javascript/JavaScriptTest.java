package org.contactsync.javascript;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The JavaScript client without a server: its own tests, its types, and the rules of its files. */
class JavaScriptTest {
    private static final Path MODULES = Path.of("src", "main", "webapp", "js", "contact-sync");
    private static final int MOST_LINES = 300;
    private static final Pattern IMPORT = Pattern.compile("(?m)^(?:import|export)\\b[^;]*?from '([^']+)'|\\bimport\\(");
    private static final Pattern EXPORT = Pattern.compile(
            "(?m)^export (?:declare )?(?:async )?(?:class|function\\*?|const|let|abstract class) (\\w+)");

    @TempDir
    private Path directory;

    static Stream<Path> sources() throws IOException {
        return Stream.concat(files(MODULES, ".js", ".d.ts"), files(Node.TESTS, ".js", ".ts"));
    }

    static Stream<Path> modules() throws IOException {
        return files(MODULES, ".js");
    }

    /** Those that other programs import, by {@code package.json}; {@code types.test.js} looks at the index, which only passes on. */
    static Stream<Path> publicModules() throws IOException {
        String description = Files.readString(MODULES.resolve("package.json"));
        return modules()
                .filter(file -> description.contains("\"./" + file.getFileName() + "\""))
                .filter(file -> !file.endsWith("index.js"));
    }

    private static Stream<Path> files(Path folder, String... endings) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all
                    .filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void passesItsOwnTests() throws Exception {
        Node node = new Node(directory);
        Map<String, String> environment = Map.of("NODE_MODULES", node.packages().toString());

        String printed = node.test(files(Node.TESTS, ".test.js").toList(), environment);

        assertThat(printed).contains("fail 0", "skipped 0");
    }

    @Test
    void hasTypesThatAStrictCompilerAccepts() throws Exception {
        Node node = new Node(directory);
        Path compiler = node.packages().resolve("typescript").resolve("bin").resolve("tsc");

        node.run(
                Map.of(),
                "node",
                compiler.toString(),
                "-p",
                Node.TESTS.resolve("tsconfig.json").toString());
    }

    @ParameterizedTest
    @MethodSource("publicModules")
    void aPublicModuleHasTypesForWhatItExports(Path module) throws IOException {
        Path types = Path.of(module.toString().replaceFirst("\\.js$", ".d.ts"));

        assertThat(exports(types)).isEqualTo(exports(module)).isNotEmpty();
    }

    private static Set<String> exports(Path file) throws IOException {
        return EXPORT.matcher(Files.readString(file))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void aModuleImportsOnlyItsNeighbours(Path module) throws IOException {
        List<String> imports = IMPORT.matcher(Files.readString(module))
                .results()
                .map(found -> String.valueOf(found.group(1)))
                .toList();

        assertThat(imports).allMatch(each -> each.matches("\\./[a-z-]+\\.js"));
        assertThat(imports).allSatisfy(each -> assertThat(MODULES.resolve(each)).exists());
    }

    @ParameterizedTest
    @MethodSource("sources")
    void aFileIsShort(Path file) throws IOException {
        assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(MOST_LINES);
    }
}
