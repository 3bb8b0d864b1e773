package org.contactsync.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.lookup.Cards.indexed;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.lookup.Mark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the index has of a card. */
class IndexedCardTest {
    /** Protocol 4.20.2. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'name':{'full':' Ada \\n Lovelace '}} | Ada Lovelace",
                "{'name':{'components':[{'kind':'given','value':'Ada'},{'kind':'separator','value':','},{'kind':'surname','value':'King'}]}} | Ada King",
                "{'nicknames':{'k1':{'name':'Countess'}},'organizations':{'k1':{'name':'Royal'}}} | Countess",
                "{'organizations':{'k1':{'name':'Royal Society'}}} | Royal Society",
            })
    void hasANameForAScreen(String card, String name) {
        assertThat(indexed(card).name()).isEqualTo(name);
    }

    @Test
    void aLongNameIsCutBetweenLetters() {
        assertThat(indexed("{'name':{'full':'" + "😀".repeat(300) + "'}}").name())
                .isEqualTo("😀".repeat(100));
    }

    @Test
    void aNameIsCutBetweenLettersAlsoBehindSpaces() {
        assertThat(indexed("{'name':{'full':'a" + " ".repeat(998) + "😀😀'}}").name())
                .isEqualTo("a");
    }

    /** Protocol 4.20.2. */
    @Test
    void aLabelIsThatOfThePersonOrItsContextsAndFeatures() {
        IndexedCard card = indexed("{'phones':{'k1':{'number':'+49301234567','label':'Lake house'},"
                + "'k2':{'number':'+49301234568','contexts':{'work':true},'features':{'fax':true,'voice':true}},"
                + "'k3':{'number':'+49301234569'}}}");

        assertThat(card.entries())
                .containsEntry("n1234567/+49301234567", "Lake house")
                .containsEntry("n1234568/+49301234568", "work fax")
                .containsEntry("n1234569/+49301234569", "");
    }

    /** Protocol 4.20.6. */
    @Test
    void marksAreKeywords() {
        assertThat(indexed("{'keywords':{'Block':true,'friends':true}}").marks())
                .containsExactly(Mark.BLOCK);
        assertThat(indexed("{'keywords':{'favorite':true,'block':false}}").marks())
                .containsExactly(Mark.FAVOURITE);
        assertThat(indexed("{}").marks()).isEmpty();
        assertThat(Mark.of(Mark.bits(Set.of(Mark.BLOCK, Mark.FAVOURITE)) | 64)).containsExactly(Mark.values());
    }

    /** Protocol 4.20.7. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Zoë Müller-Lüdenscheidt | mul      | true",
                "Zoë Müller-Lüdenscheidt | ZOE LUD  | true",
                "Zoë Müller              | zoe\u0308 | true",
                "Straße                  | STRASS   | true",
                "Łukasz Øster            | lukasz o | true",
                "Ελένη Παπαδοπούλου      | ελενη π  | true",
                "Ὀδυσσεύς                | οδυσσευς | true",
                "Юлия Иванова            | юлия     | true",
                "محمد علي                | مُحَمَّد   | true",
                "שרה כהן                 | כה       | true",
                "刘刚                      | 刘       | true",
                "刘刚                      | 刚       | true",
                "山田太郎                   | 太郎      | true",
                "ﾔﾏﾀﾞ                      | ヤマダ    | true",
                "김철수                     | 김        | true",
                "नरेन्द्र                     | नरे       | true",
                "สมชาย                    | สม       | true",
                "O'Brien                 | obr      | true",
                "D'Angelo                | d’an     | true",
                "Iıİi                    | iiii     | true",
                "Ada Lovelace            | lace     | false",
                "Ada Lovelace            | ada b    | false",
            })
    void findsWordsByTheirBeginnings(String name, String query, boolean found) {
        IndexedCard card = indexed("{'name':{'full':'" + name.replace("'", "\\u0027") + "'}}");

        assertThat(matches(card, query)).isEqualTo(found);
    }

    @Test
    void findsComponentsSoundsNicknamesAndOrganisations() {
        IndexedCard card =
                indexed("{'name':{'full':'山田太郎','components':[{'kind':'surname','value':'山田','phonetic':'やまだ'},"
                        + "{'kind':'given','value':'太郎'}]},'nicknames':{'k1':{'name':'Taro'}},"
                        + "'organizations':{'k1':{'name':'Café Noir'}}}");

        for (String query : List.of("山田", "太郎", "やまだ", "taro", "cafe n", "noir")) {
            assertThat(matches(card, query)).as(query).isTrue();
        }
    }

    @Test
    void aQueryNeedsALetterOrADigit() {
        for (String none : List.of("", " ", "-", "...", "\u0301", "😀", "''")) {
            assertThat(NameQuery.of(none)).as(none).isEmpty();
        }
        assertThat(NameQuery.of("7")).isPresent();
    }

    /** A hostile card costs as much as a large honest one. */
    @Test
    void entriesAreBounded() {
        String phones = IntStream.range(0, 1_500)
                .mapToObj(
                        i -> "'k" + i + "':{'number':'+4930" + (1_000_000 + i) + "','label':'" + "l".repeat(50) + "'}")
                .collect(Collectors.joining(","));
        String words = IntStream.range(0, 2_000).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
        IndexedCard card = indexed("{'phones':{" + phones + "},'nicknames':{'k1':{'name':'" + words + "'}},"
                + "'name':{'full':'" + "𐍈".repeat(200) + "'},"
                + "'onlineServices':{'k1':{'uri':'sip:" + "u".repeat(240) + "@h'},'k2':{'uri':'sip:" + "u".repeat(9_000)
                + "@h'}}}");

        assertThat(card.entries()).hasSizeLessThanOrEqualTo(70);
        assertThat(card.entries()).allSatisfy((entry, label) -> {
            assertThat(entry.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(300);
            assertThat(label).hasSizeLessThanOrEqualTo(80);
        });
    }

    /** Members that are of another type than RFC 9553 wants, and a card that is damaged. */
    @Test
    void readsWhateverIsInACard() {
        assertThat(indexed("{'phones':[1],'name':'Ada','keywords':{'block':'yes'},'nicknames':{'k1':7},"
                                + "'onlineServices':{'k1':{'uri':5,'service':true},'k2':{'service':'SIP'}}}")
                        .entries())
                .isEmpty();
        assertThat(IndexedCard.of(CanonicalCard.ofTrusted("{\"phones".getBytes(StandardCharsets.UTF_8)))
                        .entries())
                .isEmpty();
    }

    @Test
    void aLaterVersionOfTheMetadataIsUsedAndAnEarlierOneDerivedAgain() {
        long now = IndexVersion.of(1, "9.0.43");

        assertThat(IndexVersion.NOW / 1_000_000).isEqualTo(IndexVersion.of(1, "9.0.0") / 1_000_000);
        assertThat(IndexVersion.isEarlier(IndexVersion.of(1, "9.0.42"), now)).isTrue();
        assertThat(IndexVersion.isEarlier(IndexVersion.of(1, "8.13.99"), now)).isTrue();
        assertThat(IndexVersion.isEarlier(IndexVersion.of(1, "9.1.0"), now)).isFalse();
        assertThat(IndexVersion.isUsable(IndexVersion.of(1, "10.0.0"), now)).isTrue();
        assertThat(IndexVersion.isUsable(IndexVersion.of(2, "9.0.43"), now)).isFalse();
    }

    private static boolean matches(IndexedCard card, String query) {
        NameFinder finder = new NameFinder(NameQuery.of(query).orElseThrow(), 1);
        finder.put(new Uid("a"), card);
        return !finder.answer().found().isEmpty();
    }
}
