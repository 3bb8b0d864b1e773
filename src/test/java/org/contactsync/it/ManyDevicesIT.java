package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Protocol 9: eight devices of one user write at once; all get through, and no acknowledged change is lost. */
@ExtendWith(SharedServer.class)
class ManyDevicesIT {
    private static final int DEVICES = 8;
    private static final int SHARED_CONTACTS = 10;
    private static final int MOST_ATTEMPTS = 500;
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private final Device phone;

    ManyDevicesIT(LibertyServer server) {
        phone = Device.ofNewUser(server);
    }

    /** 9.5. */
    @Test
    void withRebaseTheyRarelyRefuseEachOther() throws Exception {
        List<Writer> writers = run(25, true);

        assertNothingWasLost(writers, DEVICES * 25);
        int refused = writers.stream().mapToInt(writer -> writer.refused).sum();
        int requests = writers.stream().mapToInt(writer -> writer.requests).sum();
        assertThat(refused).as("refused of %d requests", requests).isLessThan(requests / 10);
    }

    /** 9.1. */
    @Test
    void withoutRebaseTheyAllGetThroughInTheEnd() throws Exception {
        assertNothingWasLost(run(5, false), DEVICES * 5);
    }

    private List<Writer> run(int writes, boolean rebase) throws Exception {
        List<Writer> writers = new ArrayList<>();
        for (int i = 0; i < DEVICES; i++) {
            writers.add(new Writer(phone.another("device-" + i), i, rebase));
        }
        ExecutorService threads = Executors.newFixedThreadPool(DEVICES);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Writer writer : writers) {
                running.add(threads.submit(() -> writer.write(writes)));
            }
            for (Future<?> one : running) {
                one.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        return writers;
    }

    /** Folds what was acknowledged, in the order of seq, and compares with what is there. */
    private void assertNothingWasLost(List<Writer> writers, int expected) {
        List<Acknowledged> log = writers.stream()
                .flatMap(writer -> writer.acknowledged.stream())
                .sorted(java.util.Comparator.comparingInt(Acknowledged::seq))
                .toList();
        assertThat(log).hasSize(expected);
        assertThat(log.stream().map(Acknowledged::seq)).doesNotHaveDuplicates();
        BookModel folded = new BookModel(phone.checkKey());
        for (Acknowledged change : log) {
            folded.put(change.uid(), change.card());
            assertThat(folded.checkCode()).as("seq %d", change.seq()).isEqualTo(change.checkCode());
        }
        BookModel stored = phone.read();
        assertThat(stored.contacts()).isEqualTo(folded.contacts());
        assertThat(phone.book().string("checkCode")).isEqualTo(stored.checkCode());
        assertThat(phone.book().number("seq")).isEqualTo(expected);
        assertThat(phone.book().number("count")).isEqualTo(stored.count());
    }

    private record Acknowledged(int seq, String uid, String card, String checkCode) {}

    /** A client that keeps its own book, as 9.4 and 11.6 ask for. One thread. */
    private static final class Writer {
        private final Device device;
        private final int number;
        private final boolean rebase;
        private final Random random;
        private final BookModel book;
        private final List<Acknowledged> acknowledged = new ArrayList<>();
        private int requests;
        private int refused;

        Writer(Device device, int number, boolean rebase) {
            this.device = device;
            this.number = number;
            this.rebase = rebase;
            random = new Random(number);
            book = BookModel.of(device);
        }

        void write(int writes) {
            for (int i = 0; i < writes; i++) {
                String uid = i % 12 == 11
                        ? "shared-" + random.nextInt(SHARED_CONTACTS)
                        : "of-" + number + "-" + random.nextInt(writes);
                put(uid, Changes.card("write " + i + " of " + number));
            }
        }

        private void put(String uid, String card) {
            for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
                HttpAnswer answer = send(uid, card);
                requests++;
                if (answer.status() == 200) {
                    acknowledge(answer, uid, card);
                    return;
                }
                refused++;
                if (rebase) {
                    answer.is(ProblemType.CONTACT_CONFLICT);
                    reread();
                } else {
                    JsonObject missed =
                            answer.is(ProblemType.CHECK_CODE_MISMATCH).getJsonObject("missed");
                    assertThat(missed.getBoolean("complete")).isTrue();
                    IncrementalSyncIT.apply(missed, book);
                    assertThat(book.checkCode()).isEqualTo(answer.string("serverCheckCode"));
                }
            }
            throw new AssertionError("not through after " + MOST_ATTEMPTS + " attempts");
        }

        private HttpAnswer send(String uid, String card) {
            Changes changes = new Changes();
            if (rebase) {
                changes.putOver(book.uids().contains(uid) ? book.contentHash(uid) : null, uid, card)
                        .rebase();
            } else {
                changes.put(uid, card);
            }
            return device.patch(book.checkCode(), changes.body(), "Prefer", "wait=50");
        }

        private void acknowledge(HttpAnswer answer, String uid, String card) {
            JsonObject done = answer.is(200).json();
            if (done.getBoolean("rebased")) {
                assertThat(done.getJsonObject("missed").getBoolean("complete")).isTrue();
                IncrementalSyncIT.apply(done.getJsonObject("missed"), book);
            }
            book.put(uid, card);
            assertThat(book.checkCode()).isEqualTo(done.getString("checkCode"));
            acknowledged.add(new Acknowledged(done.getInt("seq"), uid, card, done.getString("checkCode")));
        }

        private void reread() {
            BookModel now = device.read();
            now.contacts()
                    .forEach((uid, card) ->
                            book.put(uid.value(), new String(card.utf8(), java.nio.charset.StandardCharsets.UTF_8)));
        }
    }
}
