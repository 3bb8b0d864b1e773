package org.contactsync.faults;

/**
 * What a listener was told.
 *
 * @param connection counts the connections of all listeners
 * @param at nanoseconds since the start of the run
 */
record Event(String instance, int connection, long at, long seq, String checkCode) {}
