package org.contactsync.client.event;

import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.DeviceId;

/**
 * What the book is now.
 *
 * @param device if every change since the event before was made by it
 */
public record BookEvent(long seq, CheckCode checkCode, Optional<DeviceId> device) {}
