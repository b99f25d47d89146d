package releve.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import releve.sip.dialog.DialogInfo.Entry;
import releve.sip.dialog.DialogInfo.State;
import releve.sip.dialog.KnownDialogs.Taken;

/** What documents add up to (RFC 4235 section 4.3). */
class KnownDialogsTest {
    private static Entry dialog(String id, State state) {
        return new Entry(id, null, true, state, null, 0, null, null);
    }

    private static DialogInfo document(int version, boolean full, Entry... dialogs) {
        return new DialogInfo(version, full, "sip:bob@example.com", List.of(dialogs));
    }

    private static KnownDialogs after(DialogInfo... documents) {
        KnownDialogs known = KnownDialogs.NONE;
        for (DialogInfo document : documents) {
            known = ((Taken.News) known.take(document)).known();
        }
        return known;
    }

    @Test
    void shouldAddUpWhatWholeAndPartialDocumentsTell() {
        KnownDialogs known = after(document(7, true, dialog("a", State.TRYING), dialog("b", State.CONFIRMED)));
        Taken.News news = (Taken.News) known.take(
                document(8, false, dialog("a", State.EARLY), dialog("b", State.CONFIRMED), dialog("c", State.TRYING)));
        assertThat(news.changed())
                .as("b is what it was")
                .containsExactly(dialog("a", State.EARLY), dialog("c", State.TRYING));
        assertThat(news.known().version()).isEqualTo(8);
        assertThat(news.known().dialogs().keySet()).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void shouldForgetDialogsThatAreOverOnceTheyAreTold() {
        KnownDialogs known = after(document(0, true, dialog("a", State.TRYING), dialog("b", State.CONFIRMED)));
        Taken.News over = (Taken.News) known.take(document(1, false, dialog("a", State.TERMINATED)));
        assertThat(over.changed()).containsExactly(dialog("a", State.TERMINATED));
        assertThat(over.known().dialogs().keySet()).containsExactly("b");
        Taken.News unnamed = (Taken.News) over.known().take(document(2, true));
        assertThat(unnamed.changed())
                .as("the whole state names it no more")
                .containsExactly(dialog("b", State.TERMINATED));
        assertThat(unnamed.known().dialogs()).isEmpty();
    }

    @Test
    void shouldPassOverWhatIsOlderOrTheSame() {
        KnownDialogs known = after(document(4, true, dialog("a", State.CONFIRMED)));
        assertThat(known.take(document(4, true))).isInstanceOf(Taken.Stale.class);
        assertThat(known.take(document(3, false, dialog("a", State.TRYING)))).isInstanceOf(Taken.Stale.class);
    }

    @Test
    void shouldAskForTheWholeStateWhenADocumentIsMissing() {
        assertThat(KnownDialogs.NONE.take(document(0, false, dialog("a", State.TRYING))))
                .isInstanceOf(Taken.Gap.class);
        KnownDialogs known = after(document(4, true, dialog("a", State.CONFIRMED)));
        assertThat(known.take(document(6, false))).isInstanceOf(Taken.Gap.class);
        assertThat(known.take(document(9, true))).isInstanceOf(Taken.News.class);
    }

    @Test
    void shouldTellWhatEndedMeanwhileWhenASubscriptionBeginsAnew() {
        KnownDialogs known = after(document(9, true, dialog("a", State.CONFIRMED), dialog("b", State.CONFIRMED)));
        Taken.News news = (Taken.News) known.anew().take(document(0, true, dialog("b", State.CONFIRMED)));
        assertThat(news.changed()).containsExactly(dialog("a", State.TERMINATED));
    }

    @Test
    void shouldKnowNoMoreDialogsThanADocumentMayName() {
        List<Entry> most = new ArrayList<>();
        for (int i = 0; i < DialogInfo.DIALOGS_MAX; i++) {
            most.add(dialog("d" + i, State.CONFIRMED));
        }
        KnownDialogs known = after(new DialogInfo(0, true, "sip:bob@example.com", most));
        assertThat(known.take(document(1, false, dialog("more", State.TRYING)))).isInstanceOf(Taken.Gap.class);
        assertThat(known.take(document(1, false, dialog("d0", State.TERMINATED), dialog("more", State.TRYING))))
                .isInstanceOf(Taken.News.class);
    }
}
