package releve.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The manifests in {@code deploy/kubernetes}: that a cluster knows every field of them, and that they keep what they promise. */
class KubernetesManifestTest {
    private static final Path MANIFEST = Path.of("..", "deploy", "kubernetes", "releve.yaml");
    private static final int MONITORING_LIMIT_S = 5_400;
    private static final int WAIT_FOR_STANDBY_S = 300;

    @Test
    void shouldHaveOnlyFieldsThatKubernetesKnows() throws IOException {
        List<JsonNode> documents = documents(Files.readString(MANIFEST));

        for (JsonNode document : documents) {
            check(document);
        }

        assertThat(documents.stream().map(document -> document.path("kind").asText()))
                .containsExactlyInAnyOrder(
                        "ServiceAccount", "Service", "Service", "PodDisruptionBudget", "NetworkPolicy", "StatefulSet");
    }

    @Test
    void shouldFindFieldThatIsMisspeltDeepInside() throws IOException {
        String misspelt = Files.readString(MANIFEST).replace("readOnlyRootFilesystem:", "readOnlyRootFileSystem:");

        assertThatThrownBy(() -> {
                    for (JsonNode document : documents(misspelt)) {
                        check(document);
                    }
                })
                .hasMessageContaining("readOnlyRootFileSystem");
    }

    @Test
    void shouldGiveMaintenanceTheTimeThatItMayTake() throws IOException {
        JsonNode pod = pod();
        JsonNode dialer = dialer();

        assertThat(dialer.at("/args/0").asText()).contains("--monitoring-limit " + MONITORING_LIMIT_S);
        assertThat(dialer.at("/lifecycle/preStop/exec/command/2").asText())
                .contains("maintenance start --side $side --dry-run", "+ " + WAIT_FOR_STANDBY_S);
        assertThat(pod.path("terminationGracePeriodSeconds").asInt())
                .isGreaterThanOrEqualTo(MONITORING_LIMIT_S + WAIT_FOR_STANDBY_S + 60);
    }

    @Test
    void shouldTakeOneSideAtATimeAndOnlyWhenTheOtherIsFit() throws IOException {
        JsonNode set = kind("StatefulSet");

        assertThat(set.at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(set.at("/spec/updateStrategy/type").asText()).isEqualTo("RollingUpdate");
        assertThat(set.at("/spec/minReadySeconds").asInt()).isPositive();
        assertThat(dialer().at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
        assertThat(dialer().at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/live");
        assertThat(kind("PodDisruptionBudget").at("/spec/maxUnavailable").asInt())
                .isEqualTo(1);
        assertThat(pod().at("/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/0/topologyKey")
                        .asText())
                .isEqualTo("kubernetes.io/hostname");
    }

    @Test
    void shouldRunWithoutRightsAndWithoutSecretsInTheManifest() throws IOException {
        assertThat(pod().at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(dialer().at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        assertThat(dialer().at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                .isFalse();
        for (JsonNode variable : dialer().path("env")) {
            assertThat(variable.has("value"))
                    .as("a value of %s in the manifest itself", variable.path("name"))
                    .isFalse();
        }
    }

    private static List<JsonNode> documents(String yaml) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        ObjectMapper mapper = new ObjectMapper(new YAMLFactory());
        mapper.readerFor(JsonNode.class).<JsonNode>readValues(yaml).forEachRemaining(documents::add);
        return documents;
    }

    private static void check(JsonNode document) throws IOException {
        JsonElement json = JsonParser.parseString(document.toString());
        switch (document.path("kind").asText()) {
            case "ServiceAccount" -> V1ServiceAccount.validateJsonElement(json);
            case "Service" -> V1Service.validateJsonElement(json);
            case "PodDisruptionBudget" -> V1PodDisruptionBudget.validateJsonElement(json);
            case "NetworkPolicy" -> V1NetworkPolicy.validateJsonElement(json);
            case "StatefulSet" -> V1StatefulSet.validateJsonElement(json);
            default -> throw new IOException("no model of a " + document.path("kind"));
        }
    }

    private static JsonNode kind(String kind) throws IOException {
        return documents(Files.readString(MANIFEST)).stream()
                .filter(document -> document.path("kind").asText().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode pod() throws IOException {
        return kind("StatefulSet").at("/spec/template/spec");
    }

    private static JsonNode dialer() throws IOException {
        return StreamSupport.stream(pod().path("containers").spliterator(), false)
                .filter(container -> container.path("name").asText().equals("dialer"))
                .findFirst()
                .orElseThrow();
    }
}
