package org.contactsync.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An S3-compatible store for pieces of photos.
 *
 * @param endpoint {@code S3_ENDPOINT}: scheme, host and perhaps a port, nothing else
 * @param pathStyle whether the bucket is in the path, or before the host
 * @param accessKey may be shown; says who asks
 * @param secretKey signs requests, never shown
 * @param takesNew whether new photos go there
 * @param trustCertificate a PEM file; empty: those that the Java runtime trusts
 */
public record ObjectStore(
        URI endpoint,
        String bucket,
        String region,
        boolean pathStyle,
        String accessKey,
        String secretKey,
        boolean takesNew,
        Optional<Path> trustCertificate) {
    /** Without the keys. */
    @Override
    public String toString() {
        return "ObjectStore[endpoint=" + endpoint + ", bucket=" + bucket + ", takesNew=" + takesNew + "]";
    }
}
