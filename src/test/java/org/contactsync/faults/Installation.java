package org.contactsync.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.contactsync.faults.Network.Wire;
import org.contactsync.it.ExternalBroker;
import org.contactsync.it.LibertyServer;
import org.contactsync.it.TcpProxy;

/**
 * Two instances of the packaged service, a broker and a PostgreSQL, each a process of its own, and between them connections that
 * can be broken. One thread at a time.
 */
final class Installation implements AutoCloseable {
    /** Short, so that an upload that was left ends within a run. */
    private static final String LEASE = "PT20S";

    private static final String KEY = "key";

    /** In the namespace's address nobody else listens. */
    private static final int PLAIN_PORT = 61616;

    private final ExternalBroker broker;
    private final Postgres postgres;
    private final List<Instance> instances = new ArrayList<>();
    private Optional<Relay> inside = Optional.empty();
    private Optional<TcpProxy> outside = Optional.empty();
    private boolean brokerUp;

    /** A test run that is ended from outside leaves no process behind. */
    private final Thread whenKilled = new Thread(this::end);

    /**
     * What is special about it.
     *
     * @param directory holds logs and data
     * @param database where the database keeps its data
     * @param environment of instance B, besides what every instance gets
     * @param network that instance B is in
     * @param commit how long the database waits before it writes a commit to the disk
     */
    record Plan(
            Path directory,
            Path database,
            Map<String, String> environment,
            Optional<Network> network,
            Duration commit) {
        Plan {
            environment = Map.copyOf(environment);
        }

        /** Nothing. */
        static Plan plain(Path directory) {
            return new Plan(directory, directory.resolve("database"), Map.of(), Optional.empty(), Duration.ZERO);
        }

        /** The database keeps its data below this directory. */
        Plan on(Path disk) {
            return new Plan(directory, disk.resolve("database"), environment, network, commit);
        }

        /** Instance B has these environment variables. */
        Plan with(Map<String, String> environmentOfB) {
            return new Plan(directory, database, environmentOfB, network, commit);
        }

        Plan in(Network networkOfB) {
            return new Plan(directory, database, environment, Optional.of(networkOfB), commit);
        }

        /** The disk of the database is slow: each commit takes that long, or longer. */
        Plan committingIn(Duration time) {
            return new Plan(directory, database, environment, network, time);
        }
    }

    /** Starts everything and returns when both instances are ready. */
    Installation(Plan plan) {
        Runtime.getRuntime().addShutdownHook(whenKilled);
        try {
            Files.createDirectories(plan.directory());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        broker = ExternalBroker.in(plan.directory().resolve("broker"));
        postgres = new Postgres(
                plan.database(),
                plan.directory().resolve("postgres.log"),
                plan.network()
                        .map(network -> network.outerAddress(Wire.DATABASE))
                        .orElse(""),
                plan.commit());
        try {
            plan.network().ifPresent(network -> plainDoor(network.outerAddress(Wire.BROKER)));
            startBroker();
            instances.add(instance("A", plan.directory()));
            instances.add(instance("B", plan.directory()));
            plan.environment().forEach(b().server()::with);
            plan.network().ifPresent(this::moveInto);
            // Each would make one of its own.
            writeKey(Files.createDirectories(plan.directory().resolve(KEY)));
            instances.forEach(Instance::launch);
            instances.forEach(Instance::awaitReady);
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    Instance a() {
        return instances.get(0);
    }

    Instance b() {
        return instances.get(1);
    }

    ExternalBroker broker() {
        return broker;
    }

    Postgres postgres() {
        return postgres;
    }

    List<Api.Endpoint> endpoints() {
        return instances.stream().map(Instance::endpoint).toList();
    }

    String token(String user) {
        try {
            return a().server().developmentToken(user);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void killBroker() {
        broker.kill();
        brokerUp = false;
    }

    /** Starts it, if it does not run. */
    void startBroker() {
        if (!brokerUp) {
            broker.start();
            brokerUp = true;
        }
    }

    /** Everything runs and is connected again, and both instances say that they are able to work. */
    void heal() {
        instances.forEach(each -> {
            each.toBroker().heal();
            each.toDatabase().heal();
            each.thaw();
        });
        if (postgres.running()) {
            postgres.thaw();
        }
        postgres.start();
        if (brokerUp) {
            broker.resume();
        }
        startBroker();
        instances.forEach(Instance::launch);
        instances.forEach(Instance::awaitReady);
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(whenKilled);
        } catch (IllegalStateException e) {
            // It runs already.
        }
    }

    private void end() {
        instances.forEach(Instance::close);
        outside.ifPresent(TcpProxy::close);
        inside.ifPresent(Relay::close);
        broker.close();
        postgres.close();
    }

    /** The key of development tokens, where the instances look for it. */
    private static void writeKey(Path directory) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            Files.write(
                    directory.resolve("development-key.p8"),
                    generator.generateKeyPair().getPrivate().getEncoded());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Another way into the broker, without TLS: the broker's certificate knows no such address. */
    private void plainDoor(String address) {
        broker.with("acceptorConfigurations.plain.factoryClassName", NettyAcceptorFactory.class.getName())
                .with("acceptorConfigurations.plain.params.host", address)
                .with("acceptorConfigurations.plain.params.port", Integer.toString(PLAIN_PORT))
                .with("acceptorConfigurations.plain.params.protocols", "CORE");
    }

    /** Instance B, which listens on its own loopback interface only, is reached by two relays. */
    private void moveInto(Network network) {
        int port = b().server().port();
        b().server()
                .under(network.inside())
                .with("BROKER_TLS", "false")
                .with("BROKER_HOSTS", network.outerAddress(Wire.BROKER) + ":" + PLAIN_PORT)
                .with("DB_HOST", network.outerAddress(Wire.DATABASE))
                .with("DB_PORT", Integer.toString(postgres.port()));
        String address = network.innerAddress(Wire.REQUESTS);
        inside = Optional.of(new Relay(network.inside(), address, port));
        outside = Optional.of(TcpProxy.at("localhost", port, address, port));
    }

    private Instance instance(String name, Path directory) {
        TcpProxy toBroker = TcpProxy.to("localhost", broker.port());
        TcpProxy toDatabase = TcpProxy.to("localhost", postgres.port());
        LibertyServer server = broker.use(LibertyServer.in(directory.resolve(name)))
                .with("INSTANCE", name)
                .with("DATA_DIR", directory.resolve(KEY).toString())
                .with("UPLOAD_LEASE", LEASE)
                .with("WARM_UP", "PT2S")
                .with("BROKER_HOSTS", "localhost:" + toBroker.port())
                .with("DB_KIND", "postgres")
                .with("DB_HOST", "localhost")
                .with("DB_PORT", Integer.toString(toDatabase.port()))
                .with("DB_NAME", Postgres.NAME)
                .with("DB_USER", Postgres.NAME)
                .with("DB_PASSWORD", Postgres.NAME);
        return new Instance(name, server, toBroker, toDatabase);
    }
}
