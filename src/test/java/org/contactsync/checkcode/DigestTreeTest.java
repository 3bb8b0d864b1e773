package org.contactsync.checkcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTreeTest {
    private final DigestTree tree = new DigestTree();

    @Test
    void anEmptyBookHasEmptyNodes() {
        assertThat(tree.nodes("", 1)).hasSize(16).containsKeys("0", "9", "a", "f");
        assertThat(tree.nodes("", 1).values()).containsOnly(BookDigest.EMPTY);
    }

    @Test
    void theDeepestLevelHasOneNodePerPosition() {
        EntrySum entry = new EntrySum(1, 2, 3, 4);
        tree.add(new Position(0xffff), entry);

        assertThat(tree.nodes("", 4)).hasSize(65_536).containsEntry("ffff", BookDigest.EMPTY.plus(entry));
    }

    @ParameterizedTest
    @CsvSource({"'', 5", "0, 4", "0000, 1", "'', -1", "00, -1"})
    void refusesWhatReachesBelowTheLeavesOrAboveThePrefix(String prefix, int depth) {
        assertThatThrownBy(() -> tree.nodes(prefix, depth))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("prefix and depth together reach at most 4 digits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A3", "g", "-1", "+f", " 0", "0x", "٣", "７", "0.", "é", "00000"})
    void refusesAPrefixThatIsNotOfLowerCaseHexDigits(String prefix) {
        assertThatThrownBy(() -> tree.nodes(prefix, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("prefix: 0 to 4 lower-case hex digits");
    }

    @Test
    void nodesCannotBeChanged() {
        assertThatThrownBy(() -> tree.nodes("", 0).clear()).isInstanceOf(UnsupportedOperationException.class);
    }
}
