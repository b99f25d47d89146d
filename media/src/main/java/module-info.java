/** The media of Relève. */
module releve.media {
    requires static transitive org.jspecify;

    exports releve.media.g711;
    exports releve.media.prompt;
}
