package org.contactsync.client.event;

import java.util.Optional;
import java.util.function.Supplier;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.client.http.Account;
import org.contactsync.protocol.DeviceId;

/**
 * What the book is now.
 *
 * @param device if every change since the event before was made by it
 */
public record BookEvent(long seq, CheckCode checkCode, Optional<DeviceId> device) {
    /** Whether the account's device made the change. False if the account cannot be given now: a look too many costs one request. */
    public boolean isBy(Supplier<Account> account) {
        try {
            return device.isPresent() && device.equals(account.get().device());
        } catch (RuntimeException noToken) {
            return false;
        }
    }
}
