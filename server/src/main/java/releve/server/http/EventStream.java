package releve.server.http;

import io.javalin.http.Context;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Server-sent events (WHATWG HTML, section 9.2) to one client, written by the request's own virtual thread, so that a
 * slow client delays nobody else.
 */
final class EventStream {
    private final ServletOutputStream out;

    EventStream(Context ctx) throws IOException {
        ctx.res().setStatus(200);
        ctx.res().setContentType("text/event-stream;charset=utf-8");
        ctx.res().setHeader("Cache-Control", "no-store");
        ctx.res().setHeader("X-Accel-Buffering", "no");
        this.out = ctx.res().getOutputStream();
        // Browsers reconnect after this; a second is short enough for a desk and long enough for a crowd.
        out.write("retry: 1000\n\n".getBytes(StandardCharsets.UTF_8));
        ctx.res().flushBuffer();
    }

    /** Adds an event; it leaves with the next {@link #flush()}. */
    void add(String event, String data, String id) throws IOException {
        StringBuilder text = new StringBuilder(data.length() + 64);
        if (!id.isEmpty()) {
            text.append("id: ").append(id).append('\n');
        }
        text.append("event: ").append(event).append('\n');
        data.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
        out.write(text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Keeps the connection open, and finds out whether there still is one. */
    void comment(String text) throws IOException {
        out.write((": " + text + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    void flush() throws IOException {
        out.flush();
    }
}
