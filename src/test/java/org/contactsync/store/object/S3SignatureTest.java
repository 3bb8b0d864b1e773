package org.contactsync.store.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The examples of the specification of the signature, and others. */
class S3SignatureTest {
    private static final Instant DAY = Instant.parse("2013-05-24T00:00:00Z");
    private static final String HOST = "examplebucket.s3.amazonaws.com";

    private final S3Signature signature =
            new S3Signature("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1");

    @Test
    void signsTheExampleOfAGet() {
        Map<String, String> headers =
                signature.headers("GET", HOST, "/test.txt", Map.of("range", "bytes=0-9"), new byte[0], DAY);

        assertThat(headers.get("Authorization"))
                .isEqualTo("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                        + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                        + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
        assertThat(headers)
                .containsEntry("x-amz-date", "20130524T000000Z")
                .containsEntry("range", "bytes=0-9")
                .containsEntry(
                        "x-amz-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
                .doesNotContainKey("host");
    }

    @Test
    void signsTheExampleOfAPut() {
        Map<String, String> headers = signature.headers(
                "PUT",
                HOST,
                "/test%24file.text",
                Map.of("date", "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class", "REDUCED_REDUNDANCY"),
                bytes("Welcome to Amazon S3."),
                DAY);

        assertThat(headers.get("Authorization"))
                .isEqualTo("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                        + "SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,"
                        + "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
    }

    /** The expected values were computed apart, with the hmac of another language. */
    @Test
    void signsWithAKeyOfAnyCharacters() {
        S3Signature odd = new S3Signature("the-id", "the+secret/key=\u00e9 ", "eu-test-1");
        Instant now = Instant.parse("2026-01-02T03:04:05.678Z");
        String path = "/contact-photos/photos/0a1b/12";

        assertThat(odd.headers("PUT", "127.0.0.1:9000", path, Map.of(), bytes("piece"), now)
                        .get("Authorization"))
                .endsWith("Signature=b30a17c02c3bec877395732cd75b35fd20239120fbdf587d88d3444844b8ff4b");
        assertThat(odd.headers("DELETE", "127.0.0.1:9000", path, Map.of(), bytes(""), now)
                        .get("Authorization"))
                .endsWith("Signature=bd3f50b78a768f702a7b052a143ced996228815b6d013059bcb0e1ff2f4e575f");
    }

    @Test
    void everythingThatMattersIsSigned() {
        String signed = signed("PUT", HOST, "/a/1", "body", DAY);

        assertThat(signed("PUT", HOST, "/a/1", "body", DAY)).isEqualTo(signed);
        assertThat(signed("GET", HOST, "/a/1", "body", DAY)).isNotEqualTo(signed);
        assertThat(signed("PUT", "other", "/a/1", "body", DAY)).isNotEqualTo(signed);
        assertThat(signed("PUT", HOST, "/a/2", "body", DAY)).isNotEqualTo(signed);
        assertThat(signed("PUT", HOST, "/a/1", "boby", DAY)).isNotEqualTo(signed);
        assertThat(signed("PUT", HOST, "/a/1", "body", DAY.plusSeconds(1))).isNotEqualTo(signed);
    }

    private String signed(String method, String host, String path, String body, Instant now) {
        return String.valueOf(signature
                .headers(method, host, path, Map.of(), bytes(body), now)
                .get("Authorization"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
