package org.contactsync.sync.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bytes of steps are the same as they were: those of each version that is read, for each kind, are in
 * {@code src/test/resources/steps/v<version>/<label>-<full or least>.hex}. Files of a version that was released are never changed.
 */
class GoldenStepsTest {
    private static final int CHECKSUM = 4;
    private static final int NEWER = StepCodec.NEWEST_READ + 1;

    private final StepCodec codec = new StepCodec();

    record Golden(int version, String name, Step step) {
        byte[] bytes() {
            String file = "/steps/v" + version + "/" + name + ".hex";
            try (InputStream in = GoldenStepsTest.class.getResourceAsStream(file)) {
                assertThat(in).as("golden bytes in src/test/resources" + file).isNotNull();
                String hex = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
                return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public String toString() {
            return "v" + version + " " + name;
        }
    }

    static Stream<Golden> all() {
        return IntStream.rangeClosed(StepCodec.OLDEST_READ, StepCodec.NEWEST_READ)
                .boxed()
                .flatMap(version -> Arrays.stream(StepKind.values())
                        .flatMap(kind -> Stream.of(
                                new Golden(version, kind.label() + "-full", GoldenSteps.full(kind)),
                                new Golden(version, kind.label() + "-least", GoldenSteps.least(kind)))));
    }

    static Stream<Golden> written() {
        return all().filter(golden -> golden.version() == StepCodec.WRITTEN)
                .map(golden -> new Golden(
                        golden.version(), golden.name(), GoldenSteps.inVersion(golden.version(), golden.step())));
    }

    /** Those that the version before cannot say. */
    static Stream<Golden> writtenInTheNewest() {
        return Stream.of(StepKind.APPLY_CHANGES, StepKind.PUT_CHUNK)
                .map(kind -> new Golden(StepCodec.NEWEST_READ, kind.label() + "-full", GoldenSteps.full(kind)));
    }

    @ParameterizedTest
    @MethodSource("writtenInTheNewest")
    void aStepThatTheReleaseBeforeCannotReadIsWrittenInTheNewestVersion(Golden golden) {
        assertThat(HexFormat.of().formatHex(codec.write(golden.step())))
                .isEqualTo(HexFormat.of().formatHex(golden.bytes()));
    }

    /** Decision 41: a row may be read by the release before, also after a rollback. */
    @Test
    void theRowOfAWaitingTaskIsInTheVersionThatTheReleaseBeforeReads() {
        ApplyChanges full = (ApplyChanges) GoldenSteps.full(StepKind.APPLY_CHANGES);
        byte[] row = codec.writeWaiting(full);

        assertThat(row[0]).isEqualTo((byte) StepCodec.WRITTEN);
        assertThat(codec.readWaiting(row)).isEqualTo(GoldenSteps.inVersion(StepCodec.WRITTEN, full));
        assertThat(row).isEqualTo(new Golden(StepCodec.WRITTEN, "applychanges-full", full).bytes());
    }

    /** The release before takes a task without changes for a damaged one. */
    @Test
    void aTaskThatOnlyHadLostCardsWaitsWithAChangeWithoutEffect() {
        ApplyChanges full = (ApplyChanges) GoldenSteps.full(StepKind.APPLY_CHANGES);
        ApplyChanges only = new ApplyChanges(
                full.head(),
                full.digest(),
                full.firstCode(),
                new IncrementalSync(
                        List.of(),
                        Optional.empty(),
                        OnMismatch.REBASE,
                        false,
                        full.sync().lost()));

        assertThat(codec.read(codec.write(only))).isEqualTo(only);
        assertThat(codec.readWaiting(codec.writeWaiting(only)).sync().changes())
                .singleElement()
                .satisfies(change -> {
                    assertThat(change).isInstanceOf(Change.Delete.class);
                    assertThat(change.expected()).contains(Change.Expected.ABSENT);
                });
    }

    /** Protocol 3.7.1: the release before would let it supersede the changes that were left out of it. */
    @Test
    void aTaskOfWhichChangesWereLeftOutIsSentInTheNewestVersionAndWaitsInTheOneBefore() {
        ApplyChanges least = (ApplyChanges) GoldenSteps.least(StepKind.APPLY_CHANGES);
        ApplyChanges partial = new ApplyChanges(
                least.head(),
                least.digest(),
                least.firstCode(),
                new IncrementalSync(
                        List.of(Change.withoutEffect(new UUID(1, 2))),
                        Optional.empty(),
                        OnMismatch.REFUSE,
                        false,
                        List.of()));

        assertThat(codec.write(partial)[0]).isEqualTo((byte) StepCodec.NEWEST_READ);
        assertThat(codec.read(codec.write(partial))).isEqualTo(partial);
        assertThat(codec.writeWaiting(partial)[0]).isEqualTo((byte) StepCodec.WRITTEN);
        assertThat(codec.readWaiting(codec.writeWaiting(partial))).isEqualTo(partial);
    }

    @ParameterizedTest
    @MethodSource("all")
    void theBytesOfEachVersionAreRead(Golden golden) {
        assertThat(codec.read(golden.bytes())).isEqualTo(GoldenSteps.inVersion(golden.version(), golden.step()));
    }

    @ParameterizedTest
    @MethodSource("written")
    void aStepIsWrittenWithTheBytesThatTheReleaseBeforeReads(Golden golden) {
        assertThat(HexFormat.of().formatHex(codec.write(golden.step())))
                .isEqualTo(HexFormat.of().formatHex(golden.bytes()));
    }

    /** Two adjacent releases: what is written is what the older of them reads. */
    @Test
    void noVersionIsWrittenThatIsNotRead() {
        assertThat(StepCodec.WRITTEN).isBetween(StepCodec.OLDEST_READ, StepCodec.NEWEST_READ);
        assertThat(StepCodec.NEWEST_READ - StepCodec.WRITTEN)
                .as("a version is read one release before it is written")
                .isBetween(0, 1);
    }

    /** Stored, sent and shown for good. */
    @Test
    void codesAndWordsStayAsTheyAre() {
        assertThat(Arrays.stream(StepKind.values()).map(kind -> kind.code() + " " + kind.label()))
                .containsExactlyInAnyOrder(
                        "0 applychanges",
                        "1 openupload",
                        "2 putchunk",
                        "3 commitupload",
                        "4 canceltask",
                        "5 runwaiting");
        // rows hold these names
        assertThat(TaskKind.values())
                .extracting(Enum::name)
                .containsExactlyInAnyOrder("INCREMENTAL", "INITIAL", "REPLACE", "CHANGES");
        assertThat(TaskState.values())
                .extracting(Enum::name)
                .containsExactlyInAnyOrder(
                        "RECEIVING",
                        "WAITING",
                        "QUEUED",
                        "RUNNING",
                        "DONE",
                        "FAILED",
                        "CANCELLED",
                        "SUPERSEDED",
                        "EXPIRED");
        assertThat(Priority.values()).extracting(Enum::name).containsExactlyInAnyOrder("USER", "BACKGROUND");
    }

    @Test
    void everyKindHasAStepOfItsOwn() {
        for (StepKind kind : StepKind.values()) {
            assertThat(GoldenSteps.full(kind).kind()).isEqualTo(kind);
            assertThat(GoldenSteps.least(kind).kind()).isEqualTo(kind);
        }
        assertThat(Stream.of(StepKind.values()).map(GoldenSteps::full).map(Object::getClass))
                .containsExactlyInAnyOrder(Step.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("written")
    void aStepOfANewerVersionIsToldFromADamagedOne(Golden golden) {
        byte[] newer = NewerSteps.of(golden.step());

        assertThatThrownBy(() -> codec.read(newer))
                .isInstanceOfSatisfying(
                        NewerStepException.class,
                        e -> assertThat(e.head()).isEqualTo(golden.step().head()))
                .hasMessageContaining("version=" + NEWER);
        newer[newer.length / 2] ^= 1;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.read(newer))
                .isNotInstanceOf(NewerStepException.class);
    }

    @Test
    void aKindThatIsNotKnownIsOneOfANewerVersion() {
        byte[] bytes = codec.write(GoldenSteps.full(StepKind.CANCEL_TASK));
        bytes[1] = 99;
        NewerSteps.seal(bytes);

        assertThatThrownBy(() -> codec.read(bytes))
                .isInstanceOf(NewerStepException.class)
                .hasMessageContaining("kind=99");
    }

    @Test
    void aVersionThatIsNotReadAnyMoreIsNotTakenForANewerOne() {
        byte[] bytes = codec.write(GoldenSteps.full(StepKind.CANCEL_TASK));
        bytes[0] = StepCodec.OLDEST_READ - 1;
        NewerSteps.seal(bytes);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.read(bytes))
                .isNotInstanceOf(NewerStepException.class)
                .withMessageContaining("not read any more");
    }

    @Test
    void onlyIncrementalTasksWait() {
        for (StepKind kind : List.of(StepKind.values())) {
            byte[] bytes = codec.write(GoldenSteps.full(kind));
            if (kind == StepKind.APPLY_CHANGES) {
                assertThat(codec.readWaiting(bytes)).isEqualTo(GoldenSteps.full(kind));
            } else {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> codec.readWaiting(bytes))
                        .withMessageContaining(kind.label());
            }
        }
    }

    /** The checksum is behind all that a version may have, also a longer one. */
    @Test
    void theFrameOfAStepIsThatOfEveryVersion() {
        byte[] bytes = NewerSteps.of(GoldenSteps.least(StepKind.RUN_WAITING));

        assertThat(bytes[0]).isEqualTo((byte) NEWER);
        assertThat(ByteBuffer.wrap(bytes).getInt(bytes.length - CHECKSUM))
                .isEqualTo(StepOutput.checksum(bytes, bytes.length - CHECKSUM));
    }
}
