package org.contactsync.protocol.request;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.contactsync.checkcode.CheckCode;

/**
 * Which state of a book is asked for: exactly one of three.
 *
 * @param checkCode the latest state with that code
 * @param seq the state after the task with that number
 * @param time the state at that time
 * @param dryRun whether only to say what would change
 */
public record RestoreTarget(Optional<CheckCode> checkCode, OptionalLong seq, Optional<Instant> time, boolean dryRun) {
    public RestoreTarget {
        long named = Stream.of(checkCode.isPresent(), seq.isPresent(), time.isPresent())
                .filter(present -> present)
                .count();
        if (named != 1) {
            throw new IllegalArgumentException("checkCode, seq or time: exactly one");
        }
    }
}
