package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.contactsync.client.FakeServer;
import org.contactsync.client.MadeBooks;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The library as it is published: what {@code docs/clients.md} installs is enough for a program of ten lines. */
@Timeout(600)
class ClientLibraryIT {
    private static final Pattern INSTALL =
            Pattern.compile("<!-- install:begin -->\\s*```sh\\n(.*?)```\\s*<!-- install:end -->", Pattern.DOTALL);
    private static final Pattern MODULE =
            Pattern.compile("<!-- module:begin -->\\s*```java\\n(.*?)```\\s*<!-- module:end -->", Pattern.DOTALL);
    private static final Path CLIENTS = Path.of("docs", "clients.md");
    private static final int LONGEST_MINUTES = 5;

    private static final String PROGRAM = """
            package com.example;

            import java.net.URI;
            import java.nio.file.Path;
            import java.util.Optional;
            import org.contactsync.client.addressbook.VdirAddressBook;
            import org.contactsync.client.device.SyncClient;
            import org.contactsync.client.http.Account;

            public class Program {
                public static void main(String[] args) throws Exception {
                    Account account = new Account(URI.create(args[0]), "token", Optional.empty());
                    VdirAddressBook book = new VdirAddressBook(Path.of(args[1]));
                    try (SyncClient client = SyncClient.open(account, book, Path.of(args[2]))) {
                        client.start().sync().get();
                    }
                }
            }
            """;

    @TempDir
    private static Path repository;

    private static final List<Path> libraries = new ArrayList<>();

    @TempDir
    private Path files;

    /** A dependency that the POM names. */
    private record Needed(String group, String artifact, String version, boolean optional) {
        Path in(Path repository) {
            return repository.resolve(
                    group.replace('.', '/') + "/" + artifact + "/" + version + "/" + artifact + "-" + version + ".jar");
        }
    }

    @BeforeAll
    static void install() throws Exception {
        List<String> command = new ArrayList<>(
                List.of(block(INSTALL).replace("\\\n", " ").strip().split("\\s+")));
        assertThat(command.get(0)).isEqualTo("mvn");
        command.set(0, maven());
        command.addAll(List.of("-B", "-ntp", "-DlocalRepositoryPath=" + repository));
        if (System.getProperty("maven.offline", "").endsWith(" true")) {
            command.add("-o");
        }
        Path settings = Path.of(System.getProperty("maven.settings", "").replaceFirst("^settings ", ""));
        if (Files.isRegularFile(settings)) {
            command.addAll(List.of("-s", settings.toString()));
        }
        command.add("-Dmaven.repo.local=" + System.getProperty("maven.repository"));
        run(command);
        libraries.add(installed(".jar"));
        for (Needed needed : needed(installed(".pom"))) {
            Path jar = needed.in(Path.of(System.getProperty("maven.repository")));
            assertThat(jar).isRegularFile();
            if (!needed.optional()) {
                libraries.add(jar);
            }
        }
    }

    private static String maven() {
        String home = System.getProperty("maven.home", "");
        return home.isEmpty() ? "mvn" : Path.of(home, "bin", "mvn").toString();
    }

    private static String block(Pattern pattern) throws IOException {
        Matcher found = pattern.matcher(Files.readString(CLIENTS));
        assertThat(found.find()).as("%s in %s", pattern, CLIENTS).isTrue();
        return found.group(1);
    }

    /** The only file of the library in the repository whose name ends so, after its version. */
    private static Path installed(String ending) throws IOException {
        try (Stream<Path> all = Files.walk(repository.resolve("org/contactsync/contact-sync-client"))) {
            List<Path> found = all.filter(file -> file.getFileName()
                            .toString()
                            .matches("contact-sync-client-[0-9.]+(-SNAPSHOT)?" + Pattern.quote(ending)))
                    .toList();
            assertThat(found).as(ending).hasSize(1);
            return found.get(0);
        }
    }

    private static List<Needed> needed(Path pom) throws Exception {
        NodeList dependencies = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(pom.toFile())
                .getElementsByTagName("dependency");
        List<Needed> needed = new ArrayList<>();
        for (int i = 0; i < dependencies.getLength(); i++) {
            Element each = (Element) dependencies.item(i);
            needed.add(new Needed(
                    text(each, "groupId"),
                    text(each, "artifactId"),
                    text(each, "version"),
                    each.getElementsByTagName("optional").getLength() > 0));
        }
        assertThat(needed).hasSizeGreaterThan(4);
        return needed;
    }

    private static String text(Element element, String name) {
        return element.getElementsByTagName(name).item(0).getTextContent();
    }

    @Test
    void everyPartIsThereAndAboutTheSameClasses() throws Exception {
        Set<String> classes = names(installed(".jar"), "(.*)\\.class");
        classes.removeIf(name -> name.contains("$"));

        assertThat(names(installed("-sources.jar"), "(.*)\\.java")).isEqualTo(classes);
        assertThat(names(installed("-javadoc.jar"), "(.*)\\.html"))
                .contains(
                        "org/contactsync/client/device/SyncClient",
                        "org/contactsync/client/http/port/HttpPort",
                        "org/contactsync/client/local/Sql")
                .noneMatch(name -> name.contains("/cli/"));
        assertThat(classes)
                .contains("org/contactsync/client/device/SyncClient")
                .noneMatch(name -> name.startsWith("org/contactsync/client/cli/"));
    }

    private static Set<String> names(Path jar, String pattern) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream()
                    .map(ZipEntry::getName)
                    .map(Pattern.compile(pattern)::matcher)
                    .filter(Matcher::matches)
                    .map(found -> found.group(1))
                    .collect(TreeSet::new, Set::add, Set::addAll);
        }
    }

    @Test
    void thePomNamesAllThatTheLibraryUses() {
        StringWriter out = new StringWriter();
        int exit = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintWriter(out),
                        new PrintWriter(out),
                        "--multi-release",
                        "17",
                        "--missing-deps",
                        "--class-path",
                        path(libraries.subList(1, libraries.size())),
                        libraries.get(0).toString());

        assertThat(exit).isZero();
        assertThat(out.toString().lines().filter(line -> line.contains("->") && line.startsWith("  ")))
                .isNotEmpty() // OkHttp is optional
                .allMatch(line -> line.strip().startsWith("org.contactsync.client.http.okhttp"), "is of OkHttp");
    }

    @Test
    void aProgramRunsOnTheClassPath() throws Exception {
        Path classes = Files.createDirectory(files.resolve("classes"));
        compile(classes, List.of("-cp", path(libraries)), source("com/example/Program.java", PROGRAM));

        synchronises(List.of("-cp", classes + File.pathSeparator + path(libraries), "com.example.Program"));
    }

    @Test
    void aProgramRunsOnTheModulePath() throws Exception {
        Path classes = Files.createDirectory(files.resolve("classes"));
        compile(
                classes,
                List.of("-p", path(libraries)),
                source("com/example/Program.java", PROGRAM),
                source("module-info.java", block(MODULE)));

        synchronises(
                List.of("-p", classes + File.pathSeparator + path(libraries), "-m", "com.example/com.example.Program"));
    }

    private Path source(String name, String text) throws IOException {
        Path source = files.resolve("source").resolve(name);
        Files.createDirectories(source.getParent());
        return Files.writeString(source, text);
    }

    private static void compile(Path to, List<String> where, Path... sources) throws Exception {
        List<String> command = new ArrayList<>(List.of(tool("javac"), "-proc:none", "-d", to.toString()));
        command.addAll(where);
        Stream.of(sources).map(Path::toString).forEach(command::add);
        run(command);
    }

    private void synchronises(List<String> program) throws Exception {
        Path folder = Files.createDirectory(files.resolve("contacts"));
        Files.write(folder.resolve("one.vcf"), MadeBooks.vcards(1, 1).getBytes(StandardCharsets.UTF_8));
        try (FakeServer server = new FakeServer()) {
            List<String> command = new ArrayList<>(List.of(tool("java")));
            command.addAll(program);
            command.addAll(List.of(
                    server.account().server().toString(),
                    folder.toString(),
                    files.resolve("state").toString()));

            run(command);

            assertThat(server.book()).hasSize(1);
        }
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    private static String path(List<Path> jars) {
        return String.join(File.pathSeparator, jars.stream().map(Path::toString).toList());
    }

    /** Its output goes to a file, so that it never waits for a reader. */
    private static void run(List<String> command) throws Exception {
        Path log = Files.createTempFile(repository, "output", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended).as("%s ended: %s", command, Files.readString(log)).isTrue();
        assertThat(process.exitValue())
                .as("%s: %s", command, Files.readString(log))
                .isZero();
    }
}
