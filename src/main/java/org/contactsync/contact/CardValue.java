package org.contactsync.contact;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** One JSON value of a card; the profile knows no null and no fractions. */
public sealed interface CardValue {
    /** Well-formed Unicode without U+0000 and without C0 controls other than TAB and LF. */
    record Text(String value) implements CardValue {
        public Text {
            CardProfile.textFlaw(value).ifPresent(CardProfile::refuse);
        }
    }

    /** An integer that every JSON implementation represents exactly: at most 2^53 - 1 away from zero. */
    record Int(long value) implements CardValue {
        public Int {
            CardProfile.integerFlaw(value).ifPresent(CardProfile::refuse);
        }
    }

    /** True or false. */
    record Bool(boolean value) implements CardValue {}

    /** An array, in its own order. */
    record Items(List<CardValue> values) implements CardValue {
        public Items {
            values = List.copyOf(values);
        }
    }

    /** An object: ASCII keys, each once, held in code-unit order (which is the canonical order). */
    record Members(SortedMap<String, CardValue> values) implements CardValue {
        public Members {
            // Not new TreeMap<>(values): that would take over the order of the map that was given.
            SortedMap<String, CardValue> ordered = new TreeMap<>();
            ordered.putAll(values);
            for (String key : ordered.keySet()) {
                CardProfile.keyFlaw(key).ifPresent(CardProfile::refuse);
            }
            values = Collections.unmodifiableSortedMap(ordered);
        }
    }
}
