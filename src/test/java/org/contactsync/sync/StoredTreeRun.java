package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.delete;
import static org.contactsync.sync.Examples.put;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.sync.step.Step;

/** Whatever may happen to a book and to the processes that read its tree, by chance. One thread at a time. */
final class StoredTreeRun {
    private static final int UIDS = 40;

    private final TestService service;
    private final Random random;
    private final TestDevice phone;
    private TreeReader old;
    private TreeReader reader;

    StoredTreeRun(TestService service, Random random) {
        this.service = service;
        this.random = random;
        phone = service.device("phone");
        old = new TreeReader(service.store);
        reader = new TreeReader(service.store);
        service.book(ADA);
    }

    /** Compares after each step, with a process that has the tree in memory, one that may have it, and a new one. */
    void run(int steps, String name) {
        for (int step = 0; step < steps; step++) {
            act();
            TreeReader fresh = new TreeReader(service.store);
            for (TreeReader each : new TreeReader[] {reader, fresh}) {
                assertThat(each.nodes().equals(each.nodesOfContacts()))
                        .as(name + " step=" + step)
                        .isTrue();
                assertThat(each.unfit()).as(name + " step=" + step).isZero();
            }
            if (random.nextInt(4) == 0) {
                // Of some steps ago.
                old.save();
                old = fresh;
            }
            if (random.nextInt(3) == 0) {
                reader.save();
            }
            if (random.nextInt(5) == 0) {
                reader = new TreeReader(service.store);
            }
        }
    }

    private void act() {
        switch (random.nextInt(10)) {
            case 0 -> replace();
            case 1 -> {
                service.markFeeds();
                service.clock.pass(TestService.LIMITS.changesRetention());
                service.shortenFeeds(1 + random.nextInt(20));
            }
            case 2 -> apply(UIDS);
            default -> apply(1 + random.nextInt(4));
        }
    }

    private void apply(int most) {
        Change[] changes = random.ints(0, UIDS)
                .distinct()
                .limit(most)
                .mapToObj(n -> random.nextInt(3) == 0 ? delete(n) : put(n, "name " + random.nextInt(4)))
                .toArray(Change[]::new);
        service.answer(phone.apply(
                service.code(ADA), new IncrementalSync(List.of(changes), Optional.empty(), OnMismatch.REFUSE, true)));
    }

    private void replace() {
        Change[] contacts = random.ints(0, UIDS)
                .distinct()
                .limit(1 + random.nextInt(UIDS - 1))
                .mapToObj(n -> put(n, "upload " + random.nextInt(4)))
                .toArray(Change[]::new);
        Step.OpenUpload open = phone.open(TaskKind.REPLACE, 1, contacts.length);
        service.answer(open);
        service.answer(phone.chunk(open, 1, contacts));
        TestService.done(service.answer(phone.commit(open, Optional.empty(), true)));
    }
}
