package org.contactsync.lookup;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.contactsync.checkcode.Sha256;
import org.contactsync.log.FailureLog;

/**
 * Numbers that the operator blocks for all users: a file with a number or, with {@code *} at its end, a prefix a line. It is read again
 * within some seconds of a change, by a look-up; meanwhile, and while it cannot be read, the last one applies. Thread-safe.
 */
public final class BlockList {
    /** Larger files are not read. */
    static final int MOST_BYTES = 4 * 1024 * 1024;

    /** Lines behind these are left out. */
    static final int MOST_LINES = 200_000;

    private static final int REVISION_BYTES = 8;

    private static final Duration PERIOD = Duration.ofSeconds(2);
    private static final Logger LOG = System.getLogger(BlockList.class.getName());
    private static final FailureLog FAILURES = FailureLog.of(BlockList.class);

    private final Optional<Path> file;
    private final LongSupplier nanoTime;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Numbers numbers = new Numbers(Set.of(), Set.of(), 0, "", "0");
    private volatile long nextLook;

    /**
     * What was read.
     *
     * @param seen of the file that it was read from
     * @param revision stands for its content: the same on every instance
     */
    private record Numbers(Set<String> whole, Set<String> prefixes, int longestPrefix, String seen, String revision) {
        boolean has(String number) {
            if (whole.contains(number)) {
                return true;
            }
            for (int end = Math.min(number.length(), longestPrefix); end > 0; end--) {
                if (prefixes.contains(number.substring(0, end))) {
                    return true;
                }
            }
            return false;
        }
    }

    /** @param file empty if there is none */
    public BlockList(Optional<Path> file, LongSupplier nanoTime) {
        this.file = file;
        this.nanoTime = nanoTime;
        nextLook = nanoTime.getAsLong();
    }

    boolean has(AskedNumber number) {
        Numbers current = current();
        return number.e164().filter(current::has).isPresent()
                || number.digits().filter(current::has).isPresent();
    }

    /** Changes with the content of the file. */
    String revision() {
        return current().revision();
    }

    private Numbers current() {
        if (file.isPresent() && nanoTime.getAsLong() - nextLook >= 0 && reading.tryLock()) {
            try {
                nextLook = nanoTime.getAsLong() + PERIOD.toNanos();
                lookAt(file.get());
            } finally {
                reading.unlock();
            }
        }
        return numbers;
    }

    private void lookAt(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            String seen = attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
            if (seen.equals(numbers.seen())) {
                return;
            }
            try (InputStream in = Files.newInputStream(path)) {
                byte[] bytes = in.readNBytes(MOST_BYTES + 1);
                if (bytes.length > MOST_BYTES) {
                    throw new IOException("larger than " + MOST_BYTES + " bytes");
                }
                String revision = HexFormat.of().formatHex(Sha256.digest(bytes), 0, REVISION_BYTES);
                numbers = read(new String(bytes, StandardCharsets.UTF_8), seen, revision);
            }
        } catch (IOException e) {
            FAILURES.warning("the block list cannot be read; the last one applies", e);
        }
    }

    private static Numbers read(String text, String seen, String revision) {
        Set<String> whole = new HashSet<>();
        Set<String> prefixes = new HashSet<>();
        int[] wrong = {0};
        try (Stream<String> lines = text.lines().limit(MOST_LINES)) {
            lines.map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .forEach(line -> {
                        boolean prefix = line.endsWith("*");
                        Optional<String> number = number(prefix ? line.substring(0, line.length() - 1) : line, prefix);
                        number.ifPresentOrElse(each -> (prefix ? prefixes : whole).add(each), () -> wrong[0]++);
                    });
        }
        int longest = prefixes.stream().mapToInt(String::length).max().orElse(0);
        LOG.log(
                wrong[0] == 0 ? Level.INFO : Level.WARNING,
                String.format(
                        Locale.ROOT,
                        "block list read: numbers=%d prefixes=%d lines-not-understood=%d",
                        whole.size(),
                        prefixes.size(),
                        wrong[0]));
        return new Numbers(whole, prefixes, longest, seen, revision);
    }

    /** A prefix is no number: it is taken as it is written. */
    private static Optional<String> number(String text, boolean prefix) {
        String bare = text.replaceAll("[ ()./-]", "");
        if (!bare.matches("\\+?[0-9*]{1,31}")) {
            return Optional.empty();
        }
        return prefix ? Optional.of(bare) : NumberText.of(text).map(NumberText::main);
    }
}
