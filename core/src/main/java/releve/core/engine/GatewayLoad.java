package releve.core.engine;

/**
 * What a gateway has in hand.
 *
 * @param working rounds or agents' commands under way at this moment
 * @param attached desktops connected
 * @param processGoesOn whether other roles keep its process alive, so that it can stay as a reserve
 */
public record GatewayLoad(int working, int attached, boolean processGoesOn) {}
