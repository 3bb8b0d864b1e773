package org.contactsync.it;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The packaged server of an earlier revision of this repository, made with Maven once and kept in {@code target/previous}.
 *
 * <pre>
 *   upgrade.from      the revision
 *   upgrade.required  whether it is a failure, and no reason to skip a test, that the revision is not there
 *   upgrade.home      a server of that revision that is packaged already, such as target/liberty/wlp of another clone
 * </pre>
 */
final class PreviousBuild {
    private static final Path ALL = Path.of("target", "previous").toAbsolutePath();
    private static final int LONGEST_MINUTES = 20;
    private static final int LONGEST_GIT_MINUTES = 2;

    private PreviousBuild() {}

    /**
     * The directory {@code wlp} of the server; made at the first call, which takes a minute or two.
     *
     * @throws org.opentest4j.TestAbortedException when the revision is not there, as in a shallow clone
     */
    static Path home() {
        String packaged = System.getProperty("upgrade.home", "");
        if (!packaged.isEmpty()) {
            return Path.of(packaged).toAbsolutePath();
        }
        String commit = commit(System.getProperty("upgrade.from", ""));
        Path directory = ALL.resolve(commit);
        Path home = directory.resolve(Path.of("source", "target", "liberty", "wlp"));
        Path done = directory.resolve("done");
        try {
            if (!Files.exists(done)) {
                make(commit, directory);
                Files.createFile(done);
            }
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String commit(String revision) {
        if (revision.isEmpty()) {
            throw new IllegalStateException("upgrade.from is not set: run this test with Maven");
        }
        Path answer = ALL.resolve("revision.log");
        int exit = run(
                Path.of("").toAbsolutePath(),
                answer,
                LONGEST_GIT_MINUTES,
                List.of("git", "rev-parse", "--verify", "--quiet", revision + "^{commit}"));
        String commit = read(answer).strip();
        if (exit != 0 || commit.isEmpty()) {
            String reason = "the revision upgrade.from=" + revision
                    + " is not in this clone, or git is missing: the update from it is not tested (git fetch --unshallow)";
            if (Boolean.getBoolean("upgrade.required")) {
                throw new IllegalStateException(reason);
            }
            return abort(reason);
        }
        return commit;
    }

    /** What only checks the source, or only its tests need, is left out. */
    private static void make(String commit, Path directory) throws IOException {
        Path source = directory.resolve("source");
        Path archive = directory.resolve("source.tar");
        Path log = directory.resolve("build.log");
        Files.createDirectories(source);
        must(log, Path.of("").toAbsolutePath(), List.of("git", "archive", "-o", archive.toString(), commit));
        must(log, source, List.of("tar", "-xf", archive.toString()));
        Files.delete(archive);
        Path pom = source.resolve("pom.xml");
        Files.writeString(pom, Files.readString(pom).replaceAll("<arg>[^<]*-Xplugin:ErrorProne[^<]*</arg>", ""));
        must(log, source, maven());
    }

    private static List<String> maven() {
        String home = System.getProperty("maven.home", "");
        List<String> command = new ArrayList<>(
                List.of(home.isEmpty() ? "mvn" : Path.of(home, "bin", "mvn").toString(), "-B", "-ntp"));
        if (System.getProperty("maven.offline", "").endsWith(" true")) {
            command.add("-o");
        }
        Path settings = Path.of(System.getProperty("maven.settings", "").replaceFirst("^settings ", ""));
        if (Files.isRegularFile(settings)) {
            command.addAll(List.of("-s", settings.toString()));
        }
        String repository = System.getProperty("maven.repository", "");
        if (!repository.isEmpty()) {
            command.add("-Dmaven.repo.local=" + repository);
        }
        command.addAll(List.of(
                "-DskipTests",
                "-Dmaven.test.skip=true",
                "-Dspotless.check.skip=true",
                "-Djacoco.skip=true",
                // the broker and the generator of this build's tests
                "-Dmdep.skip=true",
                "pre-integration-test"));
        return command;
    }

    private static void must(Path log, Path directory, List<String> command) {
        int exit = run(directory, log, LONGEST_MINUTES, command);
        if (exit != 0) {
            throw new IllegalStateException(
                    "the previous build was not made: " + command.get(0) + " ended with " + exit + "\n" + read(log));
        }
    }

    /** @return its exit code; -1 when there is no such program */
    private static int run(Path directory, Path log, int minutes, List<String> command) {
        try {
            Files.createDirectories(log.getParent());
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(log.toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            // those of this build's servers
            builder.environment().keySet().removeIf(name -> name.startsWith("DB_") || name.equals("HTTP_PORT"));
            Process process = builder.start();
            if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new IllegalStateException("did not end in " + minutes + " minutes: " + command);
            }
            return process.exitValue();
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
