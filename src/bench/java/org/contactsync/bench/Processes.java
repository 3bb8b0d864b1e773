package org.contactsync.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What Linux says of processes, from {@code /proc}. */
final class Processes {
    /** Clock ticks are hundredths of a second on every Linux that runs Java. */
    private static final int MILLIS_PER_TICK = 10;

    private Processes() {}

    /** Processor time in milliseconds since a process began. */
    record Cpu(long user, long system) {
        long total() {
            return user + system;
        }

        Cpu plus(Cpu other) {
            return new Cpu(user + other.user, system + other.system);
        }

        Cpu minus(Cpu other) {
            return new Cpu(user - other.user, system - other.system);
        }
    }

    /** Of one process; nothing when it has ended. */
    static Cpu cpu(long pid) {
        List<String> fields = stat(pid);
        return fields.isEmpty() ? new Cpu(0, 0) : new Cpu(ticks(fields, 11), ticks(fields, 12));
    }

    /** Of a process, its children that have ended and its children now. */
    static Cpu cpuWithChildren(long pid) {
        List<String> fields = stat(pid);
        Cpu sum = fields.isEmpty()
                ? new Cpu(0, 0)
                : new Cpu(ticks(fields, 11) + ticks(fields, 13), ticks(fields, 12) + ticks(fields, 14));
        for (ProcessHandle child : ProcessHandle.of(pid).map(ProcessHandle::children).stream()
                .flatMap(each -> each)
                .toList()) {
            sum = sum.plus(cpu(child.pid()));
        }
        return sum;
    }

    /** A line of {@code /proc/<pid>/status} in MiB, such as {@code VmRSS}. */
    static long mebibytes(long pid, String name) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith(name + ":"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                            .findFirst()
                            .orElseThrow()
                    / 1024;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The fields after the name, which may hold anything: field 11 is {@code utime}. */
    private static List<String> stat(long pid) {
        try {
            String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return List.of(line.substring(line.lastIndexOf(')') + 2).split(" "));
        } catch (IOException e) {
            return List.of();
        }
    }

    private static long ticks(List<String> fields, int index) {
        return Long.parseLong(fields.get(index)) * MILLIS_PER_TICK;
    }
}
