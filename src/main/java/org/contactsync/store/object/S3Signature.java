package org.contactsync.store.object;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.contactsync.checkcode.Sha256;

/**
 * Signs requests to S3 with AWS Signature Version 4, for paths that need no percent-encoding and have no query. Immutable.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html">the specification</a>
 */
final class S3Signature {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String MAC = "HmacSHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int DAY = 8;

    private final String accessKey;
    private final byte[] secretKey;
    private final String region;

    S3Signature(String accessKey, String secretKey, String region) {
        this.accessKey = accessKey;
        this.secretKey = ("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8);
        this.region = region;
    }

    /**
     * The headers that a request needs besides {@code Host}: time, digest of the body, {@code Authorization}.
     *
     * @param host as in the header {@code Host}
     * @param path with a slash before it
     * @param more further headers to sign, with names in lower case; they are in the result too
     */
    Map<String, String> headers(
            String method, String host, String path, Map<String, String> more, byte[] body, Instant now) {
        String time = TIME.format(now);
        String digest = hex(Sha256.digest(body));
        SortedMap<String, String> signed = new TreeMap<>(more);
        signed.put("host", host);
        signed.put("x-amz-content-sha256", digest);
        signed.put("x-amz-date", time);
        String names = String.join(";", signed.keySet());
        StringBuilder request = new StringBuilder(method + "\n" + path + "\n\n");
        signed.forEach(
                (name, value) -> request.append(name).append(':').append(value).append('\n'));
        request.append('\n').append(names).append('\n').append(digest);

        String scope = time.substring(0, DAY) + "/" + region + "/s3/aws4_request";
        String toSign = ALGORITHM + "\n" + time + "\n" + scope + "\n"
                + hex(Sha256.digest(request.toString().getBytes(StandardCharsets.UTF_8)));
        byte[] key = secretKey;
        for (String part : scope.split("/")) {
            key = hmac(key, part);
        }
        signed.remove("host");
        signed.put(
                "Authorization",
                ALGORITHM + " Credential=" + accessKey + "/" + scope + ",SignedHeaders=" + names + ",Signature="
                        + hex(hmac(key, toSign)));
        return signed;
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + MAC, e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
