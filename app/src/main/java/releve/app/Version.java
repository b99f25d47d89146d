package releve.app;

import picocli.CommandLine.IVersionProvider;

/** The version of this build and of the Java that runs it. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String build = System.getProperty("releve.version", "development");
        return new String[] {"Relève " + build + " on Java " + Runtime.version()};
    }
}
