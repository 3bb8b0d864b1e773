package org.contactsync.sync.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.ArbitraryCards;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.LostCard;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.protocol.request.UploadCommit;
import org.contactsync.protocol.request.UploadPlan;
import org.contactsync.sync.Examples;
import org.contactsync.sync.step.Step.Head;

/** Steps come out of their bytes as they went in, and damaged bytes never become a step. */
class StepCodecProperties {
    private static final int CHECKSUM = 4;

    private final StepCodec codec = new StepCodec();

    @Property(tries = 300)
    void aStepIsReadAsItWasWritten(@ForAll("steps") Step step) {
        assertThat(codec.read(codec.write(step))).isEqualTo(step);
    }

    @Property(tries = 300)
    void aDamagedByteIsRefused(
            @ForAll("steps") Step step,
            @ForAll @IntRange(max = 1_000_000) int at,
            @ForAll @IntRange(min = 1, max = 255) int bits) {
        byte[] bytes = codec.write(step);
        bytes[at % bytes.length] ^= (byte) bits;

        assertThatIllegalArgumentException().isThrownBy(() -> codec.read(bytes));
    }

    @Property(tries = 300)
    void bytesThatAreCutOrGoOnAreRefused(@ForAll("steps") Step step, @ForAll @IntRange(max = 1_000_000) int at) {
        byte[] bytes = codec.write(step);

        assertThatIllegalArgumentException().isThrownBy(() -> codec.read(Arrays.copyOf(bytes, at % bytes.length)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.read(Arrays.copyOf(bytes, bytes.length + 1 + at % 9)));
    }

    @Property(tries = 300)
    void bytesThatNobodyWroteAreRefused(@ForAll @Size(max = 200) byte[] bytes) {
        assertThatIllegalArgumentException().isThrownBy(() -> codec.read(bytes));
    }

    /** A checksum that is right does not make a wrong step: it is refused in no other way, or is some step. */
    @Property(tries = 1_000)
    void wrongBytesWithTheRightChecksumFailInNoOtherWay(
            @ForAll("steps") Step step,
            @ForAll @IntRange(max = 1_000_000) int at,
            @ForAll @IntRange(min = 1, max = 255) int bits) {
        byte[] bytes = codec.write(step);
        int end = bytes.length - CHECKSUM;
        bytes[at % end] ^= (byte) bits;
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, end);
        ByteBuffer.wrap(bytes).putInt(end, (int) sum.getValue());

        try {
            assertThat(codec.read(bytes)).isNotNull();
        } catch (IllegalArgumentException e) {
            assertThat(e).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Provide
    Arbitrary<Step> steps() {
        Arbitrary<Step> apply = Combinators.combine(
                        heads(), digests(), codes(), syncs(), Arbitraries.of(Priority.values()))
                .as(Step.ApplyChanges::new);
        Arbitrary<Step> open = Combinators.combine(heads(), digests(), plans()).as(Step.OpenUpload::new);
        Arbitrary<Step> chunk = Combinators.combine(
                        heads(), Arbitraries.integers().between(1, 1_000), digests(), changes())
                .as(Step.PutChunk::new);
        Arbitrary<Step> commit = Combinators.combine(heads(), codes().optional(), Arbitraries.of(true, false))
                .as((head, after, confirm) -> new Step.CommitUpload(head, new UploadCommit(after, confirm)));
        return Arbitraries.oneOf(
                apply, open, chunk, commit, heads().map(Step.CancelTask::new), heads().map(Step.RunWaiting::new));
    }

    private static Arbitrary<Head> heads() {
        Arbitrary<String> names = Arbitraries.strings()
                .alpha()
                .withChars('ä', '刘', ':', '/')
                .ofMinLength(1)
                .ofMaxLength(40);
        Arbitrary<Owner> owners = Combinators.combine(names, names).as(Owner::new);
        Arbitrary<TaskId> tasks = uuids().map(TaskId::new);
        Arbitrary<DeviceId> devices = Arbitraries.strings()
                .alpha()
                .numeric()
                .ofMinLength(1)
                .ofMaxLength(64)
                .map(DeviceId::new);
        Arbitrary<Instant> times = Combinators.combine(
                        Arbitraries.longs().between(0, 4_000_000_000L),
                        Arbitraries.integers().between(0, 999_999_999))
                .as(Instant::ofEpochSecond);
        Arbitrary<ReplyTo> replies = Combinators.combine(names, uuids()).as(ReplyTo::new);
        return Combinators.combine(owners, tasks, devices.optional(), times, replies)
                .as(Head::new);
    }

    private static Arbitrary<UUID> uuids() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(UUID::new);
    }

    private static Arbitrary<RequestDigest> digests() {
        return Arbitraries.integers().map(n -> Examples.digest("request " + n));
    }

    private static Arbitrary<CheckCode> codes() {
        return Arbitraries.of(Examples.SOME_CODE, Examples.OTHER_CODE);
    }

    private static Arbitrary<IncrementalSync> syncs() {
        return Combinators.combine(
                        changes().filter(changes -> !changes.isEmpty()),
                        codes().optional(),
                        Arbitraries.of(OnMismatch.class),
                        Arbitraries.of(true, false),
                        lost())
                .as(IncrementalSync::new);
    }

    private static Arbitrary<List<LostCard>> lost() {
        return Combinators.combine(ArbitraryCards.uids(), ArbitraryCards.cards().map(CanonicalCard::of))
                .as(LostCard::new)
                .list()
                .ofMaxSize(2);
    }

    private static Arbitrary<UploadPlan> plans() {
        return Combinators.combine(
                        Arbitraries.of(TaskKind.INITIAL, TaskKind.REPLACE, TaskKind.CHANGES),
                        codes(),
                        Arbitraries.integers().between(1, 1_000),
                        Arbitraries.integers().between(0, 200_000),
                        codes().optional(),
                        Arbitraries.of(true, false))
                .as((kind, before, chunks, more, after, confirm) ->
                        new UploadPlan(kind, before, chunks, (long) chunks + more, after, confirm));
    }

    private static Arbitrary<List<Change>> changes() {
        Arbitrary<Change.Expected> expected = Arbitraries.bytes()
                .array(byte[].class)
                .ofSize(32)
                .map(ContentHash::of)
                .optional()
                .map(Change.Expected::new);
        Arbitrary<Change> puts = Combinators.combine(
                        ArbitraryCards.uids(), ArbitraryCards.cards().map(CanonicalCard::of), expected.optional())
                .as(Change.Put::new);
        Arbitrary<Change> deletes =
                Combinators.combine(ArbitraryCards.uids(), expected.optional()).as(Change.Delete::new);
        return Arbitraries.oneOf(puts, deletes).list().ofMaxSize(4);
    }
}
