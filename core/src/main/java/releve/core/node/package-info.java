/** What a node does around its dialer, as pure logic: keeping the right to dial, turns, commits, news from the store. */
@NullMarked
package releve.core.node;

import org.jspecify.annotations.NullMarked;
