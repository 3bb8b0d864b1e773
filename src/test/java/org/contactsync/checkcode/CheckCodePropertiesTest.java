package org.contactsync.checkcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class CheckCodePropertiesTest {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private final CheckCodes codes = new CheckCodes(CheckKey.of(new byte[CheckKey.BYTES]));

    @Property
    void acceptsWhatCheckCodesMakes(@ForAll @LongRange(min = 0) long count, @ForAll @Size(32) byte[] sum) {
        CheckCode made = codes.checkCode(new BookDigest(count, EntrySum.of(sum)));

        assertThat(made.value()).hasSize(47).startsWith("ck1.");
        assertThat(new CheckCode(made.toString())).isEqualTo(made);
    }

    @Property
    void acceptsEvery32Bytes(@ForAll @Size(32) byte[] root) {
        String code = "ck1." + Base64.getUrlEncoder().withoutPadding().encodeToString(root);

        assertThat(new CheckCode(code).value()).isEqualTo(code);
    }

    /** Of 43 letters, only those that encode 32 bytes and nothing else: the last has two bits too many. */
    @Property
    void refusesWhatNo32BytesEncodeTo(@ForAll("bodies") String body) {
        byte[] decoded = Base64.getUrlDecoder().decode(body);
        boolean canonical =
                Base64.getUrlEncoder().withoutPadding().encodeToString(decoded).equals(body);

        assertThat(accepts("ck1." + body)).isEqualTo(canonical);
    }

    @Property
    void refusesEveryOtherForm(@ForAll("almost") String text) {
        assertThatThrownBy(() -> new CheckCode(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("check code: ck1. and 43 characters of base64url");
    }

    @Provide
    Arbitrary<String> bodies() {
        return Arbitraries.strings().withChars(LETTERS).ofLength(43);
    }

    @Provide
    Arbitrary<String> almost() {
        String good = "ck1." + "A".repeat(43);
        Arbitrary<String> listed = Arbitraries.of(
                "",
                "ck1.",
                good + "=",
                good + "A",
                good + "\n",
                " " + good,
                "\"" + good + "\"",
                good.substring(1),
                good.substring(0, 46),
                good.replace("ck1", "CK1"),
                good.replace("ck1", "ck2"),
                good.replace(".", "-"));
        Arbitrary<String> oneStrangeCharacter = Combinators.combine(
                        Arbitraries.integers().between(0, 46), Arbitraries.of("+", "/", "=", " ", "é", "\0", "."))
                .as((place, strange) -> good.substring(0, place) + strange + good.substring(place + 1))
                .filter(text -> !text.equals(good));
        return Arbitraries.oneOf(listed, oneStrangeCharacter);
    }

    private static boolean accepts(String text) {
        try {
            new CheckCode(text);
            return true;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }
}
