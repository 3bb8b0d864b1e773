package org.contactsync.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.VectorFile;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.Change;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Protocol §2: the vectors of {@code more-vectors.json} as they come over the wire, in an upload's chunk. */
class WireVectorsTest {
    private static final JsonObject VECTORS = VectorFile.more();
    private final RequestReader reader = new RequestReader(Limits.DEFAULTS);

    @ParameterizedTest
    @MethodSource("valid")
    void aValidContactIsReadAsItsCanonicalBytes(JsonObject vector) {
        CheckCodes codes = VectorFile.checkCodes(VECTORS);
        String uid = vector.getJsonString("uid").toString();
        String contact = "{\"card\":" + VectorFile.text(vector.getValue("/card")) + ",\"uid\":" + uid + "}";

        List<Change> read = reader.chunk(chunkOf(contact.getBytes(StandardCharsets.UTF_8)), TaskKind.INITIAL);

        assertThat(read).singleElement().isInstanceOfSatisfying(Change.Put.class, put -> {
            assertThat(put.uid()).hasToString(vector.getString("uid"));
            assertThat(codes.contentHash(put.card())).hasToString(vector.getString("contentHash"));
        });
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void anInvalidContactIsRefusedWithItsFlawAndThePlace(JsonObject vector) {
        String contact = VectorFile.text(vector.getValue("/contact"));

        Problem problem = refusal(contact.getBytes(StandardCharsets.UTF_8));

        assertThat(problem)
                .isInstanceOfSatisfying(
                        Problem.InvalidContacts.class,
                        invalid -> assertThat(invalid.flaws()).singleElement().satisfies(found -> {
                            assertThat(found.index()).isZero();
                            assertThat(found.flaw().code()).isEqualTo(vector.getString("code"));
                            assertThat(found.pointer()).isEqualTo(vector.getString("pointer"));
                        }));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void whatIsNoJsonOrNoUtf8IsRefused(JsonObject vector) {
        Problem problem = refusal(HexFormat.of().parseHex(vector.getString("hex")));

        assertThat(problem.type()).isEqualTo(ProblemType.MALFORMED_JSON);
    }

    static Stream<Named<JsonObject>> valid() {
        return vectors("valid");
    }

    static Stream<Named<JsonObject>> invalid() {
        return vectors("invalid");
    }

    static Stream<Named<JsonObject>> malformed() {
        return vectors("malformed");
    }

    private static Stream<Named<JsonObject>> vectors(String name) {
        return VectorFile.objects(VECTORS.getJsonArray(name)).map(vector -> Named.of(vector.getString("what"), vector));
    }

    private Problem refusal(byte[] contact) {
        ProblemException refusal =
                catchThrowableOfType(ProblemException.class, () -> reader.chunk(chunkOf(contact), TaskKind.INITIAL));
        assertThat(refusal).isNotNull();
        return refusal.problem();
    }

    private static byte[] chunkOf(byte[] contact) {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes("{\"contacts\":[".getBytes(StandardCharsets.UTF_8));
        chunk.writeBytes(contact);
        chunk.writeBytes("]}".getBytes(StandardCharsets.UTF_8));
        return chunk.toByteArray();
    }
}
