/** Contact lists from files: what a list may look like, what is wrong with a row, and how its contacts get to the store. */
@NullMarked
package releve.server.contacts;

import org.jspecify.annotations.NullMarked;
