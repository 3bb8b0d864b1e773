package org.contactsync.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.contactsync.it.Seed;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.json.RequestReader.Taken;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.problem.ContactFlaw;
import org.contactsync.protocol.problem.Problem.InvalidContacts;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.LostCard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Protocol 3.7.1: what is at fault is left out and named, and the rest keeps its place. */
class LenientRequestTest {
    private static final String CODE = "ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSOt6Y";
    private static final String BAD = "{\"name\":null}";
    private static final String GOOD = "{\"name\":1}";

    private final RequestReader reader = new RequestReader(Limits.DEFAULTS);

    @Test
    void theRestOfARequestIsTakenAndKeepsItsPlace() {
        Taken<IncrementalSync> taken = patch(changes(put("a", BAD), put("b", GOOD), "7", put("c", GOOD)));

        assertThat(taken.leftOut())
                .extracting(flaw -> flaw.index() + " " + flaw.uid().orElse("none") + " " + flaw.pointer() + " "
                        + flaw.flaw().code())
                .containsExactly("0 a /card/name null-value", "2 none  wrong-type");
        assertThat(uids(taken.request().changes())).containsExactly("-", "b", "-", "c");
        assertThat(taken.request().changes()).extracting(Change::uid).doesNotHaveDuplicates();
        assertThat(taken.request().checkAfter()).isEmpty();
    }

    @Test
    void aWholeRequestIsReadAsAlways() {
        for (String body : List.of(
                changes(put("a", GOOD)),
                "{\"checkAfter\":\"" + CODE + "\"," + changes(put("a", GOOD)).substring(1))) {
            Taken<IncrementalSync> taken = patch(body);
            assertThat(taken.leftOut()).isEmpty();
            assertThat(taken.request()).isEqualTo(reader.incrementalSync(bytes(body)));
        }
    }

    /** It is the code of a book with all of it. */
    @Test
    void aRequestWithItsSecondCheckCodeIsRefusedAsAlways() {
        String body = "{\"checkAfter\":\"" + CODE + "\","
                + changes(put("a", BAD), put("b", GOOD)).substring(1);

        assertThat(refused(body))
                .singleElement()
                .satisfies(flaw -> assertThat(flaw.index()).isZero());
    }

    @Test
    void aRequestOfWhichNothingIsLeftIsRefusedAsAlways() {
        String both = "{\"name\":null,\"x\":1.5}";
        for (String body : List.of(
                changes(put("a", both), put("b", BAD)),
                "{\"lost\":[{\"uid\":\"a\",\"card\":" + BAD + "}]}",
                "{\"onMismatch\":\"rebase\","
                        + changes(put("a", GOOD), put("b", BAD)).substring(1))) {
            ProblemException strict =
                    catchThrowableOfType(ProblemException.class, () -> reader.incrementalSync(bytes(body)));
            assertThat(refused(body)).isEqualTo(((InvalidContacts) strict.problem()).flaws());
        }
    }

    @Test
    void aChangeWithoutItsPreconditionIsLeftOut() {
        String body = "{\"onMismatch\":\"rebase\","
                + changes(
                                put("a", GOOD),
                                put("b", BAD),
                                "{\"op\":\"put\",\"uid\":\"c\",\"ifAbsent\":true,\"card\":" + GOOD + "}",
                                put("d", GOOD))
                        .substring(1);

        Taken<IncrementalSync> taken = patch(body);

        assertThat(taken.leftOut())
                .extracting(flaw -> flaw.index() + " " + flaw.uid().orElseThrow() + " "
                        + flaw.flaw().code())
                .containsExactly("0 a precondition-missing", "1 b null-value", "3 d precondition-missing");
        assertThat(uids(taken.request().changes())).containsExactly("-", "-", "c", "-");
    }

    @Test
    void aLostCardIsLeftOut() {
        String lost = "\"lost\":[{\"uid\":\"a\",\"card\":" + GOOD + "},{\"uid\":\"b\",\"card\":" + BAD + "}]";

        Taken<IncrementalSync> with =
                patch("{" + lost + "," + changes(put("c", BAD)).substring(1));
        Taken<IncrementalSync> alone = patch("{" + lost + "}");

        assertThat(with.leftOut())
                .extracting(flaw -> flaw.index() + " " + flaw.pointer())
                .containsExactly("0 /card/name", "1 /lost/card/name");
        assertThat(alone.leftOut()).hasSize(1);
        assertThat(alone.request().changes()).isEmpty();
        for (Taken<IncrementalSync> each : List.of(with, alone)) {
            assertThat(each.request().lost())
                    .extracting(LostCard::uid)
                    .extracting(uid -> uid.value())
                    .containsExactly("a");
        }
    }

    /** However many rules the others break. */
    @Test
    void eachContactIsNamedOnce() {
        String worst = IntStream.range(0, 11_000)
                .mapToObj(n -> "\"k" + n + "\":null")
                .collect(Collectors.joining(",", "{", "}"));
        List<String> all = new ArrayList<>(List.of(put("worst", worst)));
        for (int n = 1; n < 999; n++) {
            all.add(put("u" + n, BAD));
        }
        all.add(put("good", GOOD));

        Taken<IncrementalSync> taken = patch(changes(all.toArray(String[]::new)));

        assertThat(taken.leftOut())
                .extracting(ContactFlaw::index)
                .containsExactlyElementsOf(IntStream.range(0, 999).boxed().toList());
        assertThat(taken.request().changes()).hasSize(1_000);
        String answer = LeftOutJson.with(
                        new Answer(200, Optional.empty(), Optional.empty(), Optional.empty(), "{\"a\":1}"),
                        taken.leftOut())
                .body();
        assertThat(BoundedJson.object(bytes(answer)).getJsonObject("leftOut").getJsonArray("items"))
                .hasSize(999);
    }

    /** Protocol 8.11. */
    @ParameterizedTest
    @EnumSource(names = {"INITIAL", "REPLACE", "CHANGES"})
    void aChunkIsTakenWithoutWhatIsAtFaultEvenIfThatIsAll(TaskKind kind) {
        for (int bad : List.of(1, 2)) {
            List<String> contacts = List.of(contact(kind, "a", BAD), contact(kind, "b", bad == 1 ? GOOD : BAD));
            String body = "{\"" + (kind.replacesBook() ? "contacts" : "changes") + "\":" + contacts + "}";

            Taken<List<Change>> taken = reader.chunk(bytes(body), kind, true);

            assertThat(taken.leftOut()).hasSize(bad);
            assertThat(uids(taken.request())).containsExactly("-", bad == 1 ? "b" : "-");
            assertThat(catchThrowableOfType(ProblemException.class, () -> reader.chunk(bytes(body), kind)))
                    .isNotNull();
        }
        assertThat(catchThrowableOfType(
                        ProblemException.class, () -> reader.chunk(bytes("{\"changes\":[]}"), TaskKind.CHANGES, true)))
                .isNotNull();
    }

    /** What is left is what a strict reader takes of a request without those that are named. */
    @Test
    void theRestIsTheRequestWithoutThoseThatAreNamed() {
        long seed = Seed.of("lenient.seed");
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<String> all = new ArrayList<>();
            int size = 1 + random.nextInt(8);
            for (int n = 0; n < size; n++) {
                String card = random.nextBoolean() ? GOOD : random.nextBoolean() ? BAD : "[]";
                all.add(put("u" + random.nextInt(6), card));
            }
            String body = changes(all.toArray(String[]::new));
            Taken<IncrementalSync> taken;
            try {
                taken = patch(body);
            } catch (ProblemException e) {
                assertThat(e.problem()).as("-Dlenient.seed=%d", seed).isInstanceOf(InvalidContacts.class);
                continue;
            }
            Set<Integer> gone =
                    taken.leftOut().stream().map(ContactFlaw::index).collect(Collectors.toCollection(HashSet::new));
            List<String> rest = IntStream.range(0, size)
                    .filter(n -> !gone.contains(n))
                    .mapToObj(all::get)
                    .toList();
            List<Change> changes = taken.request().changes();
            assertThat(changes).as("-Dlenient.seed=%d", seed).hasSize(size);
            assertThat(IntStream.range(0, size).filter(n -> !gone.contains(n)).mapToObj(changes::get))
                    .as("-Dlenient.seed=%d", seed)
                    .containsExactlyElementsOf(reader.incrementalSync(bytes(changes(rest.toArray(String[]::new))))
                            .changes());
            assertThat(gone).allMatch(n -> changes.get(n).isWithoutEffect());
        }
    }

    private Taken<IncrementalSync> patch(String body) {
        return reader.incrementalSync(bytes(body), true);
    }

    private List<ContactFlaw> refused(String body) {
        ProblemException refused = catchThrowableOfType(ProblemException.class, () -> patch(body));
        return ((InvalidContacts) refused.problem()).flaws();
    }

    /** A dash for the place of one that was left out. */
    private static List<String> uids(List<Change> changes) {
        return changes.stream()
                .map(change -> change.isWithoutEffect() ? "-" : change.uid().value())
                .toList();
    }

    private static String changes(String... changes) {
        return "{\"changes\":[" + String.join(",", changes) + "]}";
    }

    private static String put(String uid, String card) {
        return "{\"op\":\"put\",\"uid\":\"" + uid + "\",\"card\":" + card + "}";
    }

    private static String contact(TaskKind kind, String uid, String card) {
        return kind.replacesBook() ? "{\"uid\":\"" + uid + "\",\"card\":" + card + "}" : put(uid, card);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
