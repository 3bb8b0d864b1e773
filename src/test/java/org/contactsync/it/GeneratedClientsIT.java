package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that OpenAPI Generator makes of the served document can sync: TypeScript and Java do it, Kotlin and Python are
 * compiled. Java's libraries and the compiler of Kotlin are those that the build put beside the generator.
 */
@ExtendWith(SharedServer.class)
class GeneratedClientsIT {
    private static final Path TOOLS = Path.of(System.getProperty("generator.home", "target/generator"));
    private static final Path SOURCES = Path.of("src/test/generated-clients").toAbsolutePath();
    private static final int MINUTES = 8;

    private final LibertyServer server;
    private final Path directory;

    GeneratedClientsIT(LibertyServer server, @TempDir Path directory) {
        this.server = server;
        this.directory = directory;
    }

    @Test
    void typeScriptSyncs() throws Exception {
        requireProgram("node");
        requireProgram("npm");
        generate("typescript-fetch", "client");
        copySources("typescript");

        run("npm", "install", "--silent", "--no-audit", "--no-fund");
        run("node", "node_modules/typescript/bin/tsc", "-p", ".");
        String said = run("node", "built/sync.js", server.uri("").toString(), user());

        assertThat(said).contains("synced");
    }

    @Test
    void javaSyncs() throws Exception {
        generate("java", "client", "--library", "native");
        copySources("java");
        String libraries = jars("java");

        List<String> compile = new ArrayList<>(
                List.of(java("javac"), "-nowarn", "-proc:none", "-d", "built", "-cp", libraries, "Sync.java"));
        compile.addAll(files(directory.resolve("client/src/main/java"), ".java"));
        run(compile.toArray(String[]::new));
        String said = run(
                java("java"),
                "-cp",
                "built" + File.pathSeparator + libraries,
                "Sync",
                server.uri("").toString(),
                user());

        assertThat(said).contains("synced");
    }

    @Test
    void kotlinCompiles() throws Exception {
        generate("kotlin", "client", "--library", "jvm-okhttp4");
        copySources("kotlin");

        run(
                java("java"),
                "-Xmx512m",
                "-cp",
                jars("kotlin"),
                "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler",
                "-no-stdlib",
                "-no-reflect",
                "-nowarn",
                "-cp",
                jars("kotlin"),
                "-d",
                "built",
                "client/src/main/kotlin",
                "Changes.kt");

        assertThat(directory.resolve("built/ChangesKt.class")).exists();
    }

    /** Its libraries are not among the packages that every machine can install; the syntax is looked at. */
    @Test
    void pythonCompiles() throws Exception {
        requireProgram("python3");
        generate("python", "client");

        run("python3", "-m", "compileall", "-q", "client/openapi_client");

        assertThat(Files.readString(directory.resolve("client/openapi_client/models/change.py")))
                .contains("card: Optional[Dict[str, Any]]");
    }

    private void generate(String language, String target, String... options) throws Exception {
        HttpAnswer document = Device.ofNewUser(server).get("/openapi");
        assertThat(document.status()).isEqualTo(200);
        Files.writeString(directory.resolve("openapi.yaml"), document.text());
        List<String> command = new ArrayList<>(List.of(
                java("java"),
                "-Xmx512m",
                "-jar",
                TOOLS.resolve("openapi-generator-cli.jar").toAbsolutePath().toString(),
                "generate",
                "-g",
                language,
                "-i",
                "openapi.yaml",
                "-o",
                target));
        command.addAll(List.of(options));
        run(command.toArray(String[]::new));
    }

    private void copySources(String language) throws IOException {
        try (Stream<Path> sources = Files.list(SOURCES.resolve(language))) {
            for (Path source : sources.toList()) {
                Files.copy(source, directory.resolve(source.getFileName()));
            }
        }
    }

    private static List<String> files(Path below, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(below)) {
            return all.map(Path::toString).filter(each -> each.endsWith(ending)).toList();
        }
    }

    private static String jars(String folder) throws IOException {
        return files(TOOLS.resolve(folder).toAbsolutePath(), ".jar").stream()
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** A build that must be complete fails without it. */
    private static void requireProgram(String name) {
        boolean there = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(each -> Files.isExecutable(Path.of(each, name)));
        if (System.getenv("CI") == null) {
            assumeTrue(there, name + " is not installed");
        }
        assertThat(there).as(name + " is installed").isTrue();
    }

    private static String user() {
        return "generated-" + UUID.randomUUID();
    }

    private static String java(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }

    private String run(String... command) throws Exception {
        Path output = directory.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        String said = Files.readString(output);
        assertThat(process.waitFor())
                .as("%s%n%s", String.join(" ", command), said)
                .isZero();
        return said;
    }
}
