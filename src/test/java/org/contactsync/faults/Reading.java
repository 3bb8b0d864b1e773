package org.contactsync.faults;

import java.util.Map;
import java.util.Optional;

/**
 * What a device read.
 *
 * @param invoked nanoseconds since the start of the run, as {@code returned}
 * @param seq when the answer had it
 * @param contacts when the answer had all of them: uid and canonical card
 */
record Reading(
        String device,
        String instance,
        long invoked,
        long returned,
        String checkCode,
        Optional<Long> seq,
        Optional<Map<String, String>> contacts) {}
