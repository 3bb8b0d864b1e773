package org.contactsync.account;

import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.account.RequestKind;

/**
 * A device has just sent a request.
 *
 * @param code of the book that the device had when it was answered, if that is known
 */
public record Sighting(Owner owner, DeviceId device, RequestKind kind, Optional<CheckCode> code) {}
