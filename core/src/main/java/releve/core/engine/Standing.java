package releve.core.engine;

import java.time.Instant;
import releve.core.pair.RoleState;

/** What a gateway does, by where its role stands. */
public enum Standing {
    /** Its role is not run by this process. */
    ABSENT,
    /** Does the duties of the role. */
    ACTIVE,
    /** Does them only while the active one is overdue. */
    STANDBY,
    /** Begins no duty any more; ends those under way. */
    RESTING,
    /** The role is the other side's: desktops are sent there. */
    LEAVING,
    /** Their time to move is over: they are cut. */
    CUT;

    public static Standing of(RoleState state, Instant now) {
        return switch (state) {
            case RoleState.Active a -> ACTIVE;
            case RoleState.Standby s -> STANDBY;
            case RoleState.Quiescing q -> RESTING;
            case RoleState.HandingOver h -> RESTING;
            case RoleState.Settling s -> RESTING;
            case RoleState.Monitoring m -> now.isBefore(m.limitAt()) ? LEAVING : CUT;
            case RoleState.Stopped s -> CUT;
        };
    }

    /** Whether its rounds may be done: the store decides whose turn it is. */
    public boolean servesRounds() {
        return this == ACTIVE || this == STANDBY;
    }
}
