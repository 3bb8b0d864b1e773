package org.contactsync.protocol;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.contactsync.contact.Uid;

/** The paths of resources. */
public final class ResourcePath {
    private ResourcePath() {}

    /** Of what a contact was. */
    public static String versions(Uid uid) {
        return "/v1/book/contacts/" + encoded(uid) + "/versions";
    }

    /** A uid as a part of a path. */
    public static String encoded(Uid uid) {
        return URLEncoder.encode(uid.value(), StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The path of a request as the service compares it: without slashes at its start, of which the container may leave any number. */
    public static String of(String path) {
        int start = 0;
        while (start < path.length() && path.charAt(start) == '/') {
            start++;
        }
        return path.substring(start);
    }
}
