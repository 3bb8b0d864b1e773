package org.contactsync.hostile;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.contactsync.it.LibertyServer;

/** Honest users who work side by side, each at its own pace. One thread at a time. */
final class Honest implements AutoCloseable {
    private static final long RECOVERY_MILLIS = 2_000;

    private final List<HonestUser> users = new ArrayList<>();
    private final Queue<String> wrongs = new ConcurrentLinkedQueue<>();
    private volatile Timings timings = new Timings();
    private final Crew crew = new Crew();

    /** @param sizes of the books, one user for each */
    Honest(LibertyServer server, int[] sizes, int chunk, long seed) throws IOException {
        for (int i = 0; i < sizes.length; i++) {
            String token = server.developmentToken("honest-" + seed + "-" + i);
            users.add(new HonestUser(
                    server.port(), token, sizes[i], chunk, seed + i, (kind, took) -> timings.add(kind, took)));
        }
    }

    /** Begins to work, and to measure anew. */
    void begin(long pauseMillis) {
        timings = new Timings();
        for (HonestUser user : users) {
            crew.add(() -> work(user, pauseMillis), "honest");
        }
    }

    /** What was measured since the last begin, or the last call. */
    Timings measured() {
        Timings measured = timings;
        timings = new Timings();
        return measured;
    }

    /** Returns when all have ended what they were at. */
    void end() {
        crew.end();
    }

    /** What honest users got that they must not get. */
    List<String> wrongs() {
        return List.copyOf(wrongs);
    }

    private void work(HonestUser user, long pauseMillis) {
        while (crew.works()) {
            try {
                user.act();
                Thread.sleep(pauseMillis);
            } catch (HonestUser.Wrong | IOException e) {
                wrongs.add(Instant.now() + " " + user + ": " + e.getMessage());
                recover(user);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Tries until its book is known again: what comes after one wrong answer is of interest too. */
    private void recover(HonestUser user) {
        while (crew.works()) {
            try {
                Thread.sleep(RECOVERY_MILLIS);
                user.recover();
                return;
            } catch (HonestUser.Wrong | IOException e) {
                wrongs.add(Instant.now() + " " + user + ", once more: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void close() {
        crew.dismiss();
        users.forEach(HonestUser::close);
    }
}
