package org.contactsync.client.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The program as a process of its own, from the classes that are tested. */
final class ProgramProcess {
    private static final long LONGEST_SECONDS = 120;

    private final Path directory;
    private final Map<String, String> environment;

    /** @param directory for its state and outputs */
    ProgramProcess(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    record Ended(int exitCode, String out, String err) {}

    /** The words that start it. */
    static List<String> words(List<String> javaOptions, String... arguments) {
        List<String> words = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        words.addAll(javaOptions);
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), ContactSync.class.getName()));
        words.addAll(List.of(arguments));
        return words;
    }

    Ended run(List<String> words) throws IOException, InterruptedException {
        return run(words, new File("/dev/null"));
    }

    Ended run(List<String> words, File in) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectInput(in)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeAll(Set.of("NO_COLOR", "CONTACT_SYNC_ACCOUNT"));
        builder.environment().putAll(environment);
        builder.environment().put("XDG_STATE_HOME", directory.resolve("state").toString());
        builder.environment().put("XDG_CONFIG_HOME", directory.resolve("config").toString());
        Process process = builder.start();
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("did not end: " + words);
        }
        return new Ended(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
