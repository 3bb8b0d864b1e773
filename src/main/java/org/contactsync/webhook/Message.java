package org.contactsync.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.json.JsonWriter;
import org.contactsync.settings.SecretKey;

/**
 * What an endpoint gets (Standard Webhooks 1.0): the same each time a delivery is tried, except for time and signature.
 *
 * @param id {@code webhook-id}: from the user, the numbers of the changes and the code after them. A number comes again with another
 *     code when the service's database was restored, and several changes end with the same number as the last of them
 * @param body JSON, in UTF-8
 */
public record Message(String id, byte[] body) {
    private static final int ID_LETTERS = 27;

    /** @param ownerKey that of the endpoint */
    public static Message of(Delivery delivery, SecretKey ownerKey) {
        String owner = ownerHash(delivery.owner(), ownerKey);
        String told = String.join(
                " ",
                delivery.owner(),
                Long.toString(delivery.fromSeq()),
                Long.toString(delivery.seq()),
                delivery.after().value());
        String id = "msg_" + base64Url(ownerKey.hmac(ascii(told))).substring(0, ID_LETTERS);
        JsonWriter json = new JsonWriter()
                .object()
                .member("type", "book.changed")
                .member(
                        "timestamp",
                        delivery.changedAt().truncatedTo(ChronoUnit.MILLIS).toString())
                .name("data")
                .object()
                .member("owner", owner);
        delivery.before().map(CheckCode::value).ifPresent(code -> json.member("before", code));
        json.member("after", delivery.after().value())
                .member("fromSeq", delivery.fromSeq())
                .member("seq", delivery.seq())
                .end()
                .end();
        return new Message(id, json.text().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * What an endpoint knows a user by: the same for all messages, and of no use without the key.
     *
     * @param owner {@code Owner.key()}
     * @return 43 characters of base64url
     */
    public static String ownerHash(String owner, SecretKey ownerKey) {
        return base64Url(ownerKey.hmac(ascii(owner)));
    }

    /** {@code webhook-signature}: one for each secret, with a space between them. */
    public String signature(List<SecretKey> secrets, Instant time) {
        byte[] head = ascii(id + "." + time.getEpochSecond() + ".");
        byte[] signed = new byte[head.length + body.length];
        System.arraycopy(head, 0, signed, 0, head.length);
        System.arraycopy(body, 0, signed, head.length, body.length);
        return secrets.stream()
                .map(secret -> "v1," + Base64.getEncoder().encodeToString(secret.hmac(signed)))
                .collect(Collectors.joining(" "));
    }

    private static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
