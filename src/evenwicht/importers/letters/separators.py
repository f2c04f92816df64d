"""Lines above an enclosed mail: "Original Message", header blocks, "reply above this line", in many languages."""

from __future__ import annotations

import re

from evenwicht.importers.late import late

MADE_SEPARATOR = "-----Original Message-----"
"""The line that stands where HTML shows, by its markup alone, that an enclosed mail begins."""

_ORIGINAL = (
    r"original message|original e-?mail|original appointment|reply message|"
    r"oorspronkelijk(?:e)? bericht|origineel bericht|oorspronkelijke e-?mail|oorspronkelijke afspraak|"
    r"urspr(?:ü|ue)ngliche (?:nachricht|e-?mail|mitteilung)|original ?nachricht|originaltermin|"
    r"message (?:d['’]origine|original)|courriel original|mail original|"
    r"mensaje original|correo original|mensagem original|messaggio originale|missatge original|"
    r"ursprungligt meddelande|originalmeddelande|opprinnelig melding|oprindelig (?:meddelelse|besked)|original meddelelse|"
    r"alkuper[äa]inen viesti|(?:oryginalna|pierwotna) wiadomość|wiadomość (?:oryginalna|pierwotna)|"
    r"původní (?:zpráva|e-?mail)|pôvodná správa|"
    r"исходное сообщение|оригинальное сообщение|оригинално съобщение|(?:початкове|вихідне) повідомлення|"
    r"eredeti (?:üzenet|levél)|mesaj(?:ul)? original|(?:orijinal|özgün|asıl) (?:mesaj|ileti)|αρχικό μήνυμα|"
    r"(?:izvorna|originalna) poruka|izvorno sporočilo|algne kiri|sākotnējais ziņojums|pradinis laiškas|thư gốc|pesan asli|"
    r"原始邮件|原始郵件|原郵件|邮件原件|元のメッセージ|オリジナル(?:の)?メッセージ|원본 ?메시지|원본 ?메일|הודעה מקורית|رسالة أصلية|الرسالة الأصلية"
)
_FORWARDED = (
    r"forwarded message|forwarded by .{1,60}|doorgestuurd bericht|weitergeleitete nachricht|message (?:transf[ée]r[ée]|transmis)|"
    r"mensaje (?:reenviado|enviado|remitido)|mensagem (?:encaminhada|reencaminhada)|messaggio inoltrato|missatge reenviat|mensaxe reenviada|"
    r"vidarebefordrat meddelande|videresendt (?:melding|meddelelse|besked)|vidaresend melding|"
    r"(?:välitetty|edelleenlähetetty) viesti(?: / fwd\.msg)?|"
    r"(?:przekazana|przesłana dalej) wiadomość|wiadomość (?:przekazana|przesłana dalej)|treść przekazanej wiadomości|"
    r"přeposlaná (?:zpráva|e-?mail)|preposlaná správa(?: -{2,5} forwarded message)?|"
    r"(?:пересланное|пересылаемое|перенаправленное) сообщение|(?:переслане|перенаправлене) повідомлення|препратено съобщение|"
    r"továbbított (?:üzenet|levél)|mesaj redirecționat|(?:iletilen|iletilmiş) (?:mesaj|ileti)|προωθημένο μήνυμα|"
    r"proslijeđena poruka|posredovano sporočilo|edastatud kiri|persiųstas laiškas|"
    r"转发的邮件|转发的消息|轉寄的郵件|轉寄郵件|转发邮件|転送されたメッセージ|メッセージを転送|전달된 메시지"
)
_ENCLOSED = rf"{_ORIGINAL}|{_FORWARDED}"
_SEPARATOR = late(rf"^\s*+[-_=*#~][-_=*#~>\s]*+(?:{_ENCLOSED})[-_=*#~<:\s]*+$", re.IGNORECASE)
_TITLE = late(rf"^\W*(?:{_ENCLOSED})\W*$", re.IGNORECASE)
_IN_ONE_LINE = late(
    r"\b(?:sent|to|cc|subject|date|verzonden|aan|onderwerp|gesendet|an|betreff|envoyé|à|objet|enviado|para|asunto|inviato|a|oggetto)"
    r"\s?:\s", re.IGNORECASE)
_BEGIN_FORWARD = late(
    r"^\W*(?:(?:begin )?forwarded message|begin (?:van )?doorgestuurd bericht|"
    r"anfang der weitergeleiteten (?:nachricht|e-?mail)|d[ée]but du message (?:r[ée]exp[ée]di[ée]|transf[ée]r[ée])|"
    r"inicio del mensaje reenviado|inizio messaggio inoltrato|in[íi]cio da mensagem (?:reenviada|encaminhada|reencaminhada)|"
    r"vidarebefordrat (?:brev|meddelande|mejl)|start p[åa] videresendt (?:besked|melding)|videresendt (?:melding|besked)|"
    r"początek przekazywanej wiadomości|za[čc]átek přepos[íi]?lané zprávy|začiatok preposlanej správy|"
    r"начало переадресованного сообщения|початок листа, що пересилається|"
    r"v[äa]litetty viesti alkaa|továbbított levél kezdete|începe mesajul redirecționat|ileti başlangıcı|započni proslijeđenu poruku|"
    r"转发的邮件|下面是被转发的邮件|転送されたメッセージ)\s*[:：]\s*\W*$", re.IGNORECASE)
_IS_FORWARD = late(rf"^\W*(?:{_FORWARDED})\W*$", re.IGNORECASE)
_REPLY_ABOVE = late(
    r"(?:reply|respond|write|type|answer)[^\n]{0,25} above this line|above this line to (?:reply|respond)|reply above --|"
    r"antwoord(?:en)?[^\n]{0,25} boven deze (?:lijn|regel)|boven deze (?:lijn|regel)[^\n]{0,25}antwoord|typ(?:e)? uw (?:antwoord|reactie) boven|"
    r"antwort(?:en)?[^\n]{0,25} (?:ober|über)halb? (?:von )?dieser (?:zeile|linie)|über dieser (?:zeile|linie)|"
    r"r[ée]pon(?:se|dre|dez)[^\n]{0,25} au-dessus de cette ligne|respuesta[^\n]{0,25} (?:sobre|encima de) esta l[íi]nea|"
    r"sopra questa (?:riga|linea)|acima desta linha|(?:ovanför|över) (?:den här|denna) (?:raden|linjen)|"
    r"over denne (?:linje|linjen)|powyżej tej linii|nad (?:tímto|tento) řádk", re.IGNORECASE)

_LINE_STEMS = (
    "this line", "reply above", "deze regel", "deze lijn", "dieser zeile", "dieser linie", "cette ligne", "esta l", "questa r",
    "questa l", "denna ", "den här ", "denne linj", "tej linii", "řádk",
)
_LABELS: dict[str, str] = {
    "from": "from|van|afzender|von|de|de la|da|från|fra|od|od kogo|nadawca|lähettäjä|от кого|от|від|from name|feladó|kimden|gönderen|"
            "από|expéditeur|remitente|mittente|remetente|saatja|nuo|no|发件人|發件人|寄件者|寄件人|差出人|送信者|보낸 ?사람|발신|מאת|من|از|dari|pošiljatelj|šalje",
    "to": "to|aan|ontvanger|an|à|a|para|per|till|til|do|dla|komu|кому|vastaanottaja|címzett|către|catre|kime|alıcı|προς|pour|"
          "destinataire|destinatario|destinatário|saaja|kam|收件人|收件者|宛先|받는 ?사람|수신|אל|إلى|به|kepada|prima|za",
    "cc": "cc|kopie|kopi|kopia|copie|copia|cópia|kopio|копия|másolat|bilgi|抄送|抄送人|副本|참조|bcc",
    "date": "date|sent|sent on|sent at|datum|verzonden|verzonden op|verstuurd|gesendet|gesendet am|envoyé|envoyé le|enviado|"
            "enviado el|enviado em|enviada|enviada em|inviato|data|fecha|data invio|skickat|skickad|sendt|dato|lähetetty|päivä|päiväys|pvm|wysłano|"
            "data wysłania|wysłane|odesláno|odoslané|datum odeslání|dátum|отправлено|дата|надіслано|küldve|elküldve|trimis|"
            "data trimiterii|gönderildi|gönderme|gönderme tarihi|tarih|ημερομηνία|στάλθηκε|poslano|saadetud|kuupäev|发送时间|發送時間|发送日期|傳送日期|日期|時間|"
            "寄件日期|送信日時|日時|日付|보낸 ?날짜|날짜|נשלח|תאריך|تاريخ|التاريخ|تم الإرسال|dikirim|tanggal|when|quand|le",
    "subject": "subject|onderwerp|betreft|betreff|objet|sujet|asunto|assunto|oggetto|ämne|emne|temat|předmět|predmet|тема|aihe|"
               "tárgy|subiect|subiectul|konu|θέμα|naslov|zadeva|teema|主题|主旨|主題|件名|제목|נושא|موضوع|الموضوع|subjek|perihal",
    "reply": "reply-to|reply to|antwoord aan|beantwoorden|antwort an|répondre à|responder a|rispondi a|risposta|svar til|svara till|"
             "importance|belang|priorität|wichtigkeit|importancia|priorità|attachments|bijlagen|anhänge|anlagen|pièces jointes|"
             "organization|organisation|organisatie|vlag|flag|categories|mailed-by|signed-by|message-id",
}
_CLASS_OF = {label: kind for kind, labels in _LABELS.items() for label in labels.replace(" ?", " ").split("|")}
_CLASS_OF |= {label.replace(" ", ""): kind for label, kind in _CLASS_OF.items() if not label.isascii()}
_LABELLED = re.compile(r"^[\s>*_|]*([^\W\d_][^:：*<>@\d]{0,24}?)[\s*_]*[:：][\s*_]*(.*)$")


def is_separator(line: str) -> bool:
    """Whether a line says by itself that an enclosed mail follows."""
    text = line.strip()
    if not text or len(text) > 120:  # noqa: PLR2004  no such line is longer
        return False
    if text[0] in "-_=*#~":
        return bool(_SEPARATOR.match(text))
    return text[-1] in ":：*" and bool(_BEGIN_FORWARD.match(text))


def is_forward(line: str) -> bool:
    """Whether a line that `is_separator` says that the enclosed mail was sent on, not answered."""
    text = line.strip()
    return bool(_IS_FORWARD.match(text) or _BEGIN_FORWARD.match(text))


def is_title(line: str) -> bool:
    """Whether a line right above the headers of an enclosed mail is only its title, "Original Message"."""
    return len(line) <= 120 and bool(_TITLE.match(line))  # noqa: PLR2004


def may_reply_above(text: str) -> bool:
    """Whether a whole text can hold such a line: a cheap test before the dear one."""
    lowered = text.lower()
    for stem in _LINE_STEMS:  # noqa: SIM110  a generator would take three times as long, for every mail
        if stem in lowered:
            return True
    return False


def is_reply_above(line: str) -> bool:
    """Whether a line is a ticket system's "please reply above this line"."""
    return len(line) < 200 and bool(_REPLY_ABOVE.search(line))  # noqa: PLR2004


def label_of(line: str) -> tuple[str, str] | None:
    """The class of header a line looks like (`from`, `to`, `cc`, `date`, `subject`, `reply`) and its value, or None."""
    if len(line) > 2_000:  # noqa: PLR2004
        return None
    found = _LABELLED.match(line)
    if found is None:
        return None
    kind = _CLASS_OF.get(found[1].strip().casefold())
    return (kind, found[2].strip()) if kind else None


def is_header_block(lines: list[str], start: int) -> bool:
    """Whether the lines from `start` are the headers of an enclosed mail.

    At least three different headers within twelve lines, one of them a sender or a date, and either a subject or a
    mail address among them: "From: Rotterdam, To: Utrecht, Date: 3 May" is somebody's own text.
    """
    first = label_of(lines[start])
    if first is None or first[0] not in {"from", "date", "subject", "to"} or not first[1]:
        return False
    if first[0] == "from" and len(_IN_ONE_LINE.findall(first[1][:600])) >= 3:  # noqa: PLR2004  all headers on one line
        return True
    kinds = {first[0]}
    telling = first[0] == "subject" or "@" in first[1]
    strange = 0
    for line in lines[start + 1:start + 14]:
        if not line.strip():
            continue
        found = label_of(line)
        if found is None:
            strange += 1
            if strange > 2:  # noqa: PLR2004  a folded line or two
                break
            continue
        strange = 0
        kinds.add(found[0])
        telling = telling or found[0] == "subject" or "@" in found[1]
    enough = 3 if first[0] == "from" else 4
    return telling and len(kinds - {"reply"}) >= 2 and len(kinds) >= enough and bool(kinds & {"from", "date"})  # noqa: PLR2004
