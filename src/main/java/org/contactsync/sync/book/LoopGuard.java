package org.contactsync.sync.book;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.problem.Problem.SyncLoop;
import org.contactsync.protocol.problem.Problem.SyncLoop.Looping;
import org.contactsync.sync.book.Contacts.Mark;
import org.contactsync.sync.book.Contacts.Writes;

/**
 * Finds contacts that two devices change back and forth (protocol 4.3.11).
 *
 * @param writes those of the change, with what is to be remembered of them
 * @param loop why the change is refused; empty if it is not
 */
public record LoopGuard(Writes writes, Optional<SyncLoop> loop) {
    /**
     * Looks at the rows that a change is going to write.
     *
     * @param stored the rows that the change touches, as they are
     */
    public static LoopGuard of(
            Writes writes, Map<Uid, Mark> stored, Optional<DeviceId> device, Priority priority, Instant now) {
        Map<Uid, Alternation> alternations = Map.of();
        List<Looping> looping = new ArrayList<>(0);
        for (StoredContact contact : writes.contacts()) {
            Mark mark = stored.get(contact.uid());
            if (mark == null) {
                continue;
            }
            Optional<Alternation> found =
                    Alternation.of(mark, contact.now().map(Content::hash), device, contact.seq(), now);
            if (found.isEmpty()) {
                continue;
            }
            if (alternations.isEmpty()) {
                alternations = new HashMap<>();
            }
            boolean person = priority == Priority.USER;
            alternations.put(contact.uid(), person ? found.get().settled() : found.get());
            if (!person && found.get().isLoop()) {
                looping.add(new Looping(contact.uid(), mark.device().orElseThrow()));
            }
        }
        return new LoopGuard(
                alternations.isEmpty() ? writes : writes.with(alternations),
                looping.isEmpty() ? Optional.empty() : Optional.of(SyncLoop.of(looping)));
    }
}
