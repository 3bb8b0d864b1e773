package org.contactsync.door;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.Test;

class GunzipTest {
    private static final int MOST = 100_000;

    @Test
    void unpacksWhatGzipPacked() throws IOException {
        for (int length : new int[] {0, 1, 100, 16 * 1024, 16 * 1024 + 1, MOST}) {
            byte[] plain = new byte[length];
            new Random(length).nextBytes(plain);
            AtomicInteger grown = new AtomicInteger();
            assertThat(Gunzip.unpack(gzip(plain), MOST, grown::set)).isEqualTo(plain);
            assertThat(grown).hasValue(length);
        }
    }

    @Test
    void skipsEveryOptionalPartOfTheHeader() throws IOException {
        byte[] member = gzip("text".getBytes(UTF_8));
        ByteArrayOutputStream named = new ByteArrayOutputStream();
        named.write(member, 0, 10);
        named.writeBytes(new byte[] {3, 0, 'a', 'b', 'c'});
        named.writeBytes("name\0comment\0".getBytes(UTF_8));
        named.writeBytes(new byte[] {1, 2});
        named.write(member, 10, member.length - 10);
        byte[] packed = named.toByteArray();
        packed[3] = 2 | 4 | 8 | 16;
        assertThat(Gunzip.unpack(packed, MOST, bytes -> {})).asString(UTF_8).isEqualTo("text");
    }

    @Test
    void refusesASecondMemberAndEmptyOnesWithoutEnd() throws IOException {
        byte[] member = gzip("text".getBytes(UTF_8));
        refused(ProblemType.MALFORMED_REQUEST, join(member, member));
        byte[] empty = gzip(new byte[0]);
        byte[] many = new byte[empty.length * 200_000];
        for (int i = 0; i < many.length; i += empty.length) {
            System.arraycopy(empty, 0, many, i, empty.length);
        }
        refused(ProblemType.MALFORMED_REQUEST, many);
        refused(ProblemType.MALFORMED_REQUEST, join(member, new byte[1]));
    }

    @Test
    void refusesWhatIsCutOffAnywhereOrChangedAnywhere() throws IOException {
        byte[] member = gzip("a text that is long enough to be packed, packed, packed".getBytes(UTF_8));
        for (int length = 0; length < member.length; length++) {
            refused(ProblemType.MALFORMED_REQUEST, Arrays.copyOf(member, length));
        }
        byte[] wrongSum = member.clone();
        wrongSum[member.length - 8] ^= 1;
        refused(ProblemType.MALFORMED_REQUEST, wrongSum);
        byte[] wrongLength = member.clone();
        wrongLength[member.length - 1] ^= 1;
        refused(ProblemType.MALFORMED_REQUEST, wrongLength);
        byte[] endlessName = Arrays.copyOf(member, 10_000);
        endlessName[3] = 8;
        Arrays.fill(endlessName, 10, endlessName.length, (byte) 'x');
        refused(ProblemType.MALFORMED_REQUEST, endlessName);
    }

    @Test
    void refusesMoreThanTheLimit() throws IOException {
        refused(ProblemType.CONTENT_TOO_LARGE, gzip(new byte[MOST + 1]));
        refused(ProblemType.CONTENT_TOO_LARGE, gzip(new byte[50_000_000]));
    }

    private static void refused(ProblemType type, byte[] packed) {
        assertThatThrownBy(() -> Gunzip.unpack(packed, MOST, bytes -> {}))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().type()).isEqualTo(type));
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    private static byte[] join(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
