package org.contactsync.protocol.problem;

import java.util.Optional;
import org.contactsync.contact.Flaw;

/**
 * What is wrong with one contact of a request.
 *
 * @param uid as sent, when it could be read
 * @param index of the change or contact in the request, from 0
 * @param pointer JSON pointer (RFC 6901) from the change or contact
 */
public record ContactFlaw(Optional<String> uid, int index, String pointer, Flaw flaw) {}
