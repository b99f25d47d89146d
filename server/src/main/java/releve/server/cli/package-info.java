/**
 * The commands of the product. A command is a class with picocli's {@code @Command}, a {@link OutputOptions} mixin and
 * one line in {@link ServerCommands#all()}; it returns its exit code and throws {@link Refusal} for anything that people
 * have to be told in one sentence.
 */
@NullMarked
package releve.server.cli;

import org.jspecify.annotations.NullMarked;
