package org.contactsync.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.settings.SecretKey;
import org.junit.jupiter.api.Test;

class MessageTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String OWNER = "mYOs59S9lb2zvwOk3zPMO6TMjZZNZTamN4Cs7IDcUHM";
    private static final CheckCode BEFORE = new CheckCode("ck1." + "A".repeat(43));
    private static final CheckCode AFTER = new CheckCode("ck1." + "B".repeat(42) + "A");
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00.123456Z");

    private static final Delivery DELIVERY =
            new Delivery(7, OWNER, 3, 4, 5, Optional.of(BEFORE), AFTER, NOON, NOON, 0, Optional.empty());

    /** The example of the specification of Standard Webhooks. */
    @Test
    void signsAsStandardWebhooksDoes() {
        Message message =
                new Message("msg_p5jXN8AQM9LWM0D4loKWxJek", "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8));

        assertThat(message.signature(
                        List.of(SecretKey.ofBase64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 24, 64)),
                        Instant.ofEpochSecond(1_614_265_330)))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void signsWithBothSecretsDuringARotation() {
        Message message = Message.of(DELIVERY, key());
        SecretKey other = SecretKey.ofBase64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 24, 64);

        String both = message.signature(List.of(key(), other), NOON);

        assertThat(both.split(" "))
                .containsExactly(message.signature(List.of(key()), NOON), message.signature(List.of(other), NOON));
    }

    @Test
    void saysWhoseBookChangedAndHow() throws Exception {
        Message message = Message.of(DELIVERY, key());

        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), "HmacSHA256"));
        String hash = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(mac.doFinal(OWNER.getBytes(StandardCharsets.US_ASCII)));
        assertThat(new String(message.body(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"type\":\"book.changed\",\"timestamp\":\"2026-11-26T12:00:00.123Z\",\"data\":{\"owner\":\""
                                + hash
                                + "\",\"before\":\"" + BEFORE.value() + "\",\"after\":\"" + AFTER.value()
                                + "\",\"fromSeq\":4,\"seq\":5}}");
        assertThat(message.id()).matches("msg_[A-Za-z0-9_-]{27}");
    }

    /** The code before is not known when the history does not reach back to it. */
    @Test
    void leavesOutWhatIsNotKnown() {
        Delivery gap = new Delivery(7, OWNER, 3, 4, 5, Optional.empty(), AFTER, NOON, NOON, 0, Optional.empty());

        assertThat(new String(Message.of(gap, key()).body(), StandardCharsets.UTF_8))
                .doesNotContain("before")
                .contains("\"after\"");
    }

    @Test
    void hasOneIdForEachChangeOfEachBook() {
        Delivery later = new Delivery(7, OWNER, 4, 6, 6, Optional.of(BEFORE), AFTER, NOON, NOON, 0, Optional.empty());

        assertThat(Message.of(DELIVERY.after(3, Optional.of(NOON)), key()).id())
                .isEqualTo(Message.of(DELIVERY, key()).id())
                .isNotEqualTo(Message.of(later, key()).id());
    }

    /** Several changes that are told as one are not the last of them, and a number comes again after a backup was restored. */
    @Test
    void anIdStandsForOneContent() {
        Delivery single = new Delivery(7, OWNER, 4, 5, 5, Optional.of(BEFORE), AFTER, NOON, NOON, 0, Optional.empty());
        Delivery restored =
                new Delivery(7, OWNER, 3, 4, 5, Optional.of(AFTER), BEFORE, NOON, NOON, 0, Optional.empty());

        assertThat(List.of(DELIVERY, single, restored))
                .extracting(each -> Message.of(each, key()).id())
                .doesNotHaveDuplicates();
    }

    @Test
    void showsNoKeys() {
        assertThat(key()).hasToString("SecretKey[secret]");
    }

    private static SecretKey key() {
        return SecretKey.ofBase64(KEY, 32, 64);
    }
}
