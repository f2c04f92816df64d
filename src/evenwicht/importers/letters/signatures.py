"""Signatures, lines that a phone adds, and notices nobody wrote: where the author's own words end before the text does."""

from __future__ import annotations

import re
from functools import lru_cache

from evenwicht.importers.late import late

_DEVICES = (
    r"i-?phone|i-?pad|i-?pod|i-?os|android|samsung|galaxy|blackberry|smartphone|smart phone|handheld|mobiltelefon|mobilger[äa]t|"
    r"windows(?: phone| mail)?|outlook|airmail|mailbox|mobile(?: device| phone)?|mobiel(?:tje)?|telefoon|handy|phone|tablet|htc|huawei|"
    r"nokia|xiaomi|pixel|motorola|lg|sony|oneplus|yahoo|gmail|proton ?mail|hey|spark|k-9|mail|cell|portable|móvil|celular|"
    r"cellulare|telem[óo]vel|telefon|telefono|teléfono|t[ée]l[ée]phone|телефон\w*|смартфон\w*|mobil|puhelin"
)
_SENT_CLAUSE = late(
    r"^\W*(?:sent|send|posted|written|typed|skickades|αποστολή|verzonden|verstuurd|getypt|gesendet|gesandt|versendet|envoy[ée]e?s?|enviado|enviada|enviat|"
    r"inviato|inviata|skickat|skickad|sendt|sent fra|wysłan[eoya]|wysłano|odesl[áa]no|odoslan[ée]|отправлено|надіслано|lähetetty|küldve|"
    r"trimis|gönderildi|saadetud|poslano|στάλθηκε|dikirim)\s+"
    r"(?:from|via|with|by|using|on|through|van|vanaf|vanuit|met|door|mit|von|vom|aus|über|avec|depuis|de|à partir|a partir d[eo]|du|par|desde|con|"
    r"da|dal|dalla|do|com|pelo|från|fra|med|s|z|ze|za|přes|с|со|из|від|з|mobiililaitteesta|laitteesta|din|iz|dari|από)\b"
    r"(?P<rest>[^\n]{0,110})$", re.IGNORECASE)
_EXCUSE = late(r"^\W*(?:please|pls|excuse|pardon|sorry|apolog|forgive|excuus|entschuldig|bitte|d[ée]sol|disculp|scus|desculp|brevity)", re.IGNORECASE)
_APPOSITION = re.compile(r"^\W*an? .{0,40}(?:phone|smartphone|device|tablet)\W*$", re.IGNORECASE)
_OTHER_PHONE_LINES = late(
    r"^\W*(?:"
    r"von mein\w+ .{1,40}ge(?:sendet|sandt|schickt)|diese nachricht wurde von .{1,60}ge(?:sendet|sandt|schickt)|"
    r"von .{1,30} ge(?:sendet|sandt|schickt)|lähetetty (?:\w+ ){0,3}\w+(?:sta|stä|lta|ltä)(?: \w+)?|"
    r".{0,30}(?:iphone|ipad|samsung|galaxy|android|cihazımdan|telefonumdan).{0,30} gönderil(?:di|miştir)|(?:az )?.{0,20}(?:iphone|ipad|android|samsung).{0,20} küldve|"
    r"(?:dit bericht is |deze e-?mail is )?verzonden (?:vanaf|met|vanuit) .{1,50}|"
    r"this (?:message|e-?mail) (?:was|has been) sent (?:from|via|using|by) (?:my|an?|the|our) .{1,50}|"
    r"(?:someone )?from (?:my|a|an|the) .{0,20}(?:" + _DEVICES + r").{0,20}|\w+ from mobile|(?:from|via) mobile|"
    r"(?:從|从|發自|发自|來自|来自).{0,12}(?:iphone|ipad|android|手机|手機|小米|华为|網易|网易|邮箱).{0,10}|.{0,8}(?:iphone|ipad|android)から送信|"
    r"나의 .{1,20}에서 보냄|.{1,20}에서 보냄|отправлено (?:с|из) .{1,40}|"
    r"get \W*outlook for .{1,80}|(?:az )?outlook .{1,30} (?:letöltése|uygulamasını edinin)|(?:ios|android)용 outlook 받기|outlook .{1,20}を入手|(?:获取|取得) ?outlook .{1,30}|"
    r"outlook (?:voor|für|pour|para|per|för|til|for|dla|pro) (?:ios|android|mac).{0,60}|"
    r"(?:télécharge[rz]|obtene?r?|obter(?: o)?|ottieni|scarica|hämta|hent|download|haal|pobierz(?: program)?|holen sie sich|laden sie|získa[tť]|skaff(?: deg)?|obțineți|скачать|загрузить|завантажити|λήψη του|t[ée]l[ée]chargez|skaffa|hanki|descarga\w*) \W*"
    r"outlook .{1,80}|[\[(]?mailto:.{1,60}|"
    r"(?:virus-?(?:free|vrij|frei)|garanti sans virus|libre de virus|virenfrei|privo di virus).{0,60}|"
    r"(?:envoy[ée]|enviado|inviato) (?:de|depuis|desde|da|dal) (?:mon|mi|meu|mio|il mio|o meu|un|uno) .{1,40}"
    r")\W*$", re.IGNORECASE)
_DELIMITER_ONLY = re.compile(r"^(?=[^\w]*?_*[-*#~=_+—–]{2})[\s\-*#~=_+—–.·•|]++$|^\s*[\u1427—–_]\s*$")
DASHES = frozenset({"--", "—", "__", "––", "– –"})
"""The `-- ` of Usenet and its sloppy forms."""
_LONGEST_CLOSING = 60
_LONGEST_OF_CARD = 14
"""Words of one line of a business card; a longer line is a sentence."""
_CLOSING = late(
    r"^\W{0,3}(?:(?:met|mvg|m\.v\.g|hartelijke|vriendelijke|beste|warme|zonnige|vr\.?) ?(?:\w+ )?(?:groet(?:en|jes)?)?|groet(?:en|jes)?|hoogachtend|mvg|"
    r"(?:with )?(?:kind|best|warm|warmest|kindest|many|friendly)? ?regards|best wishes|best|cheers|sincerely(?: yours)?|yours (?:sincerely|faithfully|truly)|"
    r"respectfully|many thanks|thanks(?: again)?|thank you|rgds|br|kr|"
    r"(?:mit )?(?:freundlichen?|besten?|herzlichen?|lieben?|viele|vielen|sch[öo]nen?) (?:gr(?:ü|ue)(?:ß|ss)e?n?)|hochachtungsvoll|mfg|gru(?:ß|ss)|"
    r"(?:bien )?cordialement|(?:bien|tr[èe]s) cordialement|salutations(?: distingu[ée]es)?|amicalement|bonne journ[ée]e|sinc[èe]res salutations|"
    r"(?:un )?(?:cordial(?:es)?|atento?s?)? ?saludos?(?: cordiales)?|atentamente|abra[çz]os?|cumprimentos|atenciosamente|com os melhores cumprimentos|"
    r"(?:cordiali|distinti|cari|migliori) saluti|saluti|un saluto|(?:med )?(?:v[äa]nliga?|venlig|vennlig|b[äa]sta|bedste|beste|med) (?:h[äi]lsn?ing(?:ar|er)?|hilsen(?:er)?)|"
    r"mvh|vh|hälsningar|hilsen|pozdrawiam(?: serdecznie)?|z poważaniem|s pozdrav[eo]m|s úctou|с уважением|з повагою|с наилучшими пожеланиями|"
    r"yst[äa]v[äa]llisin terveisin|terveisin|üdvözlettel|tisztelettel|cu (?:stim[ăa]|respect)|sayg[ıi]lar[ıi]mla|iyi [çc]al[ıi][şs]malar|με εκτίμηση|lep pozdrav|s poštovanjem)"
    r"(?:[\s,.!;:–-]*|(?<!thanks)(?<!thank you)(?<!best)(?<!again)[\s,!–-]+(?P<name>[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,2})\s*)$",
    re.IGNORECASE)
_CLOSING_BEGINS = frozenset("""
    ab am at ba be bi bo br ca ch co cu di fr gr ha he hi ho iy ki kr le li ma me mf mi mv po re rg sa sc si te th ti tr un va ve vh vi vr wa wi
    yo ys zo
""".split())
"""How the lines that `_CLOSING` matches begin: most lines are told apart from them by two letters."""
_CONTACT = late(
    r"(?:\+|\(0|\b0)[\d()\s./-]{7,20}\d|\b(?:https?://|www\.)\S|[^\s@<>]{1,64}@[^\s@<>]{1,255}\.\w{2}|"
    r"\b(?:tel|t|m|f|e|w|mob|mobile|mobiel|phone|fax|direct|tél|tlf|gsm|kvk|btw|vat|ust-?id|iban|linkedin)\b\s*[.:|]|\bkvk\b|\b\d{4} ?[A-Z]{2}\b", re.IGNORECASE)
_POSTSCRIPT = re.compile(r"^\W*(?:p\.? ?s\.?|n\.?b\.?)\s*[:.\s]", re.IGNORECASE)
_NOTICES = (
    "confidential", "privileged", "intended for", "intended only", "intended solely", "intended recipient", "authorized use",
    "authorised use", "authorized review", "authorized disclosure", "authorised disclosure",
    "vertrouwelijk", "uitsluitend bestemd", "geadresseerde", "geen rechten", "disclaimer", "aan het milieu", "abusievelijk",
    "vertraulich", "richtige adressat", "unbefugt", "beabsichtigte empfänger", "vorgesehene empfänger", "ausschließlich für den",
    "confidentie", "destinataire", "par erreur", "strictement personnel", "confidencial", "destinatario", "destinatário", "riservat",
    "confidenci", "confidențial", "konfidentiell", "konfidensiell", "fortrolig", "poufne", "důvěrn", "dôvern", "конфиденц", "конфіденц",
    "luottamuksellinen", "bizalmas", "gizli", "εμπιστευτικ", "機密", "保密",
    "exclusiv destinat", "adresat", "adresát", "avsett för", "avsedd för", "rätt mottagare", "tiltænkt", "rette modtager", "rett mottaker",
    "beregnet på mottaker", "oikea vastaanottaja", "tarkoitettu ainoastaan", "предназначен", "адресат", "yalnızca gönderil", "yanlışlıkla",
    "kizárólag a címzett", "tévedésből", "din greșeală", "αποκλειστικά", "παραλήπτη", "εκ παραδρομής", "受信者", "誤って受信",
    "before printing", "print this e", "unsubscribe", "mailing list", "uitschrijven", "afmelden", "scanned for", "scanned by",
    "stato analizzato",
)
MOST_LINES = 20
"""A longer block under "--" is text with a dash above it, not a signature."""
REACH = MOST_LINES + 4
"""Lines from the end of a run in which a closing greeting is looked for: a card under it, and a name."""


@lru_cache(maxsize=8_192)
def is_phone_line(line: str) -> bool:
    """Whether a whole line is one that a mail program adds: "Sent from my iPhone", "Verzonden vanaf mijn iPad"."""
    text = line.strip()
    if not 6 <= len(text) <= 160:  # noqa: PLR2004  shorter and longer lines are none
        return False
    if _OTHER_PHONE_LINES.match(text):
        return True
    found = _SENT_CLAUSE.match(text)
    if found is None:
        return False
    clause, stop, excuse = found["rest"], "", ""
    for mark in (". ", ", ", "; "):
        if mark in clause:
            clause, stop, excuse = clause.partition(mark)
            break
    if stop and not _EXCUSE.match(excuse) and not _APPOSITION.match(excuse):
        return False
    return 0 < len(clause.split()) <= 9  # noqa: PLR2004  words in the longest of them


def is_delimiter(line: str) -> bool:
    """Whether a line is nothing but a line: dashes, stars, underscores."""
    begins = line.lstrip()[:1]
    return bool(begins) and not (begins.isascii() and begins.isalnum()) and bool(_DELIMITER_ONLY.match(line))


def has_notice(paragraph: str, *, ruled: bool) -> bool:
    """Whether a closing paragraph speaks like a notice: confidentiality, list footer, virus scanner.

    Below a ruled line one telling phrase is enough. Without one the paragraph must hold two different ones: "please keep
    this confidential" is the author speaking.
    """
    lowered = paragraph[:4_000].lower()
    wanted = 1 if ruled else 2
    for phrase in _NOTICES:
        if phrase in lowered:
            wanted -= 1
            if not wanted:
                return True
    return False


def signature_after_closing(lines: list[str]) -> int:
    """The line at which a business signature begins below "Kind regards," and a name; `len(lines)` when there is none.

    `lines` are the last `REACH` lines of a run, or all of a shorter one.
    Only what looks like a card is taken: at most 20 lines, none a long sentence, at least one telephone number,
    address, site or registration number. The greeting and the name stay the author's own.
    """
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        if not line or len(line) > _LONGEST_CLOSING:
            continue
        first = line[:2].lower()
        if first not in _CLOSING_BEGINS and first.isalpha() and first.isascii():
            continue
        named = _closing(line)
        if named is None:
            continue
        begin = at + 1
        if not named:
            name = next((i for i in range(at + 1, min(at + 4, len(lines))) if lines[i].strip()), len(lines))
            begin = name if name < len(lines) and _is_contact(lines[name]) else name + 1
        return begin if _is_card([line.strip() for line in lines[begin:] if line.strip()]) else len(lines)
    return len(lines)


@lru_cache(maxsize=4_096)
def _closing(line: str) -> bool | None:
    """Whether a closing greeting has the name behind it; None for a line that is none. Everybody has his own one."""
    found = _CLOSING.match(line)
    return None if found is None else bool(found["name"])


@lru_cache(maxsize=4_096)
def _is_contact(line: str) -> bool:
    """Whether a line holds a telephone number, address, site or registration number: those of a card come back."""
    return _CONTACT.search(line) is not None


def _is_card(lines: list[str]) -> bool:
    if not lines or len(lines) > MOST_LINES or not any(map(_is_contact, lines)):
        return False
    return not any(
        _POSTSCRIPT.match(line) or line.endswith("?") or (len(line.split()) > _LONGEST_OF_CARD and not _is_contact(line))
        for line in lines)
