package org.contactsync.settings;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How contacts are looked up by number.
 *
 * @param region {@code DEFAULT_REGION}: of national numbers, where neither request nor token name one
 * @param blockList {@code BLOCK_LIST}: the file with the numbers that the operator blocks
 */
public record LookupOptions(Optional<String> region, Optional<Path> blockList) {}
