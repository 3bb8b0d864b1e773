package org.contactsync.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.contactsync.bench.Load.Result;

/**
 * This build and another one ({@code bench.before}), each with a database of its own, change one contact at a time for many clients. They
 * take turns: A B, B A, …; each turn begins with a checkpoint.
 */
final class BeforePart {
    private final Bench now;
    private final Bench before;
    private final List<Pair> pairs = new ArrayList<>();

    BeforePart(Bench now, Bench before) {
        this.now = now;
        this.before = before;
    }

    private record Pair(int clients, Result before, Result now) {}

    void run() {
        Options options = now.options();
        now.report().heading("Before and now: changes of one contact, many clients");
        now.report().line("Before: " + options.before().get(0) + ".");
        int most = options.clients().stream().mapToInt(Integer::intValue).max().orElseThrow();
        Users earlier = new Users(before, "before", 4, options.users());
        Users later = new Users(now, "now", 4, options.users());
        earlier.warmUp(most);
        later.warmUp(most);
        for (int round = 0; round < options.rounds(); round++) {
            for (int clients : options.clients()) {
                boolean first = round % 2 == 0;
                Result a = first ? turn(before, earlier, clients) : turn(now, later, clients);
                Result b = first ? turn(now, later, clients) : turn(before, earlier, clients);
                Pair pair = new Pair(clients, first ? a : b, first ? b : a);
                pairs.add(pair);
                now.report()
                        .progress(clients + " clients: before " + text(pair.before()) + "; now " + text(pair.now()));
            }
        }
        earlier.verify();
        later.verify();
        print(earlier.refusals() + " before, " + later.refusals() + " now");
    }

    private static Result turn(Bench bench, Users users, int clients) {
        bench.postgres().checkpoint();
        return Load.run(
                users.clients(clients), ManyClientsPart.SETTLE, bench.options().seconds(), bench::usage);
    }

    private static String text(Result result) {
        return String.format(
                Locale.ROOT,
                "%.0f/s, p99 %.0f ms",
                result.perSecond(),
                result.timings().millis(99));
    }

    private void print(String refusals) {
        List<List<String>> rows = new ArrayList<>();
        for (int clients : now.options().clients()) {
            List<Pair> of =
                    pairs.stream().filter(pair -> pair.clients() == clients).toList();
            rows.add(row(clients, "syncs/s", of, Result::perSecond));
            rows.add(row(clients, "p50 ms", of, each -> each.timings().millis(50)));
            rows.add(row(clients, "p99 ms", of, each -> each.timings().millis(99)));
            rows.add(row(
                    clients,
                    "server CPU ms/sync",
                    of,
                    each -> perSync(each, each.used().server().total())));
            rows.add(row(
                    clients,
                    "database CPU ms/sync",
                    of,
                    each -> perSync(each, each.used().database().total())));
            rows.add(row(
                    clients,
                    "log syncs/sync",
                    of,
                    each -> perSync(each, each.used().logSyncs())));
            rows.add(row(
                    clients,
                    "log KiB/sync",
                    of,
                    each -> perSync(each, each.used().logBytes()) / 1024));
            rows.add(row(
                    clients,
                    "full-page images/sync",
                    of,
                    each -> perSync(each, each.used().pageImages())));
        }
        now.report().table(List.of("clients", "figure", "before", "now", "ratio ± standard error"), rows);
        now.report()
                .line("All rounds, in order. The ratio is the geometric mean of the pairs. Answers that were not 200: "
                        + refusals + ". Verified: codes, numbers and cards of all stored books.");
    }

    private static double perSync(Result result, long used) {
        return used / (double) Math.max(1, result.timings().count());
    }

    private static List<String> row(int clients, String name, List<Pair> pairs, ToDoubleFunction<Result> figure) {
        List<Double> logs = pairs.stream()
                .map(pair -> Math.log(figure.applyAsDouble(pair.now()) / figure.applyAsDouble(pair.before())))
                .toList();
        double mean = logs.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        double squares =
                logs.stream().mapToDouble(log -> (log - mean) * (log - mean)).sum();
        double error = logs.size() < 2 ? Double.NaN : Math.sqrt(squares / (logs.size() - 1) / logs.size());
        return List.of(
                Integer.toString(clients),
                name,
                all(pairs.stream().map(Pair::before).toList(), figure),
                all(pairs.stream().map(Pair::now).toList(), figure),
                // A round without any, such as of full-page images, has no ratio.
                Double.isFinite(mean)
                        ? String.format(Locale.ROOT, "%.2f ± %.2f", Math.exp(mean), Math.exp(mean) * error)
                        : "–");
    }

    private static String all(List<Result> results, ToDoubleFunction<Result> figure) {
        return String.join(
                " ",
                results.stream().map(each -> brief(figure.applyAsDouble(each))).toList());
    }

    private static String brief(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
    }
}
