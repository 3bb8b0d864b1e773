/**
 * Measures the service, each figure beside a floor of the same run on the same machine ({@code mvn -Pbench verify}; method
 * in {@code docs/benchmarks.md}, results in {@code docs/performance.md}).
 *
 * <p><b>In and out.</b> In: {@code -Dbench.…} ({@link org.contactsync.bench.Options}), the packaged server, PostgreSQL with
 * {@code fsync} and {@code synchronous_commit} on. Out: tables on the console and in {@code target/bench/results.md}. Times are
 * nanoseconds inside and milliseconds in tables.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A figure and its floor are taken in turns, in the same run.
 *   <li>Every run ends with a comparison of the stored rows, their recomputed check code and what the clients were told; when
 *       they differ, the run fails and has no figures.
 *   <li>Every part ends in the time it was given.
 * </ol>
 *
 * <p><b>Not here.</b> Whether answers are right in all cases: the integration tests have that.
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.bench;
