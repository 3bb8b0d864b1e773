package org.contactsync.checkcode;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonArray;
import java.util.HexFormat;
import java.util.Objects;

/** Compares a tree with the nodes of a vector, each asked for by its own prefix. */
record VectorNodes(DigestTree tree, CheckCodes codes) {
    static VectorNodes assertThatTree(DigestTree tree, CheckCodes codes) {
        return new VectorNodes(tree, codes);
    }

    void has(JsonArray nodes) {
        assertThat(VectorFile.objects(nodes)).isNotEmpty().allSatisfy(node -> {
            String prefix = node.getString("prefix");
            BookDigest digest = Objects.requireNonNull(tree.nodes(prefix, 0).get(prefix));
            assertThat(digest.count()).isEqualTo(node.getInt("count"));
            assertThat(HexFormat.of().formatHex(codes.node(prefix, digest))).isEqualTo(node.getString("node"));
        });
    }
}
