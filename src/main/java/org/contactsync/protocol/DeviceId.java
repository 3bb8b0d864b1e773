package org.contactsync.protocol;

/**
 * The installation a request comes from, chosen by the client ({@code Device-Id}).
 *
 * @param value 1 to 64 printable ASCII characters
 */
public record DeviceId(String value) {
    public static final int MAX_LENGTH = 64;

    public DeviceId {
        if (value.isEmpty()
                || value.length() > MAX_LENGTH
                || !value.chars().allMatch(c -> c > 0x1f && c < 0x7f)
                || !value.strip().equals(value)) {
            throw new IllegalArgumentException(
                    "Device-Id: 1 to " + MAX_LENGTH + " printable ASCII characters, no space at either end");
        }
    }
}
