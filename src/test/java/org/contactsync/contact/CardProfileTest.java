package org.contactsync.contact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CardProfileTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "\t\n", " ~", "\u007f\u0080\u009f", "\u2028\ufeff\ufffe\uffff", "😀", "e\u0301"})
    void textMayHoldEverythingThatIsWellFormed(String text) {
        assertThat(CardProfile.textFlaw(text)).isEmpty();
    }

    @Property
    void ofTheFirst32CharactersTextHoldsOnlyTabAndLineFeed(@ForAll char c) {
        boolean allowed = (c >= ' ' && !Character.isSurrogate(c)) || c == '\t' || c == '\n';

        assertThat(CardProfile.textFlaw("a" + c).isEmpty()).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "x\ude00", "\ude00\ud83d", "\ud83d\ud83d\ude00", "😀\ude00", "\ud83dx\ude00"})
    void textHoldsNoSurrogateThatStandsAlone(String text) {
        assertThat(CardProfile.textFlaw(text)).map(Flaw::code).contains("lone-surrogate");
    }

    @Property
    void keysArePrintableAscii(@ForAll char c) {
        assertThat(CardProfile.keyFlaw("a" + c).isEmpty()).isEqualTo(c >= ' ' && c <= '~');
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "@type", "example.com:x", "~/ \"\\"})
    void keysMayBeAnyPrintableAscii(String key) {
        assertThat(CardProfile.keyFlaw(key)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {9_007_199_254_740_992L, -9_007_199_254_740_992L, Long.MAX_VALUE, Long.MIN_VALUE})
    void integersAreRefusedFrom2To53(long value) {
        assertThat(CardProfile.integerFlaw(value)).contains(CardProfile.integerTooLarge());
    }

    @ParameterizedTest
    @ValueSource(longs = {9_007_199_254_740_991L, -9_007_199_254_740_991L, 0, 1, -1})
    void integersBelow2To53AreAllowed(long value) {
        assertThat(CardProfile.integerFlaw(value)).isEmpty();
    }

    @Test
    void everyFlawHasItsCodeAndSaysTheRule() {
        assertThatFlaw(CardProfile.uidFlaw("")).isEqualTo("uid-length: a uid has at least 1 byte");
        assertThatFlaw(CardProfile.uidFlaw("x".repeat(256)))
                .startsWith("uid-length: ")
                .contains("at most 255 bytes");
        assertThatFlaw(CardProfile.uidFlaw("\t")).startsWith("control-character: a uid ");
        assertThatFlaw(CardProfile.textFlaw("\r")).startsWith("control-character: only TAB and LF ");
        assertThatFlaw(CardProfile.textFlaw("\ud800")).startsWith("lone-surrogate: ");
        assertThatFlaw(CardProfile.keyFlaw("é")).startsWith("key-not-ascii: ");
        assertThatFlaw(CardProfile.integerTooLarge())
                .startsWith("integer-too-large: ")
                .contains("2^53 - 1");
        assertThatFlaw(CardProfile.notAnInteger())
                .startsWith("not-an-integer: ")
                .contains("minus zero");
        assertThatFlaw(CardProfile.nullValue()).startsWith("null-value: ");
        assertThatFlaw(CardProfile.duplicateKey()).startsWith("duplicate-key: ");
        assertThatFlaw(CardProfile.tooDeep()).startsWith("too-deep: ").contains("at most 8");
        assertThatFlaw(CardProfile.uidInCard()).startsWith("uid-in-card: ");
        assertThatFlaw(CardProfile.tooLarge(262_145))
                .isEqualTo("contact-too-large: a card has at most 262144 canonical bytes, this one 262145");
    }

    @Test
    void flawsHoldNoContactData() {
        assertThat(CardProfile.textFlaw("secret\r").orElseThrow().toString()).doesNotContain("secret");
        assertThat(CardProfile.uidFlaw("secret\r").orElseThrow().toString()).doesNotContain("secret");
        assertThat(CardProfile.keyFlaw("secré").orElseThrow().toString()).doesNotContain("secr");
    }

    private static AbstractStringAssert<?> assertThatFlaw(Optional<Flaw> flaw) {
        return assertThatFlaw(flaw.orElseThrow());
    }

    private static AbstractStringAssert<?> assertThatFlaw(Flaw flaw) {
        return assertThat(flaw.code() + ": " + flaw.detail());
    }
}
