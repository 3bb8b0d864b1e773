package org.contactsync.settings;

import java.util.List;

/** The service cannot start with these settings; contains all faults. */
public final class WrongSettings extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    /** @param faults one sentence each, starting with the variable's name; at least one */
    WrongSettings(List<String> faults) {
        super(String.join("; ", faults));
        this.faults = List.copyOf(faults);
    }

    public List<String> faults() {
        return faults;
    }
}
