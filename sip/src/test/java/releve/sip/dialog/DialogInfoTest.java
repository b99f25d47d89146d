package releve.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import releve.sip.dialog.DialogInfo.Cause;
import releve.sip.dialog.DialogInfo.Entry;
import releve.sip.dialog.DialogInfo.State;
import releve.sip.message.MalformedMessageException;

/** Documents of dialog state (RFC 4235 section 4), those of peers and ours. */
class DialogInfoTest {
    private static final String HEAD = "<dialog-info xmlns='urn:ietf:params:xml:ns:dialog-info' ";
    private static final String PEERS = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- of a phone -->
            <d:dialog-info xmlns:d="urn:ietf:params:xml:ns:dialog-info" xmlns:x='urn:vendor'
                version="12" state="partial" entity="sip:bob@example.com;x=&quot;1&quot;">
              <x:line color="red"><x:lamp/></x:line>
              <d:dialog id="a1" call-id="c&amp;1" local-tag="l" remote-tag="r" direction="recipient">
                <d:state event="remote-bye" code="487"> terminated </d:state>
                <d:duration>7</d:duration>
                <d:local><d:identity display="Bob">sip:bob@example.com</d:identity><d:target uri="sip:b@192.0.2.1"/></d:local>
                <d:remote><d:identity>sip:a&#x6c;ice@example.com</d:identity></d:remote>
              </d:dialog>
              <d:dialog id="a2"><d:state>trying</d:state><d:remote><d:target uri="sip:c@192.0.2.2"/></d:remote></d:dialog>
            </d:dialog-info>
            """;

    @Test
    void shouldReadWhatAPhoneTells() throws MalformedMessageException {
        DialogInfo info = DialogInfo.parse(PEERS);
        assertThat(info)
                .isEqualTo(new DialogInfo(
                        12,
                        false,
                        "sip:bob@example.com;x=\"1\"",
                        List.of(
                                new Entry(
                                        "a1",
                                        new DialogId("c&1", "l", "r"),
                                        false,
                                        State.TERMINATED,
                                        Cause.REMOTE_BYE,
                                        487,
                                        "sip:bob@example.com",
                                        "sip:alice@example.com"),
                                new Entry("a2", null, null, State.TRYING, null, 0, null, "sip:c@192.0.2.2"))));
    }

    @Test
    void shouldReadWhatItWrites() throws MalformedMessageException {
        DialogInfo info = DialogInfo.parse(PEERS);
        assertThat(DialogInfo.parse(info.write())).isEqualTo(info);
        DialogInfo odd = new DialogInfo(
                0,
                true,
                "sip:<&>'\"\t@x",
                List.of(new Entry("i", null, true, State.CONFIRMED, null, 0, "sip:é\uD83D\uDE00@x", null)));
        assertThat(DialogInfo.parse(odd.write())).isEqualTo(odd);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<",
                "plain",
                "<!DOCTYPE d [<!ENTITY e 'x'>]><d/>",
                HEAD + "version='1' state='full' entity='a'>",
                HEAD + "version='1' state='full' entity='a'/>x",
                HEAD + "version='1' state='full' entity='&e;'/>",
                HEAD + "version='1' state='full' entity='&#0;'/>",
                HEAD + "version='1' state='full' entity='&#xD800;'/>",
                HEAD + "version='1' version='1' state='full' entity='a'/>",
                HEAD + "version='1' state='half' entity='a'/>",
                HEAD + "version='-1' state='full' entity='a'/>",
                HEAD + "version='2147483648' state='full' entity='a'/>",
                HEAD + "version='1' state='full'/>",
                HEAD + "version='1' state='full' entity='a'><dialog id='1'/></dialog-info>",
                HEAD + "version='1' state='full' entity='a'><dialog id='1'><state>gone</state></dialog></dialog-info>",
                HEAD + "version='1' state='full' entity='a'><dialog><state>early</state></dialog></dialog-info>",
                HEAD + "version='1' state='full' entity='a'><x></y></dialog-info>",
                "<dialog-info version='1' state='full' entity='a'/>",
                "<dialog-info xmlns='urn:other' version='1' state='full' entity='a'/>"
            })
    void shouldRefuseWhatIsNoSuchDocument(String text) {
        assertThatThrownBy(() -> DialogInfo.parse(text)).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void shouldRefuseWhatBreaksALimit() {
        String open = HEAD + "version='1' state='full' entity='a'>";
        String entry = "<dialog id='1'><state>early</state></dialog>";
        String many = open + String.join("", Collections.nCopies(DialogInfo.DIALOGS_MAX + 1, entry)) + "</dialog-info>";
        String deep = open + "<x>".repeat(60_000 / 3);
        String large = open + " ".repeat(XmlReader.CHARS_MAX) + "</dialog-info>";
        String wide = open + "<x/>".repeat(XmlReader.ELEMENTS_MAX) + "</dialog-info>";
        for (String text : List.of(many, deep, large, wide)) {
            assertThatThrownBy(() -> DialogInfo.parse(text)).isInstanceOf(MalformedMessageException.class);
        }
    }

    @Test
    void shouldThrowNothingElseWhateverTheDocument() {
        long seed = 4235;
        SplittableRandom random = new SplittableRandom(seed);
        int read = 0;
        for (int i = 0; i < 10_000; i++) {
            StringBuilder text = new StringBuilder(PEERS);
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, (char) random.nextInt(0x100));
                    case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(20)));
                    default -> text.insert(at, PEERS, 0, random.nextInt(PEERS.length()));
                }
            }
            try {
                DialogInfo info = DialogInfo.parse(text.toString());
                assertThat(DialogInfo.parse(info.write())).isEqualTo(info);
                read++;
            } catch (MalformedMessageException _) {
                // As it should be.
                continue;
            } catch (RuntimeException e) {
                fail("seed " + seed + ", document " + i + ":\n" + text, e);
            }
        }
        assertThat(read).as("documents that could be read all the same").isPositive();
    }
}
