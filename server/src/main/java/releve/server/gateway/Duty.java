package releve.server.gateway;

import releve.core.engine.Standing;

/** A gateway as its role drives it. */
public interface Duty {

    /**
     * The role stands there now.
     *
     * @param elsewhere the other side's gateway, a URL that ends with a slash; empty while it could not serve
     */
    void stand(Standing standing, String elsewhere);

    /** Rounds or commands that were begun before the gateway rests and have not ended. */
    int working();

    /** Desktops connected. */
    int attached();
}
