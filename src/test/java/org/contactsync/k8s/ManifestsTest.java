package org.contactsync.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The Kustomize base says what it means: the rules of {@code k8s/README.md}. */
class ManifestsTest {
    private static final Path BASE = Path.of("k8s", "base");
    private static final Path SERVER_CONFIGURATION = Path.of("src", "main", "liberty", "config");
    private static final Path SETTINGS = Path.of("src/main/java/org/contactsync/settings/Setting.java");
    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static List<HasMetadata> manifests = List.of();

    /** The base holds nothing but resources, so that its files are what Kustomize renders. */
    @BeforeAll
    static void loadWhatTheKustomizationLists() throws IOException {
        Map<?, ?> kustomization = YAML.unmarshal(Files.readString(BASE.resolve("kustomization.yaml")), Map.class);
        Set<String> members = new TreeSet<>();
        kustomization.keySet().forEach(key -> members.add(String.valueOf(key)));
        assertThat(members).containsExactly("apiVersion", "kind", "resources");
        List<HasMetadata> loaded = new ArrayList<>();
        for (Object file : (List<?>) kustomization.get("resources")) {
            loaded.add(YAML.unmarshal(Files.readString(BASE.resolve(String.valueOf(file)))));
        }
        manifests = List.copyOf(loaded);
    }

    @Test
    void listsEveryFileOfTheFolder() throws IOException {
        try (Stream<Path> files = Files.list(BASE)) {
            assertThat(files.filter(file -> !file.endsWith("kustomization.yaml"))
                            .count())
                    .isEqualTo(manifests.size());
        }
    }

    @Test
    void usesOnlyPropertiesThatKubernetesKnows() {
        assertThat(manifests)
                .allSatisfy(manifest -> assertThat(UnknownProperties.of(manifest))
                        .as(manifest.getKind())
                        .isEmpty());
    }

    @Test
    void asksForTheThreeHealthEndpoints() {
        assertThat(path(container().getStartupProbe())).isEqualTo("/health/started");
        assertThat(path(container().getLivenessProbe())).isEqualTo("/health/live");
        assertThat(path(container().getReadinessProbe())).isEqualTo("/health/ready");
        assertThat(List.of(
                        container().getStartupProbe(),
                        container().getLivenessProbe(),
                        container().getReadinessProbe()))
                .allSatisfy(probe -> {
                    assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("http");
                    assertThat(probe.getTimeoutSeconds()).isPositive();
                    assertThat(probe.getFailureThreshold()).isPositive();
                });
    }

    @Test
    void givesTheServerTimeToStart() {
        Probe startup = container().getStartupProbe();
        assertThat(startup.getPeriodSeconds() * startup.getFailureThreshold()).isGreaterThanOrEqualTo(60);
    }

    @Test
    void runsUnderTheRestrictedPodSecurityStandard() {
        assertThat(pod().getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod().getSecurityContext().getRunAsUser()).isPositive();
        assertThat(pod().getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(container().getSecurityContext().getAllowPrivilegeEscalation())
                .isFalse();
        assertThat(container().getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container().getSecurityContext().getPrivileged()).isNull();
        assertThat(container().getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container().getSecurityContext().getCapabilities().getAdd()).isEmpty();
        assertThat(pod().getVolumes())
                .allSatisfy(volume -> assertThat(volume.getEmptyDir() != null || volume.getConfigMap() != null)
                        .as(volume.getName())
                        .isTrue());
    }

    @Test
    void hasNoTokenForTheApiServer() {
        assertThat(pod().getAutomountServiceAccountToken()).isFalse();
        assertThat(the(ServiceAccount.class).getAutomountServiceAccountToken()).isFalse();
        assertThat(pod().getServiceAccountName())
                .isEqualTo(the(ServiceAccount.class).getMetadata().getName());
    }

    @Test
    void mountsWhatTheServerWrites() {
        assertThat(container().getVolumeMounts())
                .extracting(VolumeMount::getName)
                .containsExactlyInAnyOrderElementsOf(
                        pod().getVolumes().stream().map(Volume::getName).toList());
        assertThat(container().getVolumeMounts())
                .extracting(VolumeMount::getMountPath)
                .contains("/tmp")
                .anySatisfy(mount -> assertThat(configuration().get("DATA_DIR")).startsWith(mount + "/"));
    }

    @Test
    void boundsMemoryAndAsksForWhatItNeeds() {
        assertThat(container().getResources().getRequests()).containsKeys("cpu", "memory", "ephemeral-storage");
        assertThat(container().getResources().getLimits())
                .containsKeys("memory", "ephemeral-storage")
                .doesNotContainKey("cpu");
    }

    @Test
    void leavesTimeToStop() {
        long sleep = container().getLifecycle().getPreStop().getSleep().getSeconds();
        assertThat(pod().getTerminationGracePeriodSeconds()).isGreaterThanOrEqualTo(sleep + 30);
    }

    /** Operators' paths are for the inside: what is exposed is the choice of an overlay. */
    @Test
    void exposesNothingToTheOutside() {
        assertThat(manifests)
                .extracting(HasMetadata::getKind)
                .doesNotContain("Ingress", "HTTPRoute", "Gateway", "TLSRoute", "VirtualService");
        assertThat(the(Service.class).getSpec().getType()).isEqualTo("ClusterIP");
    }

    @Test
    void selectsItsOwnPodsEverywhere() {
        Map<String, String> labels = template().getMetadata().getLabels();
        Deployment deployment = the(Deployment.class);
        List<Map<String, String>> selectors = List.of(
                deployment.getSpec().getSelector().getMatchLabels(),
                the(Service.class).getSpec().getSelector(),
                the(PodDisruptionBudget.class).getSpec().getSelector().getMatchLabels(),
                the(NetworkPolicy.class).getSpec().getPodSelector().getMatchLabels(),
                pod().getTopologySpreadConstraints().get(0).getLabelSelector().getMatchLabels());
        assertThat(selectors)
                .allSatisfy(selector -> assertThat(labels.entrySet()).containsAll(selector.entrySet()))
                .doesNotContain(Map.of());
        assertThat(manifests)
                .allSatisfy(manifest -> assertThat(manifest.getMetadata().getLabels())
                        .containsEntry("app.kubernetes.io/name", "contact-sync"));
    }

    @Test
    void listensWhereTheServiceSends() {
        String port = configuration().get("HTTP_PORT");
        assertThat(container().getPorts()).singleElement().satisfies(listening -> {
            assertThat(listening.getName()).isEqualTo("http");
            assertThat(listening.getContainerPort()).hasToString(port);
        });
        assertThat(the(Service.class).getSpec().getPorts())
                .singleElement()
                .satisfies(service ->
                        assertThat(service.getTargetPort().getStrVal()).isEqualTo("http"));
    }

    @Test
    void setsOnlyVariablesThatTheServerKnows() throws IOException {
        Set<String> set = new TreeSet<>(configuration().keySet());
        container().getEnv().stream().map(EnvVar::getName).forEach(set::add);
        assertThat(variablesOfTheServer()).containsAll(set);
    }

    @Test
    void takesSecretsFromSecretsAndAnIssuerFromTheConfiguration() {
        assertThat(configuration()).containsKeys("JWT_ISSUER", "JWT_JWKS_URL").doesNotContainKeys("DB_PASSWORD");
        assertThat(container().getEnv())
                .filteredOn(variable -> variable.getName().matches(".*_(USER|PASSWORD)"))
                .hasSize(5)
                .allSatisfy(variable ->
                        assertThat(variable.getValueFrom().getSecretKeyRef()).isNotNull());
    }

    @Test
    void encryptsWhatLeavesThePod() {
        assertThat(configuration()).containsEntry("DB_TLS", "true").containsEntry("BROKER_TLS", "true");
        String trust = container().getVolumeMounts().stream()
                .filter(mount -> mount.getName().equals("trust"))
                .map(VolumeMount::getMountPath)
                .findFirst()
                .orElseThrow();
        assertThat(List.of(
                        configuration().get("DB_TRUST_CERTIFICATE"),
                        configuration().get("BROKER_TRUST_STORE")))
                .allMatch(file -> file.startsWith(trust + "/"));
        assertThat(configuration().get("JWT_JWKS_URL")).startsWith("https://");
    }

    @Test
    void namesEachInstanceAfterItsPod() {
        assertThat(container().getEnv())
                .filteredOn(variable -> variable.getName().equals("INSTANCE"))
                .singleElement()
                .satisfies(variable -> assertThat(
                                variable.getValueFrom().getFieldRef().getFieldPath())
                        .isEqualTo("metadata.name"));
    }

    @Test
    void keepsAnInstanceRunningWhileOthersAreReplaced() {
        Deployment deployment = the(Deployment.class);
        assertThat(deployment.getSpec().getReplicas()).isGreaterThanOrEqualTo(2);
        assertThat(deployment
                        .getSpec()
                        .getStrategy()
                        .getRollingUpdate()
                        .getMaxUnavailable()
                        .getIntVal())
                .isZero();
        assertThat(the(PodDisruptionBudget.class).getSpec().getMaxUnavailable().getIntVal())
                .isEqualTo(1);
    }

    private static <T extends HasMetadata> T the(Class<T> kind) {
        List<T> found =
                manifests.stream().filter(kind::isInstance).map(kind::cast).toList();
        assertThat(found).as(kind.getSimpleName()).hasSize(1);
        return found.get(0);
    }

    private static PodTemplateSpec template() {
        return the(Deployment.class).getSpec().getTemplate();
    }

    private static PodSpec pod() {
        return template().getSpec();
    }

    private static Container container() {
        assertThat(pod().getContainers()).hasSize(1);
        return pod().getContainers().get(0);
    }

    private static Map<String, String> configuration() {
        return the(ConfigMap.class).getData();
    }

    private static String path(Probe probe) {
        return probe.getHttpGet().getPath();
    }

    /** Liberty reads {@code db.host} from the environment variable {@code DB_HOST}. */
    private static Set<String> variablesOfTheServer() throws IOException {
        Pattern use = Pattern.compile("<variable name=\"([a-z.]+)\"|\\$\\{(?:env\\.)?([A-Za-z_.]+)\\}");
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(SERVER_CONFIGURATION)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".xml")).toList()) {
                Matcher found = use.matcher(Files.readString(file));
                while (found.find()) {
                    String name = found.group(1) == null ? found.group(2) : found.group(1);
                    names.add(name.replace('.', '_').toUpperCase(Locale.ROOT));
                }
            }
        }
        Matcher read = Pattern.compile("(?m)^    ([A-Z][A-Z_]+)\\(").matcher(Files.readString(SETTINGS));
        while (read.find()) {
            names.add(read.group(1));
        }
        return names;
    }
}
