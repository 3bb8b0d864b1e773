package org.contactsync.contact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.contactsync.contact.CardValue.Bool;
import org.contactsync.contact.CardValue.Int;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;
import org.junit.jupiter.api.Test;

class CardValueTest {
    private static final CardValue YES = new Bool(true);

    @Test
    void textThatBreaksTheProfileCannotBeMade() {
        assertThatThrownBy(() -> new Text("a\u0000"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("control-character: ");
    }

    @Test
    void anIntegerThatIsTooLargeCannotBeMade() {
        assertThatThrownBy(() -> new Int(1L << 53))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("integer-too-large: ");
    }

    @Test
    void aKeyThatIsNotAsciiCannotBeMade() {
        assertThatThrownBy(() -> new Members(members("naïve", YES)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("key-not-ascii: ");
    }

    @Test
    void membersStandInCodeUnitOrder() {
        SortedMap<String, CardValue> values = members("b", YES);
        values.put("a", YES);
        values.put("B", YES);
        values.put("@type", YES);

        assertThat(new Members(values).values().keySet()).containsExactly("@type", "B", "a", "b");
    }

    @Test
    void membersStandInCodeUnitOrderWhateverOrderTheyCameIn() {
        SortedMap<String, CardValue> backwards = new TreeMap<>(Comparator.reverseOrder());
        backwards.putAll(members("a", YES));
        backwards.putAll(members("b", YES));

        assertThat(new Members(backwards).values().keySet()).containsExactly("a", "b");
    }

    @Test
    void membersAreACopyThatNobodyChanges() {
        SortedMap<String, CardValue> values = members("a", YES);
        Members members = new Members(values);

        values.put("b", YES);

        assertThat(members.values()).containsOnlyKeys("a");
        assertThatThrownBy(() -> members.values().put("b", YES)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void itemsAreACopyInTheirOwnOrderThatNobodyChanges() {
        List<CardValue> values = new ArrayList<>(List.of(new Int(2), new Int(1)));
        Items items = new Items(values);

        values.clear();

        assertThat(items.values()).containsExactly(new Int(2), new Int(1));
        assertThatThrownBy(() -> items.values().add(YES)).isInstanceOf(UnsupportedOperationException.class);
    }

    private static SortedMap<String, CardValue> members(String key, CardValue value) {
        SortedMap<String, CardValue> members = new TreeMap<>();
        members.put(key, value);
        return members;
    }
}
