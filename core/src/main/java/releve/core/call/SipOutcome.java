package releve.core.call;

import releve.core.common.CallResult;
import releve.core.common.EndedBy;
import releve.core.common.Termination;

/** From a SIP failure to a call result: status first, then the Q.850 cause of a Reason header (RFC 3326). */
final class SipOutcome {
    private SipOutcome() {}

    static Termination of(CallEvent.Failed failed, boolean rang) {
        CallResult result = result(failed, rang);
        EndedBy by = result == CallResult.BUSY || result == CallResult.NO_ANSWER ? EndedBy.CUSTOMER : EndedBy.NETWORK;
        String said = failed.heard()
                ? failed.status() + " " + failed.phrase()
                : "no reply from the trunk (" + failed.status() + " " + failed.phrase() + ")";
        return new Termination(result, by, failed.q850() == 0 ? said : said + ", Q.850 cause " + failed.q850());
    }

    /** Whoever's phone rang has been disturbed: what fails after that is no call that the trunk did not take. */
    private static CallResult result(CallEvent.Failed failed, boolean rang) {
        if (!failed.heard()) {
            return rang ? CallResult.NETWORK_DROP : CallResult.DIAL_ERROR;
        }
        CallResult result = byStatus(failed, rang);
        return rang && result == CallResult.NO_DIAL_TONE ? CallResult.NETWORK_DROP : result;
    }

    private static CallResult byStatus(CallEvent.Failed failed, boolean rang) {
        return switch (failed.status()) {
            case 486, 600 -> CallResult.BUSY;
            case 480 -> rang ? CallResult.NO_ANSWER : byCause(failed.q850(), CallResult.DIAL_ERROR);
            case 487 -> CallResult.NO_ANSWER;
            case 404 -> byCause(failed.q850(), CallResult.NOT_IN_SERVICE);
            case 410 -> CallResult.NOT_IN_SERVICE;
            case 604 -> CallResult.INVALID_NUMBER;
            case 484 -> CallResult.INVALID_NUMBER;
            case 401, 403, 407 -> CallResult.SIP_UNAUTHORISED;
            case 415, 488, 606 -> CallResult.SIP_UNSUPPORTED;
            case 400, 482, 483 -> CallResult.SIP_INVALID;
            case 503 -> CallResult.NO_DIAL_TONE;
            case 408 -> CallResult.DIAL_ERROR;
            case 603 -> CallResult.OPERATOR_INTERCEPT;
            default -> byCause(failed.q850(), CallResult.DIAL_ERROR);
        };
    }

    private static CallResult byCause(int q850, CallResult otherwise) {
        return switch (q850) {
            case 1, 22 -> CallResult.NOT_IN_SERVICE;
            case 28 -> CallResult.INVALID_NUMBER;
            case 17 -> CallResult.BUSY;
            case 18, 19 -> CallResult.NO_ANSWER;
            case 34, 41, 42 -> CallResult.NO_DIAL_TONE;
            default -> otherwise;
        };
    }
}
