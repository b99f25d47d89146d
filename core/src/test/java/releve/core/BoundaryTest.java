package releve.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/** What keeps the core pure and its machines apart. */
@AnalyzeClasses(packages = "releve.core", importOptions = ImportOption.DoNotIncludeTests.class)
class BoundaryTest {
    private static final Set<String> CLOCK_AND_CHANCE = Set.of(
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.lang.System.getenv",
            "java.lang.System.getProperty",
            "java.lang.System.identityHashCode",
            "java.lang.Math.random",
            "java.lang.StrictMath.random",
            "java.util.UUID.randomUUID",
            "java.util.Collections.shuffle");

    @ArchTest
    static final ArchRule NO_CLOCK_AND_NO_CHANCE = noClasses()
            .should()
            .callMethodWhere(DescribedPredicate.describe(
                    "reads a clock, the environment or an unseeded random",
                    (JavaCall<?> call) ->
                            CLOCK_AND_CHANCE.contains(call.getTargetOwner().getName() + "." + call.getName())));

    @ArchTest
    static final ArchRule NO_THREAD_NO_RANDOM_NO_IO = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.Thread")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("java\\.util\\.Random|java\\.security\\.SecureRandom|java\\.util\\.Timer.*")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("java\\.(io|nio|net)\\..*|java\\.util\\.concurrent\\..*|javax?\\.(sql|naming|net)\\..*");

    @ArchTest
    static final ArchRule ONLY_THE_JDK = noClasses()
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("java..", "releve.core..", "org.jspecify.annotations..");

    @ArchTest
    static final ArchRule COMMON_KNOWS_NO_MACHINE = machine(
            "common", "pair", "call", "campaign", "agent", "routing", "pacing", "store", "engine", "node", "memory");

    @ArchTest
    static final ArchRule PAIR_STANDS_ALONE =
            machine("pair", "call", "campaign", "agent", "routing", "pacing", "store", "engine", "node", "memory");

    @ArchTest
    static final ArchRule CALL_STANDS_ALONE =
            machine("call", "pair", "campaign", "agent", "routing", "pacing", "store", "engine", "node", "memory");

    @ArchTest
    static final ArchRule CAMPAIGN_STANDS_ALONE =
            machine("campaign", "pair", "call", "agent", "routing", "pacing", "store", "engine", "node", "memory");

    @ArchTest
    static final ArchRule AGENT_STANDS_ALONE =
            machine("agent", "pair", "call", "campaign", "routing", "pacing", "store", "engine", "node", "memory");

    @ArchTest
    static final ArchRule ROUTING_STANDS_ALONE =
            machine("routing", "pair", "call", "campaign", "agent", "pacing", "store", "engine", "node", "memory");

    @ArchTest
    static final ArchRule PACING_STANDS_ALONE =
            machine("pacing", "pair", "call", "campaign", "agent", "routing", "store", "engine");

    /** The store's contract speaks of campaigns and contacts; of the other machines it knows nothing. */
    @ArchTest
    static final ArchRule STORE_KNOWS_ONLY_CAMPAIGNS =
            machine("store", "pair", "call", "agent", "routing", "pacing", "engine", "node", "memory");

    private static ArchRule machine(String name, String... others) {
        String[] packages = java.util.Arrays.stream(others)
                .map(other -> "releve.core." + other + "..")
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage("releve.core." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .allowEmptyShould(true);
    }
}
