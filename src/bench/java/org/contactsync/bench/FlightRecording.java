package org.contactsync.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * A recording of another Java virtual machine, taken with its {@code jcmd}: where its processor time, its allocations and its
 * waits for monitors are. Samples are of Java code only: what the kernel does for it is not in them.
 */
final class FlightRecording {
    private static final int TOP = 20;
    private static final int TOP_FEW = 12;

    /** Parts of the server by the packages of their classes; the first that fits, from the top of a stack, has the sample. */
    private static final Map<String, String> PARTS = Map.ofEntries(
            Map.entry("org.contactsync.", "contact-sync"),
            Map.entry("org.postgresql.", "PostgreSQL driver"),
            Map.entry("org.h2.", "H2"),
            Map.entry("org.eclipse.persistence.", "EclipseLink"),
            Map.entry("org.apache.activemq.", "Artemis"),
            Map.entry("io.netty.", "Artemis (Netty)"),
            Map.entry("org.jboss.resteasy.", "RESTEasy"),
            Map.entry("io.openliberty.restfulWS", "RESTEasy"),
            Map.entry("org.jboss.weld.", "Weld"),
            Map.entry("org.eclipse.parsson.", "JSON"),
            Map.entry("com.ibm.ws.http", "HTTP channel"),
            Map.entry("com.ibm.ws.tcpchannel", "HTTP channel"),
            Map.entry("com.ibm.ws.bytebuffer", "HTTP channel"),
            Map.entry("com.ibm.ws.channelfw", "HTTP channel"),
            Map.entry("com.ibm.wsspi.http", "HTTP channel"),
            Map.entry("com.ibm.ws.webcontainer.security", "security, JWT"),
            Map.entry("com.ibm.ws.security", "security, JWT"),
            Map.entry("io.openliberty.security", "security, JWT"),
            Map.entry("org.jose4j.", "security, JWT"),
            Map.entry("sun.security.rsa.", "security, JWT"),
            Map.entry("com.ibm.ws.webcontainer", "web container"),
            Map.entry("com.ibm.ws.rsadapter", "data source, pool"),
            Map.entry("com.ibm.ejs.j2c", "data source, pool"),
            Map.entry("com.ibm.ws.j2c", "data source, pool"),
            Map.entry("com.ibm.ws.jca", "resource adapter"),
            Map.entry("com.ibm.ws.tx", "transactions"),
            Map.entry("com.ibm.tx", "transactions"),
            Map.entry("com.ibm.ws.Transaction", "transactions"),
            Map.entry("com.ibm.ws.ejbcontainer", "EJB container"),
            Map.entry("com.ibm.ejs.container", "EJB container"),
            Map.entry("com.ibm.ws.concurrent", "executors"),
            Map.entry("com.ibm.ws.threading", "executors"),
            Map.entry("io.smallrye.", "MicroProfile"),
            Map.entry("com.ibm.ws.jpa", "EclipseLink"),
            Map.entry("com.ibm.ws.cdi", "Weld"),
            Map.entry("com.ibm.", "other Liberty"),
            Map.entry("io.openliberty.", "other Liberty"));

    private final long pid;
    private final Path file;

    private FlightRecording(long pid, Path file) {
        this.pid = pid;
        this.file = file;
    }

    static FlightRecording start(long pid, Path file) {
        command(pid, "JFR.start", "name=bench", "settings=profile");
        return new FlightRecording(pid, file.toAbsolutePath());
    }

    void stop() {
        command(pid, "JFR.stop", "name=bench", "filename=" + file);
    }

    void print(Report report, String name) {
        Map<String, Long> frames = new HashMap<>();
        Map<String, Long> parts = new HashMap<>();
        Map<String, Long> own = new HashMap<>();
        Map<String, Long> allocatedBy = new HashMap<>();
        Map<String, Long> allocated = new HashMap<>();
        Map<String, Long> allocatedByOwn = new HashMap<>();
        Map<String, Long> monitors = new HashMap<>();
        try (RecordingFile recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                RecordedEvent event = recording.readEvent();
                switch (event.getEventType().getName()) {
                    case "jdk.ExecutionSample" -> {
                        add(frames, top(event), 1);
                        add(parts, part(event), 1);
                        ours(event).ifPresent(method -> add(own, method, 1));
                    }
                    case "jdk.ObjectAllocationSample" -> {
                        add(allocatedBy, part(event), event.getLong("weight"));
                        ours(event).ifPresent(method -> add(allocatedByOwn, method, event.getLong("weight")));
                        add(
                                allocated,
                                event.getClass("objectClass").getName() + " in " + top(event),
                                event.getLong("weight"));
                    }
                    case "jdk.JavaMonitorEnter" ->
                        add(
                                monitors,
                                event.getClass("monitorClass").getName() + " in " + top(event),
                                event.getDuration().toMillis());
                    default -> {}
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        report.heading("Profile of the server: " + name);
        print(report, "processor samples, by part of the server", parts, TOP);
        print(report, "processor samples, by method", frames, TOP);
        print(report, "processor samples, by method of contact-sync on the stack nearest to the top", own, TOP_FEW);
        print(report, "bytes allocated, by part of the server", allocatedBy, TOP);
        print(
                report,
                "bytes allocated, by method of contact-sync on the stack nearest to the top",
                allocatedByOwn,
                TOP_FEW);
        print(report, "bytes allocated, by class and method", allocated, TOP_FEW);
        print(report, "milliseconds waited for monitors (10 ms and longer)", monitors, TOP_FEW);
    }

    private static void print(Report report, String title, Map<String, Long> counts, int most) {
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        List<List<String>> rows = counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(most)
                .map(entry -> List.of(
                        String.format(Locale.ROOT, "%.1f %%", 100.0 * entry.getValue() / Math.max(1, all)),
                        entry.getKey()))
                .toList();
        report.table(List.of("of " + all, title), rows);
    }

    private static String top(RecordedEvent event) {
        return frames(event).stream().findFirst().map(FlightRecording::name).orElse("?");
    }

    private static Optional<String> ours(RecordedEvent event) {
        return frames(event).stream()
                .map(FlightRecording::name)
                .filter(name -> name.startsWith("org.contactsync."))
                .filter(name -> !name.contains("$Proxy"))
                .findFirst();
    }

    private static String part(RecordedEvent event) {
        for (RecordedFrame frame : frames(event)) {
            String name = name(frame);
            Optional<String> longest =
                    PARTS.keySet().stream().filter(name::startsWith).max(Comparator.comparingInt(String::length));
            if (longest.isPresent()) {
                return PARTS.getOrDefault(longest.get(), "");
            }
        }
        return "Java alone";
    }

    private static List<RecordedFrame> frames(RecordedEvent event) {
        return event.getStackTrace() == null ? List.of() : event.getStackTrace().getFrames();
    }

    private static String name(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    private static void add(Map<String, Long> counts, String name, long more) {
        counts.merge(name, more, Long::sum);
    }

    private static void command(long pid, String... words) {
        try {
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.command().addAll(List.of(words));
            if (builder.start().waitFor() != 0) {
                throw new IllegalStateException("jcmd refused: " + List.of(words));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
