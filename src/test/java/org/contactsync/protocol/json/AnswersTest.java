package org.contactsync.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.Missed.BookChange;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.outcome.ChunkAck;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.protocol.outcome.TaskView;
import org.contactsync.protocol.problem.Conflict;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.sync.Examples;
import org.junit.jupiter.api.Test;

/**
 * Protocol 7.2: rows keep these very texts, and instances of two versions tell them to each other. Whoever changes one changes what
 * a repeated request gets.
 */
class AnswersTest {
    private static final CheckCode CODE = new CheckCode("ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSOt6Y");
    private static final TaskId TASK = new TaskId(new UUID(0x40008L, 0x8000000000000001L));
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123456Z");

    @Test
    void aDoneTask() {
        Answer answer = Answers.of(new Outcome.Applied(result(false, Optional.empty())));

        assertThat(answer).isEqualTo(new Answer(200, Optional.of(CODE), Optional.empty(), Optional.empty(), """
                {"task":"00000000-0004-0008-8000-000000000001","state":"done",\
                "checkCode":"ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSOt6Y","seq":7,"count":3,\
                "applied":{"put":2,"deleted":1},"rebased":false}"""));
    }

    @Test
    void aDoneTaskThatMissedChanges() {
        BookChange put = new BookChange(5, new Uid("a\"b"), Optional.of(content()), Optional.of(new DeviceId("phone")));
        BookChange delete = new BookChange(6, new Uid("c"), Optional.empty(), Optional.empty());
        Missed told = new Missed(List.of(put, delete), Optional.empty());
        Missed kept = new Missed(List.of(), Optional.of(4L));

        assertThat(body(new Outcome.Applied(result(true, Optional.of(told))))).endsWith("""
                ,"rebased":true,"missed":{"changes":[\
                {"seq":5,"op":"put","uid":"a\\"b",\
                "contentHash":"0000000000000000000000000000000000000000000000000000000000000000",\
                "card":{"@type":"Card"},"device":"phone"},\
                {"seq":6,"op":"delete","uid":"c"}],"complete":true}}""");
        assertThat(body(new Outcome.Applied(result(true, Optional.of(kept))))).endsWith("""
                ,"rebased":true,"missed":{"changes":[],"complete":false,"next":"/v1/book/changes?since=4"}}""");
        assertThat(body(new Outcome.Applied(result(true, Optional.empty())))).endsWith("""
                ,"rebased":true,"missed":{"complete":false,"digests":"/v1/book/digests"}}""");
    }

    @Test
    void anAcknowledgedChunk() {
        Answer answer = Answers.of(new Outcome.Acknowledged(new ChunkAck(2, 3, 1_000, CODE)));

        assertThat(answer).isEqualTo(new Answer(200, Optional.empty(), Optional.empty(), Optional.empty(), """
                {"chunk":2,"nextChunk":3,"received":1000,\
                "checkCode":"ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSOt6Y"}"""));
    }

    @Test
    void anAcceptedTask() {
        TaskView task = new TaskView(
                TASK,
                TaskKind.INCREMENTAL,
                TaskState.WAITING,
                2,
                Optional.of(new DeviceId("phone")),
                Optional.of(Priority.USER),
                NOON,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        assertThat(Answers.of(new Outcome.Accepted(task)))
                .isEqualTo(new Answer(202, Optional.empty(), Optional.of(TASK), Optional.empty(), """
                        {"id":"00000000-0004-0008-8000-000000000001","kind":"incremental","state":"waiting","position":2,\
                        "device":"phone","priority":"user","createdAt":"2026-11-22T12:00:00.123Z"}"""));
    }

    @Test
    void anOpenedUpload() {
        TaskView task = new TaskView(
                TASK,
                TaskKind.REPLACE,
                TaskState.RECEIVING,
                0,
                Optional.empty(),
                Optional.empty(),
                NOON,
                Optional.of(NOON.plusSeconds(900)),
                Optional.of(new TaskView.Upload(2, 4, 1_200, 300, Optional.of(CODE))),
                Optional.empty());

        assertThat(Answers.of(new Outcome.Opened(task)))
                .isEqualTo(new Answer(201, Optional.empty(), Optional.of(TASK), Optional.empty(), """
                        {"id":"00000000-0004-0008-8000-000000000001","kind":"replace","state":"receiving","position":0,\
                        "createdAt":"2026-11-22T12:00:00.123Z","expiresAt":"2026-11-22T12:15:00.123Z",\
                        "nextChunk":2,"chunks":4,"contacts":1200,"received":300,\
                        "checkCode":"ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSOt6Y"}"""));
    }

    /** Protocol 5.6: what is kept of it says by itself that it is not whole, whatever the contacts are called. */
    @Test
    void aConflictThatIsKeptInPart() {
        Uid uid = new Uid("\"total\":99,\"items\":[");
        List<Conflict> conflicts = IntStream.range(0, 21)
                .mapToObj(n -> new Conflict(uid, n, Optional.empty()))
                .toList();
        Problem.ContactConflict many = new Problem.ContactConflict(conflicts, CODE);
        Problem.ContactConflict few = new Problem.ContactConflict(conflicts.subList(0, 20), CODE);

        assertThat(body(new Outcome.Refused(many.kept())))
                .contains(",\"total\":21,\"items\":[", "\"index\":19,")
                .doesNotContain("\"index\":20,")
                .satisfies(kept -> assertThat(isShortened(kept)).contains(true));
        assertThat(few.kept()).isEqualTo(few);
        assertThat(isShortened(body(new Outcome.Refused(few)))).contains(false);
        assertThat(isShortened(body(new Outcome.Refused(new Problem.TaskWaiting(3)))))
                .isEmpty();
    }

    private static Optional<Boolean> isShortened(String problem) {
        return ProblemReader.conflict(problem).map(Problem.ContactConflict::isShortened);
    }

    /** Protocol 5.6: the cards of both sides are told, and not kept; where there may be more, the versions are named. */
    @Test
    void aConflictHasTheCardsOfBothSides() {
        CanonicalCard theirs = Examples.card("theirs");
        Content base = new Content(Examples.card("base"), ContentHash.of(new byte[32]));
        Problem.ContactConflict conflict = new Problem.ContactConflict(
                List.of(
                        new Conflict(
                                new Uid("a"),
                                0,
                                Optional.of(ContentHash.of(new byte[32])),
                                Optional.of(theirs),
                                Optional.of(base),
                                false),
                        new Conflict(new Uid("b /?"), 1, Optional.empty(), Optional.empty(), Optional.empty(), true)),
                CODE);

        assertThat(body(new Outcome.Refused(conflict))).endsWith("""
                "total":2,"items":[{"uid":"a","index":0,\
                "contentHash":"0000000000000000000000000000000000000000000000000000000000000000",\
                "card":{"@type":"Card","name":{"full":"theirs"},"version":"1.0"},"ancestor":{\
                "contentHash":"0000000000000000000000000000000000000000000000000000000000000000",\
                "card":{"@type":"Card","name":{"full":"base"},"version":"1.0"}}},\
                {"uid":"b /?","index":1,"contentHash":null,"versions":"/v1/book/contacts/b%20%2F%3F/versions"}]}""");
        assertThat(ProblemReader.conflict(body(new Outcome.Refused(conflict)))).contains(conflict.kept());
        assertThat(body(new Outcome.Refused(conflict.kept()))).doesNotContain("card", "ancestor", "versions");
    }

    @Test
    void aTaskThatWasTakenBack() {
        assertThat(Answers.of(new Outcome.Gone()))
                .isEqualTo(new Answer(204, Optional.empty(), Optional.empty(), Optional.empty(), ""));
    }

    @Test
    void aRefusalSaysWhenToComeAgain() {
        Answer answer = Answers.of(new Outcome.Refused(new Problem.TaskWaiting(3)));

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.retryAfter()).contains(Duration.ofSeconds(2));
        assertThat(answer.body())
                .startsWith("{\"type\":\"urn:contact-sync:problem:task-waiting\",")
                .endsWith(",\"position\":3}");
    }

    @Test
    void aMismatchOfAnUnknownBookLeadsToTheDigests() {
        Answer answer = Answers.of(new Outcome.Refused(new Problem.CheckCodeMismatch(CODE, 3, 7, Optional.empty())));

        assertThat(answer.status()).isEqualTo(412);
        assertThat(answer.body()).endsWith("""
                ,"serverCheckCode":"ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSOt6Y","serverCount":3,"serverSeq":7,\
                "digests":"/v1/book/digests","missed":{"complete":false,"digests":"/v1/book/digests"}}""");
    }

    /** An earlier version's words too. */
    @Test
    void whatWasToldIsToldAgainAsItIs() {
        Answer earlier = new Answer(
                418, Optional.of(CODE), Optional.of(TASK), Optional.of(Duration.ofSeconds(9)), "{\"title\" : \"old\"}");

        assertThat(Answers.of(new Outcome.Told(earlier))).isSameAs(earlier);
    }

    /** In a task it stands as it was kept. */
    @Test
    void aFinishedTaskShowsWhatWasKept() {
        Answer done = new Answer(200, Optional.empty(), Optional.empty(), Optional.empty(), "{\"kept\":1}");
        Answer failed = new Answer(409, Optional.empty(), Optional.empty(), Optional.empty(), "{\"kept\":2}");

        assertThat(AnswerJson.of(finished(done))).endsWith(",\"result\":{\"kept\":1}}");
        assertThat(AnswerJson.of(finished(failed))).endsWith(",\"problem\":{\"kept\":2}}");
    }

    private static TaskView finished(Answer kept) {
        return new TaskView(
                TASK,
                TaskKind.INCREMENTAL,
                TaskState.DONE,
                0,
                Optional.empty(),
                Optional.empty(),
                NOON,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Outcome.Told(kept)));
    }

    private static String body(Outcome outcome) {
        return Answers.of(outcome).body();
    }

    private static SyncResult result(boolean rebased, Optional<Missed> missed) {
        return new SyncResult(TASK, CODE, 7, 3, 2, 1, rebased, missed);
    }

    private static Content content() {
        CanonicalCard card = CanonicalCard.ofTrusted("{\"@type\":\"Card\"}".getBytes(StandardCharsets.UTF_8));
        return new Content(card, ContentHash.of(new byte[32]));
    }
}
