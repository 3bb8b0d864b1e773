package org.contactsync.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.contactsync.contact.CardProfile;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.UploadCommit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A body within the limits costs no more memory, time or answer than its size allows, whatever it holds. */
@Timeout(60)
class HostileRequestTest {
    private static final int BODY = Limits.DEFAULTS.chunkBytes();
    private static final int MOST_FLAWS = 10_000;
    private static final int LONGEST_ANSWER = 2 * 1024 * 1024;
    private final RequestReader reader = new RequestReader(Limits.DEFAULTS);

    @Test
    void namesThePlaceOfAFlawBelowALongKeyByTheObjectThatHasIt() {
        String key = "k".repeat(5_000);

        Problem.InvalidContacts refusal = refusal("{\"short\":{\"" + key + "\":[null]}}");

        assertThat(refusal.flaws()).singleElement().satisfies(flaw -> {
            assertThat(flaw.pointer()).startsWith("/card/short").hasSizeLessThan(1_100);
            assertThat(flaw.flaw().code()).isEqualTo("null-value");
        });
    }

    /** 4.10.1. */
    @ParameterizedTest
    @ValueSource(strings = {"", "null", " null\n", "{}"})
    void readsACommitThatSaysNothing(String body) {
        UploadCommit commit = reader.commit(body.getBytes(StandardCharsets.UTF_8));

        assertThat(commit.checkAfter()).isEmpty();
        assertThat(commit.confirmDeletes()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null{}", "nul", "[]", "false", "null null", " "})
    void refusesACommitThatIsNoObject(String body) {
        ProblemException refused = catchThrowableOfType(
                ProblemException.class, () -> reader.commit(body.getBytes(StandardCharsets.UTF_8)));

        assertThat(refused.problem().type()).isIn(ProblemType.MALFORMED_JSON, ProblemType.MALFORMED_REQUEST);
    }

    @Test
    void listsAHandfulOfManyFlawsOfOneContact() {
        Problem.InvalidContacts refusal = refusal("{\"a\":[" + "null,".repeat(BODY / 6) + "null]}");

        assertThat(refusal.flaws()).hasSize(MOST_FLAWS);
        assertThat(ProblemJson.of(refusal)).hasSizeLessThan(LONGEST_ANSWER);
    }

    /** Would take hundreds of gigabytes if each flaw held its whole pointer. */
    @Test
    void answersManyFlawsBelowALongKeyShortly() {
        String key = "k".repeat(BODY / 2);

        Problem.InvalidContacts refusal = refusal("{\"" + key + "\":[" + "null,".repeat(BODY / 12) + "null]}");

        assertThat(ProblemJson.of(refusal)).hasSizeLessThan(LONGEST_ANSWER);
    }

    /** Would take minutes if a pointer were made for each value. */
    @Test
    void readsManyValuesBelowALongKeyInLinearTime() {
        String key = "k".repeat(BODY / 2);

        Problem.InvalidContacts refusal = refusal("{\"" + key + "\":[" + "1,".repeat(BODY / 5) + "1]}");

        assertThat(refusal.flaws()).extracting(flaw -> flaw.flaw().code()).containsExactly("contact-too-large");
    }

    /** As objects its values would need some 70 MB. */
    @ParameterizedTest
    @ValueSource(strings = {"[%s1]", "{\"a\":[%s1]}", "{\"a\":{\"b\":[%s1],\"c\":1}}"})
    void keepsNoMoreOfACardThanACardMayHave(String form) {
        String values = "1,".repeat(BODY / 2 - 100);

        Problem.InvalidContacts refusal = refusal("{\"x\":" + form.formatted(values) + "}");

        assertThat(refusal.flaws()).extracting(flaw -> flaw.flaw().code()).containsExactly("contact-too-large");
        assertThat(refusal.flaws().get(0).flaw().detail()).contains("at least");
    }

    @Test
    void countsNoMoreThanACardReallyHas() {
        String most = "x".repeat(CardProfile.MAX_CARD_BYTES - "{\"a\":[[],\"\",{\"b\":1}]}".length());

        String contact = "{\"uid\":\"u\",\"card\":{\"a\":[[],\"" + most + "\",{\"b\":1}]}}";
        byte[] body = ("{\"contacts\":[" + contact + "]}").getBytes(StandardCharsets.UTF_8);
        assertThat(reader.chunk(body, TaskKind.INITIAL)).hasSize(1);
        assertThat(refusal("{\"a\":[[],\"" + most + "y\",{\"b\":1}]}").flaws()).hasSize(1);
    }

    /** What is passed over because it is wrong anyway has an end too. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"changes\":[{\"op\":{",
                "{\"changes\":[{\"op\":[",
                "{\"changes\":[{\"card\":[",
                "{\"changes\":[{\"x\":{\"a\":",
                "{\"changes\":[{\"ifContentHash\":[[{",
                "{\"changes\":[[",
                "{\"changes\":[{\"card\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":["
            })
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void refusesABodyThatBreaksOffInWhatIsPassedOver(String body) {
        ProblemException refused = catchThrowableOfType(
                ProblemException.class, () -> reader.incrementalSync(body.getBytes(StandardCharsets.UTF_8)));

        assertThat(refused.problem().type()).isIn(ProblemType.MALFORMED_JSON, ProblemType.MALFORMED_REQUEST);
    }

    @Test
    void refusesToPassOverDepthWithoutEnd() {
        for (String level : new String[] {"[", "{\"a\":"}) {
            String body = "{\"changes\":[{\"uid\":" + level.repeat(BODY / level.length());

            ProblemException refused = catchThrowableOfType(
                    ProblemException.class, () -> reader.incrementalSync(body.getBytes(StandardCharsets.UTF_8)));

            assertThat(refused.problem().type()).isEqualTo(ProblemType.MALFORMED_JSON);
        }
    }

    @Test
    void listsAHandfulOfManyUnknownMembers() {
        String contact = "{\"uid\":\"u\"," + "\"\":1,".repeat(BODY / 8) + "\"card\":{}}";

        assertThat(refusalOf(contact).flaws()).hasSize(MOST_FLAWS);
    }

    private Problem.InvalidContacts refusal(String card) {
        return refusalOf("{\"uid\":\"u\",\"card\":" + card + "}");
    }

    private Problem.InvalidContacts refusalOf(String contact) {
        byte[] body = ("{\"contacts\":[" + contact + "]}").getBytes(StandardCharsets.UTF_8);
        assertThat(body).hasSizeLessThanOrEqualTo(BODY);

        ProblemException refused =
                catchThrowableOfType(ProblemException.class, () -> reader.chunk(body, TaskKind.INITIAL));

        return (Problem.InvalidContacts) refused.problem();
    }
}
