package org.contactsync.contact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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

    @ParameterizedTest
    @MethodSource("flaws")
    void everyFlawHasItsCodeAndSaysTheRule(Flaw flaw, String code, String rule) {
        assertThat(flaw.code()).isEqualTo(code);
        assertThat(flaw.detail()).contains(rule);
    }

    static Stream<Arguments> flaws() {
        return Stream.of(
                Arguments.of(CardProfile.uidFlaw("").orElseThrow(), "uid-length", "at least 1"),
                Arguments.of(CardProfile.uidFlaw("x".repeat(256)).orElseThrow(), "uid-length", "at most 255"),
                Arguments.of(CardProfile.uidFlaw("\t").orElseThrow(), "control-character", "uid"),
                Arguments.of(CardProfile.textFlaw("\r").orElseThrow(), "control-character", "TAB and LF"),
                Arguments.of(CardProfile.textFlaw("\ud800").orElseThrow(), "lone-surrogate", "well-formed"),
                Arguments.of(CardProfile.keyFlaw("é").orElseThrow(), "key-not-ascii", "ASCII"),
                Arguments.of(CardProfile.integerTooLarge(), "integer-too-large", "2^53"),
                Arguments.of(CardProfile.notAnInteger(), "not-an-integer", "minus zero"),
                Arguments.of(CardProfile.nullValue(), "null-value", "null"),
                Arguments.of(CardProfile.duplicateKey(), "duplicate-key", "twice"),
                Arguments.of(CardProfile.tooDeep(), "too-deep", "at most 8"),
                Arguments.of(CardProfile.uidInCard(), "uid-in-card", "beside"),
                Arguments.of(CardProfile.tooLarge(262_145), "contact-too-large", "262144 canonical bytes"),
                Arguments.of(CardProfile.tooLarge(262_145), "contact-too-large", "this one 262145"));
    }

    @Test
    void flawsHoldNoContactData() {
        assertThat(CardProfile.textFlaw("secret\r").orElseThrow().toString()).doesNotContain("secret");
        assertThat(CardProfile.uidFlaw("secret\r").orElseThrow().toString()).doesNotContain("secret");
        assertThat(CardProfile.keyFlaw("secré").orElseThrow().toString()).doesNotContain("secr");
    }
}
