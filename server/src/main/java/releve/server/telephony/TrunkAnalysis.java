package releve.server.telephony;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import releve.core.call.CallEvent;
import releve.core.call.Verdict;
import releve.core.campaign.CpaSettings;
import releve.sip.message.BodyPart;
import releve.sip.message.GatewayAnalysis;

/**
 * Call progress analysis by the trunk's gateway: what it is asked for in the INVITE, and what its words mean. It promises its
 * verdict in a response to the INVITE, and gives it in an UPDATE or an INFO.
 */
final class TrunkAnalysis {
    private TrunkAnalysis() {}

    /** What an INVITE asks the gateway for. */
    static BodyPart request(CpaSettings cpa) {
        return new GatewayAnalysis.Request(
                        ms(cpa.minimumSilence()),
                        ms(cpa.analysisPeriod()),
                        ms(cpa.maximumTime()),
                        ms(cpa.minimumValidSpeech()),
                        ms(cpa.maximumToneWait()))
                .asPart();
    }

    private static int ms(Duration length) {
        return Math.toIntExact(length.toMillis());
    }

    /** What a body of the gateway's tells the engine; empty when it is no word of analysis, or none that is known. */
    static Optional<CallEvent> heard(@Nullable String contentType, byte[] body) {
        if (contentType == null || !new BodyPart(contentType, null, body).is(GatewayAnalysis.CONTENT_TYPE)) {
            return Optional.empty();
        }
        return GatewayAnalysis.parse(body).flatMap(said -> switch (said) {
            case GatewayAnalysis.Enabled enabled -> Optional.of(new CallEvent.AnalysisPromised());
            case GatewayAnalysis.Detected detected -> Optional.of(new CallEvent.Analysed(verdict(detected.heard())));
            case GatewayAnalysis.Request request -> Optional.empty();
        });
    }

    private static Verdict verdict(GatewayAnalysis.Heard heard) {
        return switch (heard) {
            case LV -> Verdict.HUMAN;
            case ASM -> Verdict.MACHINE;
            case ASMT -> Verdict.MACHINE_TONE;
            case FT -> Verdict.FAX;
            case SITIC -> Verdict.SIT_INTERCEPT;
            case SITNC -> Verdict.SIT_NO_CIRCUIT;
            case SITVC -> Verdict.SIT_VACANT;
            case SITRO -> Verdict.SIT_REORDER;
            case SITMT -> Verdict.SIT_OTHER;
            case LS -> Verdict.DEAD_AIR;
        };
    }
}
