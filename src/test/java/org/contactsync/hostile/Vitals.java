package org.contactsync.hostile;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Reads the memory and threads of a running server process, by {@code /proc} and by its JVM's own beans. One thread at a time. */
public final class Vitals implements AutoCloseable {
    private static final double MIB = 1024 * 1024;

    private final long pid;
    private final JMXConnector connector;
    private final MemoryMXBean memory;
    private final ThreadMXBean threads;
    private final List<BufferPoolMXBean> buffers;
    private final List<MemoryPoolMXBean> pools;

    /** Sizes in MiB. */
    public record Sample(
            double resident, double heap, double metaspace, double code, double direct, long buffers, int threads) {
        public String text() {
            return String.format(
                    Locale.ROOT,
                    "resident %.0f, heap %.0f, metaspace %.0f, code %.0f, direct %.1f in %d, threads %d",
                    resident,
                    heap,
                    metaspace,
                    code,
                    direct,
                    buffers,
                    threads);
        }
    }

    private Vitals(long pid, JMXConnector connector, MBeanServerConnection beans) throws IOException {
        this.pid = pid;
        this.connector = connector;
        memory = ManagementFactory.getPlatformMXBean(beans, MemoryMXBean.class);
        threads = ManagementFactory.getPlatformMXBean(beans, ThreadMXBean.class);
        buffers = new ArrayList<>(ManagementFactory.getPlatformMXBeans(beans, BufferPoolMXBean.class));
        pools = new ArrayList<>(ManagementFactory.getPlatformMXBeans(beans, MemoryPoolMXBean.class));
    }

    /** Attaches to a process of the same user; its JVM opens a connector for processes of this machine. */
    @SuppressWarnings("BanJNDI") // the address comes from a process that the test has started itself
    public static Vitals of(long pid) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            JMXServiceURL url;
            try {
                url = new JMXServiceURL(machine.startLocalManagementAgent());
            } finally {
                machine.detach();
            }
            JMXConnector connector = JMXConnectorFactory.connect(url);
            return new Vitals(pid, connector, connector.getMBeanServerConnection());
        } catch (AttachNotSupportedException e) {
            throw new IOException(e);
        }
    }

    public Sample sample() throws IOException {
        BufferPoolMXBean direct = buffers.stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findFirst()
                .orElseThrow();
        return new Sample(
                residentMebibytes(pid),
                memory.getHeapMemoryUsage().getCommitted() / MIB,
                used("Metaspace"),
                used("Code"),
                direct.getMemoryUsed() / MIB,
                direct.getCount(),
                threads.getThreadCount());
    }

    /** How many threads are in a method of that name, at any depth. */
    public long threadsIn(String method) {
        return Arrays.stream(threads.dumpAllThreads(false, false))
                .filter(thread -> Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals(method)))
                .count();
    }

    /** Has the JVM collect its garbage; the heap in use after it, in MiB. */
    public double liveHeap() {
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed() / MIB;
    }

    /** What Linux has in memory of the process, in MiB. */
    public static double residentMebibytes(long pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                            .findFirst()
                            .orElseThrow(() -> new IOException("process " + pid + " has ended"))
                    / 1024.0;
        }
    }

    private double used(String name) {
        return pools.stream()
                        .filter(pool -> pool.getName().startsWith(name))
                        .mapToLong(pool -> pool.getUsage().getUsed())
                        .sum()
                / MIB;
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
