package releve.server.node;

/** A process of one side at work. */
public interface RunningNode {

    /** From now on SIGTERM to this process is maintenance, and SIGINT stops it. */
    void heedSignals();

    /** Where console and API are. */
    String url();

    /** Waits until the process is to end. @return its exit status */
    int awaitExit();
}
