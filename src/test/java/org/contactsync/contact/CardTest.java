package org.contactsync.contact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeMap;
import org.contactsync.contact.CardValue.Bool;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Members;
import org.junit.jupiter.api.Test;

class CardTest {
    private static final Members EMPTY = new Members(new TreeMap<>());

    @Test
    void mayBeEmpty() {
        assertThat(new Card(EMPTY).root().values()).isEmpty();
    }

    @Test
    void mayBeNestedEightDeep() {
        Members eight = objects(7, EMPTY);

        assertThat(new Card(eight).root()).isEqualTo(eight);
    }

    @Test
    void countsNoLevelForTextNumbersAndTruth() {
        Members eight = objects(8, new Bool(true));

        assertThat(new Card(eight).root()).isEqualTo(eight);
    }

    @Test
    void isNotNestedNineDeepInObjects() {
        assertThatThrownBy(() -> new Card(objects(8, EMPTY)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("too-deep: ");
    }

    @Test
    void isNotNestedNineDeepInArrays() {
        CardValue arrays = new Items(List.of());
        for (int i = 0; i < 7; i++) {
            arrays = new Items(List.of(new Bool(true), arrays));
        }
        Members nine = objects(1, arrays);

        assertThatThrownBy(() -> new Card(nine))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("too-deep: ");
    }

    @Test
    void theDeepestMemberCountsWhereverItStands() {
        TreeMap<String, CardValue> values = new TreeMap<>();
        values.put("a", objects(7, EMPTY));
        values.put("b", new Bool(true));
        values.put("c", EMPTY);

        assertThatThrownBy(() -> new Card(new Members(values))).hasMessageStartingWith("too-deep: ");
    }

    @Test
    void carriesNoUid() {
        assertThatThrownBy(() -> new Card(member("uid", new Bool(true))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("uid-in-card: ");
    }

    @Test
    void mayNameAMemberUidDeeperDown() {
        Members related = member("relatedTo", member("uid", new Bool(true)));

        assertThat(new Card(related).root()).isEqualTo(related);
    }

    /** {@code levels} objects around {@code innermost}. */
    private static Members objects(int levels, CardValue innermost) {
        Members value = member("a", innermost);
        for (int i = 1; i < levels; i++) {
            value = member("a", value);
        }
        return value;
    }

    private static Members member(String key, CardValue value) {
        TreeMap<String, CardValue> values = new TreeMap<>();
        values.put(key, value);
        return new Members(values);
    }
}
