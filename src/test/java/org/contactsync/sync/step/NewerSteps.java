package org.contactsync.sync.step;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Steps as the next version might write them: the same frame, and behind it what this version does not know. */
public final class NewerSteps {
    private static final int CHECKSUM = 4;
    private static final int MORE = 5;

    private NewerSteps() {}

    /** The bytes of a step of the version after the newest that is read. */
    public static byte[] of(Step step) {
        byte[] now = new StepCodec().write(step);
        byte[] newer = Arrays.copyOf(now, now.length + MORE);
        newer[0] = StepCodec.NEWEST_READ + 1;
        seal(newer);
        return newer;
    }

    /** The same of bytes that were stored. */
    public static byte[] of(byte[] payload) {
        return of(new StepCodec().read(payload));
    }

    /** Gives changed bytes the right checksum. */
    static void seal(byte[] bytes) {
        int length = bytes.length - CHECKSUM;
        ByteBuffer.wrap(bytes).putInt(length, StepOutput.checksum(bytes, length));
    }
}
