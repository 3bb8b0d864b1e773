package org.contactsync.protocol;

/** The path of a request as the service compares it. */
public final class ResourcePath {
    private ResourcePath() {}

    /** Without slashes at its start, of which the container may leave any number. */
    public static String of(String path) {
        int start = 0;
        while (start < path.length() && path.charAt(start) == '/') {
            start++;
        }
        return path.substring(start);
    }
}
