package org.contactsync.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Protocol 4.20.6: the operator's own list. */
class BlockListTest {
    @TempDir
    private Path directory;

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void hasNumbersAndPrefixes() throws IOException {
        BlockList list = list("# spam\n+49 30 1234567\n\n+44 900*  # premium\n0190*\n201\nnonsense\n");

        assertThat(has(list, "+49301234567")).isTrue();
        assertThat(has(list, "030 1234567")).isTrue();
        assertThat(has(list, "sip:+49301234567@gw.example.org")).isTrue();
        assertThat(has(list, "+449001")).isTrue();
        assertThat(has(list, "01901234")).isTrue();
        assertThat(has(list, "201")).isTrue();
        assertThat(has(list, "+49301234568")).isFalse();
        assertThat(has(list, "+4490")).isFalse();
        assertThat(has(list, "2011")).isFalse();
        assertThat(has(list, "anonymous")).isFalse();
    }

    @Test
    void isReadAgainWhenItHasChanged() throws IOException {
        BlockList list = list("+49301234567\n");
        assertThat(has(list, "+49301234567")).isTrue();
        String before = list.revision();
        write("+49301234568\n", Instant.now().plusSeconds(5));

        assertThat(has(list, "+49301234568")).as("not at once").isFalse();
        pass(3);
        assertThat(has(list, "+49301234568")).isTrue();
        assertThat(has(list, "+49301234567")).isFalse();
        assertThat(list.revision()).isNotEqualTo(before);
    }

    /** Behind a load balancer the next request may ask another instance, whose copy is another file. */
    @Test
    void theRevisionIsThatOfTheContent() throws IOException {
        String before = list("+49301234567\n").revision();
        write("+49301234568\n", Instant.now().plusSeconds(5));
        String other = new BlockList(Optional.of(file()), nanos::get).revision();
        Path copy = Files.writeString(directory.resolve("copy.txt"), "+49301234567\n");
        Files.setLastModifiedTime(copy, FileTime.from(Instant.now().minusSeconds(500)));

        assertThat(new BlockList(Optional.of(copy), nanos::get).revision())
                .isEqualTo(before)
                .isNotEqualTo(other);
        assertThat(new BlockList(Optional.empty(), nanos::get).revision()).isNotEqualTo(before);
    }

    @Test
    void theLastOneAppliesWhileTheFileIsGoneOrTooLarge() throws IOException {
        BlockList list = list("+49301234567\n");
        assertThat(has(list, "+49301234567")).isTrue();
        Files.delete(file());
        pass(3);
        assertThat(has(list, "+49301234567")).isTrue();
        write("+49301234568\n" + "#".repeat(BlockList.MOST_BYTES), Instant.now().plusSeconds(5));
        pass(3);
        assertThat(has(list, "+49301234567")).isTrue();
    }

    @Test
    void blocksNothingWithoutAFile() {
        assertThat(has(new BlockList(Optional.empty(), nanos::get), "+49301234567"))
                .isFalse();
    }

    private static boolean has(BlockList list, String number) {
        return list.has(AskedNumber.of(number, Optional.of("DE")));
    }

    private BlockList list(String text) throws IOException {
        write(text, Instant.now());
        return new BlockList(Optional.of(file()), nanos::get);
    }

    private Path file() {
        return directory.resolve("blocked.txt");
    }

    private void write(String text, Instant at) throws IOException {
        Files.writeString(file(), text);
        Files.setLastModifiedTime(file(), FileTime.from(at));
    }

    private void pass(int seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }
}
