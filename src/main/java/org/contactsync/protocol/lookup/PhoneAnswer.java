package org.contactsync.protocol.lookup;

import java.util.List;
import java.util.Optional;

/**
 * What is known of one number.
 *
 * @param phone as it was asked for
 * @param international in E.164, if that is known
 * @param blocked whether the operator blocks it
 * @param matches the closest first
 */
public record PhoneAnswer(String phone, Optional<String> international, boolean blocked, List<PhoneMatch> matches) {
    public PhoneAnswer {
        matches = List.copyOf(matches);
    }
}
