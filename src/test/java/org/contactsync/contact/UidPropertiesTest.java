package org.contactsync.contact;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class UidPropertiesTest {
    /** The oracle for length and well-formedness is the platform's own strict encoder. */
    @Property
    void acceptsExactlyWhatFitsIn255BytesOfUtf8WithoutControls(@ForAll("anyTexts") String value) {
        boolean fits = strictUtf8Length(value) >= 1 && strictUtf8Length(value) <= 255;
        boolean printable = value.chars().allMatch(c -> c >= ' ');

        assertThat(CardProfile.uidFlaw(value).isEmpty()).isEqualTo(fits && printable);
    }

    @Property
    void sortsAsItsBytesDo(@ForAll("uids") Uid one, @ForAll("uids") Uid other) {
        assertThat(Integer.signum(one.compareTo(other)))
                .isEqualTo(Integer.signum(Arrays.compareUnsigned(one.utf8(), other.utf8())));
        assertThat(one.compareTo(other) == 0).isEqualTo(one.equals(other));
    }

    @Provide
    Arbitrary<Uid> uids() {
        return ArbitraryCards.uids();
    }

    /** Of any UTF-16 units, mostly around the limit of 255 bytes, sometimes malformed. */
    @Provide
    Arbitrary<String> anyTexts() {
        Arbitrary<String> wellFormed =
                Arbitraries.of("x", "é", "刘", "😀").list().ofMaxSize(130).map(parts -> String.join("", parts));
        Arbitrary<String> ascii = Arbitraries.strings().ascii().ofMinLength(250).ofMaxLength(260);
        return Arbitraries.oneOf(
                wellFormed,
                ascii.map(text -> text.replaceAll("[\\x00-\\x1f]", " ")),
                Arbitraries.strings().all().ofMaxLength(4));
    }

    /** -1 when malformed. */
    private static int strictUtf8Length(String value) {
        try {
            return StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(value))
                    .remaining();
        } catch (CharacterCodingException malformed) {
            return -1;
        }
    }
}
