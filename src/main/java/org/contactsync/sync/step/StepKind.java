package org.contactsync.sync.step;

import java.util.Arrays;
import java.util.Optional;

/**
 * The kinds of steps. Codes and labels are stored, sent and shown, so they never change: they do not depend on the order or
 * the names of the constants, and those of a removed kind are not reused.
 */
public enum StepKind {
    APPLY_CHANGES(0, "applychanges", true),
    OPEN_UPLOAD(1, "openupload", true),
    PUT_CHUNK(2, "putchunk", true),
    COMMIT_UPLOAD(3, "commitupload", true),
    CANCEL_TASK(4, "canceltask", true),
    RUN_WAITING(5, "runwaiting", false);

    private final int code;
    private final String label;
    private final boolean request;

    StepKind(int code, String label, boolean request) {
        this.code = code;
        this.label = label;
        this.request = request;
    }

    /** In the bytes of a step, from 0 to 255. */
    public int code() {
        return code;
    }

    /** In metrics and logs. */
    public String label() {
        return label;
    }

    /** Whether a request waits for its answer. */
    public boolean hasRequest() {
        return request;
    }

    static Optional<StepKind> ofCode(int code) {
        return Arrays.stream(values()).filter(kind -> kind.code == code).findFirst();
    }
}
