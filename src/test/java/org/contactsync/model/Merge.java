package org.contactsync.model;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;

/**
 * Decides for each contact whose version a device takes (protocol 10.2, step 7).
 *
 * <pre>
 *   last agreement     here        there       then
 *   known              as then     another     theirs
 *   known              another     as then     ours
 *   known              edited      edited      ours; the other one is in the history
 *   known              deleted     edited      theirs
 *   not known          has not     has it      theirs
 *   not known          has it      has not     ours
 *   not known          another     another     theirs; ours if the service was set back
 * </pre>
 *
 * @param was the book of the last agreement; empty if there is none that counts
 * @param setBack whether the service has lost what came after the last agreement
 */
record Merge(Optional<Map<Uid, ContentHash>> was, boolean setBack) {
    /** What has to be taken over: a hash, or nothing for a contact that goes. */
    Map<Uid, Optional<ContentHash>> taken(Map<Uid, ContentHash> ours, Map<Uid, ContentHash> theirs) {
        Set<Uid> all = new HashSet<>(ours.keySet());
        all.addAll(theirs.keySet());
        Map<Uid, Optional<ContentHash>> taken = new TreeMap<>();
        for (Uid uid : all) {
            Optional<ContentHash> here = Optional.ofNullable(ours.get(uid));
            Optional<ContentHash> there = Optional.ofNullable(theirs.get(uid));
            if (!here.equals(there) && takes(uid, here, there)) {
                taken.put(uid, there);
            }
        }
        return taken;
    }

    private boolean takes(Uid uid, Optional<ContentHash> here, Optional<ContentHash> there) {
        if (was.isEmpty()) {
            return here.isEmpty() || there.isPresent() && !setBack;
        }
        Optional<ContentHash> then = Optional.ofNullable(was.get().get(uid));
        return here.equals(then) || here.isEmpty() && !there.equals(then);
    }
}
