package releve.sip.message;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Messages after RFC 4475, each with the trap of its section; bodies are shortened where they carry none. */
public final class Torture {
    private static final String REST = """
            Via: SIP/2.0/UDP 192.0.2.15;branch=z9hG4bKkdjuw23492
            From: sip:caller@example.net;tag=134161461246
            To: sip:j.user@example.com
            Call-ID: 0ha0isndaksdj@192.0.2.15
            Max-Forwards: 70
            """;

    private Torture() {}

    static byte[] bytes(String text) {
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String invite(String headers) {
        return "INVITE sip:user@example.com SIP/2.0\n" + REST + "CSeq: 8 INVITE\n" + headers + "\n";
    }

    private static String options(String start, String headers) {
        return start + "\n" + REST + "CSeq: 8 OPTIONS\n" + headers + "\n";
    }

    private static String response(String start) {
        return start + "\n" + REST + "CSeq: 35 INVITE\nContent-Length: 0\n\n";
    }

    /** What section 3.1.1 and the application-level sections call valid syntax. */
    public static Map<String, byte[]> valid() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("3.1.1.1 wsinv", """
                INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0
                TO :
                 sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n
                from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>
                  ;
                  tag = 98asjd8
                MaX-fOrWaRdS: 0068
                Call-ID: wsinv.ndaksdj@192.0.2.1
                Content-Length   : 14
                cseq: 0009
                  INVITE
                Via  : SIP  /   2.0
                 /UDP
                    192.0.2.2;branch=390skdjuw
                s :
                NewFangledHeader:   newfangled value
                 continued newfangled value
                UnknownHeaderWithUnusualValue: ;;,,;;,;
                Content-Type: application/sdp
                Route:
                 <sip:services.example.com;lr;unknownwith=value;unknown-no-value>
                v:  SIP  / 2.0  / TCP     spindle.example.com   ;
                  branch  =   z9hG4bK9ikj8  ,
                 SIP  /    2.0   / UDP  192.168.255.111   ; branch=
                 z9hG4bK30239
                m:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =
                      newvalue ;
                  secondparam ; q = 0.33

                v=0
                o=- 1 1
                """.stripTrailing() + "\n");
        all.put("3.1.1.2 intmeth", """
                !interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0
                Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~
                To: "BEL:\\\u0007 NUL:\\\u0000 DEL:\\\u007F" <sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com>
                From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%="\u044F\u0447";tag=_token~1'+`*%!-.
                Call-ID: intmeth.word%ZK-!.*_+'@word`~)(><:\\/"][?}{
                CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~
                Max-Forwards: 255
                extensionHeader-!.%*+_`'~:\u5927\u505C\u96FB
                Content-Length: 0

                """);
        all.put(
                "3.1.1.3 esc01",
                invite("Contact: <sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31>\nl: 0\n"));
        all.put(
                "3.1.1.4 escnull",
                "REGISTER sip:example.com SIP/2.0\n" + REST.replace("j.user", "null-%00-null")
                        + "CSeq: 14398234 REGISTER\nContact: <sip:%00@host5.example.com>\nContact: <sip:%00%00@host5.example.com>\n\n");
        all.put(
                "3.1.1.5 esc02",
                "RE%47IST%45R sip:registrar.example.com SIP/2.0\n"
                        + REST.replace("To: ", "To: \"%Z%45\" <").replace("j.user@example.com", "resource@example.com>")
                        + "CSeq: 29344 RE%47IST%45R\nContact: <sip:alias1@host1.example.com>\n\n");
        all.put(
                "3.1.1.6 lwsdisp",
                options("OPTIONS sip:user@example.com SIP/2.0", "")
                        .replace("From: sip:caller@example.net", "From: caller<sip:caller@example.com>"));
        all.put(
                "3.1.1.7 longreq",
                invite("Unknown-" + "Long".repeat(30) + "-Name: unknown-" + "long".repeat(80) + "-value; p=\""
                        + "quoted ".repeat(100) + "\"\n" + "v: SIP/2.0/TCP sip33.example.com\n".repeat(34)
                        + "Content-Length: 0\n"));
        all.put(
                "3.1.1.8 dblreq",
                "REGISTER sip:example.com SIP/2.0\n" + REST
                        + "CSeq: 8 REGISTER\nContent-Length: 0\n\nINVITE sip:joe@example.com SIP/2.0\nt: sip:joe@example.com\n\n");
        all.put(
                "3.1.1.9 semiuri",
                options("OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0", "Accept: application/sdp\n"));
        all.put("3.1.1.10 transports", options("OPTIONS sip:user@example.com SIP/2.0", """
                Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf
                Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en
                """));
        all.put(
                "3.1.1.11 mpart01",
                "MESSAGE sip:kumiko@example.org SIP/2.0\n" + REST
                        + "CSeq: 1 MESSAGE\nContent-Type: multipart/mixed;boundary=7a9cbec02ceef655\nContent-Length: 3\n\n\u0001x\u0000");
        all.put("3.1.1.12 unreason", response("SIP/2.0 200 = 2**3 * 5**2 \u043D\u043E \u0441\u0442\u043E"));
        all.put("3.1.1.13 noreason", response("SIP/2.0 100 "));
        all.put(
                "3.2.1 badbranch",
                options("OPTIONS sip:user@example.com SIP/2.0", "").replace("z9hG4bKkdjuw23492", "z9hG4bK"));
        all.put("3.3.2 unkscm", options("OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0", ""));
        all.put("3.3.3 novelsc", options("OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0", ""));
        all.put(
                "3.3.4 unksm2",
                options("OPTIONS sip:user@example.com SIP/2.0", "")
                        .replace("To: sip:j.user@example.com", "To: isbn:2983792873"));
        all.put(
                "3.3.5 bext01",
                options(
                        "OPTIONS sip:user@example.com SIP/2.0",
                        "Require: nothingSupportsThis, nothingSupportsThisEither\nProxy-Require: noProxiesSupportThis\n"));
        all.put("3.3.6 invut", invite("Content-Type: application/unknownformat\nContent-Length: 7\n") + "<audio>");
        all.put(
                "3.3.7 regaut01",
                "REGISTER sip:example.com SIP/2.0\n" + REST
                        + "CSeq: 8 REGISTER\nAuthorization: NoOneKnowsThisScheme opaque-data=here\n\n");
        all.put(
                "3.3.10 bcast",
                response("SIP/2.0 200 OK")
                        .replace("Via:", "Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23\nVia:"));
        all.put(
                "3.3.11 zeromf",
                options("OPTIONS sip:user@example.com SIP/2.0", "").replace("Max-Forwards: 70", "Max-Forwards: 0"));
        all.put(
                "3.3.12 cparam01",
                "REGISTER sip:example.com SIP/2.0\n" + REST
                        + "CSeq: 8 REGISTER\nContact: sip:+19725552222@gw1.example.net;unknownparam\n\n");
        all.put(
                "3.3.14 regescrt",
                "REGISTER sip:example.com SIP/2.0\n" + REST
                        + "CSeq: 8 REGISTER\nContact: <sip:user@example.com?Route=%3Csip:sip.example.com%3E>\n\n");
        all.put("3.4.1 inv2543", """
                INVITE sip:UserB@example.com SIP/2.0
                Via: SIP/2.0/UDP iftgw.example.com
                From: <sip:+13035551111@ift.client.example.net;user=phone>
                Record-Route: <sip:UserB@example.com;maddr=ss1.example.com>
                To: sip:+16505552222@ss1.example.net;user=phone
                Call-ID: inv2543.1717@ift.client.example.com
                CSeq: 56 INVITE
                Content-Type: application/sdp

                v=0
                """);
        Map<String, byte[]> out = new LinkedHashMap<>();
        all.forEach((name, text) -> out.put(name, bytes(text)));
        return out;
    }

    /** What section 3.1.2 calls invalid, and the two of 3.3 that no receiver can make sense of. */
    public static Map<String, byte[]> invalid() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(
                "3.1.2.1 badinv01",
                invite("Contact: \"Joe\" <sip:joe@example.org>;;;;\n")
                        .replace("192.0.2.15;branch", "192.0.2.15;;,;,,;branch"));
        all.put("3.1.2.2 clerr", invite("Content-Type: application/sdp\nContent-Length: 9999\n") + "v=0\n");
        all.put("3.1.2.3 ncl", invite("Content-Length: -999\n"));
        all.put(
                "3.1.2.4 scalar02",
                "REGISTER sip:example.com SIP/2.0\n" + REST + "CSeq: 36893488147419103232 REGISTER\n\n");
        all.put(
                "3.1.2.5 scalarlg",
                response("SIP/2.0 503 Service Unavailable").replace("CSeq: 35", "CSeq: 9292394834772304023312"));
        all.put(
                "3.1.2.6 quotbal",
                invite("").replace("To: sip:j.user@example.com", "To: \"Mr. J. User <sip:j.user@example.com>"));
        all.put(
                "3.1.2.7 ltgtruri",
                invite("").replace("sip:user@example.com SIP/2.0", "<sip:user@example.com> SIP/2.0"));
        all.put(
                "3.1.2.8 lwsruri",
                invite("").replace("sip:user@example.com SIP/2.0", "sip:user@example.com; lr SIP/2.0"));
        all.put(
                "3.1.2.9 lwsstart",
                invite("").replace("INVITE sip:user@example.com SIP", "INVITE  sip:user@example.com  SIP"));
        all.put("3.1.2.10 trws", options("OPTIONS sip:remote-target@example.com SIP/2.0  ", ""));
        all.put(
                "3.1.2.11 escruri",
                invite("").replace("sip:user@example.com SIP", "sip:user@example.com?Route=%3Csip:example.com%3E SIP"));
        all.put(
                "3.1.2.13 regbadct",
                "REGISTER sip:example.com SIP/2.0\n" + REST
                        + "CSeq: 8 REGISTER\nContact: sip:user@example.com?Route=%3Csip:sip.example.com%3E\n\n");
        all.put(
                "3.1.2.14 badaspec",
                invite("")
                        .replace("To: sip:j.user@example.com", "To: \"Watson, Thomas\" < sip:t.watson@example.org >"));
        all.put(
                "3.1.2.15 baddn",
                invite("").replace("From: sip:caller@example.net", "From: Bell, Alexander <sip:a.g.bell@example.com>"));
        all.put(
                "3.1.2.16 badvers",
                options("OPTIONS sip:t.watson@example.org SIP/7.0", "").replace("SIP/2.0/UDP", "SIP/7.0/UDP"));
        all.put(
                "3.1.2.17 mismatch01",
                options("OPTIONS sip:user@example.com SIP/2.0", "").replace("8 OPTIONS", "8 INVITE"));
        all.put("3.1.2.18 mismatch02", "NEWMETHOD sip:user@example.com SIP/2.0\n" + REST + "CSeq: 8 INVITE\n\n");
        all.put("3.1.2.19 bigcode", response("SIP/2.0 4294967301 better not break the receiver"));
        all.put(
                "3.3.1 insuf",
                "INVITE sip:user@example.com SIP/2.0\nCSeq: 193942 INVITE\nVia: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKkdj.insuf\n\n");
        all.put(
                "3.3.8 multi01",
                invite("CSeq: 59 INVITE\nCall-ID: other\nFrom: sip:other@example.com;tag=1\nMax-Forwards: 5\n"));
        all.put(
                "3.3.9 mcl01",
                options("OPTIONS sip:user@example.com SIP/2.0", "Content-Length: 13\nContent-Length: 5\n")
                        + "There's no way");
        Map<String, byte[]> out = new LinkedHashMap<>();
        all.forEach((name, text) -> out.put(name, bytes(text)));
        return out;
    }
}
