package org.contactsync.k8s;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Finds what was written into a manifest and is no property of the Kubernetes model: misspelt, or in the wrong place. */
final class UnknownProperties {
    private static final String MODEL = "io.fabric8.kubernetes.api.model";

    private final List<String> found = new ArrayList<>();

    private UnknownProperties() {}

    /** Paths like {@code /spec/template/spec/contaners}; empty when everything is known. */
    static List<String> of(Object manifest) {
        UnknownProperties unknown = new UnknownProperties();
        unknown.visit(manifest, "");
        return List.copyOf(unknown.found);
    }

    private void visit(Object value, String path) {
        if (value instanceof Collection<?> items) {
            int index = 0;
            for (Object item : items) {
                visit(item, path + "/" + index++);
            }
        } else if (value instanceof Map<?, ?> entries) {
            entries.forEach((key, entry) -> visit(entry, path + "/" + key));
        } else if (value != null
                && value.getClass().getName().startsWith(MODEL)
                && !value.getClass().isEnum()) {
            for (Method getter : value.getClass().getMethods()) {
                if (getter.getName().startsWith("get")
                        && getter.getParameterCount() == 0
                        && getter.getDeclaringClass().getName().startsWith(MODEL)) {
                    visitProperty(value, getter, path);
                }
            }
        }
    }

    private void visitProperty(Object owner, Method getter, String path) {
        try {
            Object value = getter.invoke(owner);
            if (getter.getName().equals("getAdditionalProperties")) {
                ((Map<?, ?>) value).keySet().forEach(key -> found.add(path + "/" + key));
            } else {
                visit(value, path + "/" + getter.getName().substring(3));
            }
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("getter=" + getter, e);
        }
    }
}
