package releve.sip;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** What keeps a user agent a function of its inputs. */
@AnalyzeClasses(packages = "releve.sip", importOptions = ImportOption.DoNotIncludeTests.class)
class BoundaryTest {
    private static final String[] PURE = {
        "releve.sip.message..",
        "releve.sip.sdp..",
        "releve.sip.transaction..",
        "releve.sip.dialog..",
        "releve.sip.event..",
        "releve.sip.limit..",
        "releve.sip.auth..",
        "releve.sip.registrar..",
        "releve.sip.agent..",
        "releve.sip.locate..",
        "releve.sip.trunk.."
    };

    @ArchTest
    static final ArchRule pureLayersHaveNoClock = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Instant.class);

    @ArchTest
    static final ArchRule pureLayersHaveNoThreads = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("java.util.concurrent..");

    @ArchTest
    static final ArchRule pureLayersDrawNoRandomNumbersOfTheirOwn = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Random.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(ThreadLocalRandom.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(SecureRandom.class)
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callMethod(UUID.class, "randomUUID");

    @ArchTest
    static final ArchRule pureLayersTouchNoNetwork = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.nio.channels..", "java.io..")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("java\\.net\\.(.*Socket|DatagramPacket|URL|URLConnection|http\\..*)")
            .orShould()
            .callMethod(java.net.InetAddress.class, "getByName", String.class)
            .orShould()
            .callMethod(java.net.InetAddress.class, "getAllByName", String.class)
            .orShould()
            .callMethod(java.net.InetAddress.class, "getHostName")
            .orShould()
            .callConstructor(java.net.InetSocketAddress.class, String.class, int.class);

    @ArchTest
    static final ArchRule layersKnowOnlyThoseBelow = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("message")
            .definedBy("releve.sip.message..")
            .layer("sdp")
            .definedBy("releve.sip.sdp..")
            .layer("transaction")
            .definedBy("releve.sip.transaction..")
            .layer("dialog")
            .definedBy("releve.sip.dialog..")
            .layer("event")
            .definedBy("releve.sip.event..")
            .layer("limit")
            .definedBy("releve.sip.limit..")
            .layer("registrar")
            .definedBy("releve.sip.registrar..")
            .layer("auth")
            .definedBy("releve.sip.auth..")
            .layer("agent")
            .definedBy("releve.sip.agent..")
            .layer("locate")
            .definedBy("releve.sip.locate..")
            .layer("trunk")
            .definedBy("releve.sip.trunk..")
            .layer("transport")
            .definedBy("releve.sip.transport..")
            .whereLayer("transport")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("locate")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("trunk")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("agent")
            .mayOnlyBeAccessedByLayers("transport")
            .whereLayer("limit")
            .mayOnlyBeAccessedByLayers("agent", "trunk", "transport")
            .whereLayer("registrar")
            .mayOnlyBeAccessedByLayers("agent")
            .whereLayer("auth")
            .mayOnlyBeAccessedByLayers("agent", "registrar")
            .whereLayer("event")
            .mayOnlyBeAccessedByLayers("agent")
            .whereLayer("dialog")
            .mayOnlyBeAccessedByLayers("agent", "event", "registrar")
            .whereLayer("transaction")
            .mayOnlyBeAccessedByLayers("dialog", "agent", "locate", "registrar", "trunk", "transport")
            .whereLayer("sdp")
            .mayOnlyBeAccessedByLayers("agent");
}
