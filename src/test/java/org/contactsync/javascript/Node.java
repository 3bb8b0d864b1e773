package org.contactsync.javascript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs Node.js 20 or newer. On a machine without it, or without npm where a test needs packages, the test is skipped; it fails where
 * the variable {@code CI} is set.
 */
public final class Node {
    /** Where the tests of the client are. */
    public static final Path TESTS = Path.of("src", "test", "js");

    private static final Path PACKAGES = Path.of("target", "javascript");
    private static final int OLDEST = 20;
    private static final int MINUTES = 8;

    private final Path directory;

    /** @param directory for the output */
    public Node(Path directory) {
        this.directory = directory;
    }

    /** A program that has ended, and what it printed. */
    private record Ended(int status, String output) {}

    /** Runs the tests of files below {@link #TESTS} and returns what they printed. */
    public String test(List<Path> files, Map<String, String> environment) throws IOException, InterruptedException {
        assertThat(files).isNotEmpty();
        List<String> command = new ArrayList<>(List.of("node", "--test", "--test-reporter=spec"));
        files.forEach(file -> command.add(file.toString()));
        return run(environment, command.toArray(String[]::new));
    }

    /** Runs a program and returns what it printed; fails unless its status is 0. */
    public String run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        requireNode();
        Ended ended = end(Path.of(""), environment, command);
        assertThat(ended.status())
                .as("%s%n%s", String.join(" ", command), ended.output())
                .isZero();
        return ended.output();
    }

    /** The folder {@code node_modules} with the packages of {@code src/test/js/package.json}, which npm installs once. */
    public Path packages() throws IOException, InterruptedException {
        requireNode();
        Path modules = PACKAGES.resolve("node_modules").toAbsolutePath();
        Path installed = PACKAGES.resolve("installed.json");
        Path wanted = TESTS.resolve("package.json");
        if (!Files.exists(installed) || Files.mismatch(installed, wanted) >= 0) {
            require(isOnPath("npm"), "npm is installed");
            Files.createDirectories(PACKAGES);
            Files.write(PACKAGES.resolve("package.json"), Files.readAllBytes(wanted));
            Ended npm = end(PACKAGES, Map.of(), "npm", "install", "--silent", "--no-audit", "--no-fund");
            require(npm.status() == 0, "npm installs the packages: " + npm.output());
            Files.write(installed, Files.readAllBytes(wanted));
        }
        return modules;
    }

    /** Skips or fails the test without Node.js. */
    public void requireNode() throws IOException, InterruptedException {
        require(isOnPath("node"), "Node.js is installed");
        String version =
                end(Path.of(""), Map.of(), "node", "--version").output().strip();
        int major = Integer.parseInt(version.replaceFirst("^v(\\d+)\\..*$", "$1"));
        require(major >= OLDEST, "Node.js is version " + OLDEST + " or newer, not " + version);
    }

    /** The first of these programs that is installed; skips or fails the test without any. */
    public static Path requireProgram(String... names) {
        List<Path> found = Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(each -> Path.of(each, name)))
                .filter(Files::isExecutable)
                .toList();
        require(!found.isEmpty(), "one of " + List.of(names) + " is installed");
        return found.get(0);
    }

    /** A build that must be complete fails without it. */
    private static void require(boolean there, String what) {
        if (System.getenv("CI") == null) {
            assumeTrue(there, "not so: " + what);
        }
        assertThat(there).as(what).isTrue();
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
    }

    private Ended end(Path working, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(Arrays.asList(command))
                .directory(working.toAbsolutePath().toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new Ended(process.waitFor(), Files.readString(output));
    }
}
