package org.contactsync.faults;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Stops, continues and kills processes that this one started. */
final class Signals {
    private Signals() {}

    /** SIGSTOP to a process and all below it: alive, connected, and not running. */
    static void stop(ProcessHandle process) {
        send("STOP", process);
    }

    static void goOn(ProcessHandle process) {
        send("CONT", process);
    }

    /** Has a Java virtual machine write what its threads do to its standard output. */
    static void dumpThreads(ProcessHandle java) {
        run(List.of("sh", "-c", "kill -QUIT " + java.pid()));
        Pursuit.rest(2_000);
    }

    /** SIGKILL to a process and all below it; returns when they are gone. */
    static void kill(ProcessHandle process) {
        List<ProcessHandle> all = withDescendants(process);
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle each : all) {
            try {
                each.onExit().get(30, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException("pid " + each.pid() + " does not end", e);
            }
        }
    }

    private static void send(String signal, ProcessHandle process) {
        String pids = withDescendants(process).stream()
                .map(each -> Long.toString(each.pid()))
                .collect(Collectors.joining(" "));
        // The shell's own, because a small system has no other. One that has ended meanwhile is no failure.
        run(List.of("sh", "-c", "kill -" + signal + " " + pids));
    }

    /** The exit code of a command, which prints nothing here. */
    static int run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("does not end: " + command);
            }
            return process.exitValue();
        } catch (IOException e) {
            return 127;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<ProcessHandle> withDescendants(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants()).toList();
    }
}
