package org.contactsync.contact;

/**
 * A rule of the profile that a contact breaks.
 *
 * @param code the stable name that clients may branch on, e.g. {@code control-character}
 * @param detail the rule with its limit, for a person; never holds contact data
 */
public record Flaw(String code, String detail) {}
