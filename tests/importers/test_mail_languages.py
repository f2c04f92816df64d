"""What mail programs write above quoted text, per language and program, and own sentences that look like it.

The forms are those that the programs are publicly known to write: the message catalogues of Thunderbird (reply header, "original
message", "forwarded message"), the translated lines of Gmail and Yahoo, those of Apple Mail and iOS, the header blocks of Outlook.
"""

from __future__ import annotations

import pytest

from evenwicht.importers.letters.own_words import own_words, segments

WROTE = {
    "en": {
        "gmail": "On Mon, Mar 2, 2026 at 10:12 AM Jan Smit <jan@birch.nl> wrote:",
        "apple": "On 2 Mar 2026, at 10:12, Jan Smit <jan@birch.nl> wrote:",
        "thunderbird": "On 02/03/2026 10:12, Jan Smit wrote:",
        "yahoo": "On Monday, March 2, 2026 at 10:12:00 AM GMT+1, Jan Smit <jan@birch.nl> wrote:",
        "outlook": "On 3/2/26, 10:12 AM, \"Jan Smit\" <jan@birch.nl> wrote:",
    },
    "nl": {
        "gmail": "Op ma 2 mrt 2026 om 10:12 schreef Jan Smit <jan@birch.nl>:",
        "apple": "Op 2 mrt 2026, om 10:12 heeft Jan Smit <jan@birch.nl> het volgende geschreven:",
        "ios": "Op 2 mrt 2026 om 10:12 heeft Jan Smit <jan@birch.nl> het volgende geschreven:",
        "thunderbird": "Op 02-03-2026 om 10:12 schreef Jan Smit:",
        "yahoo": "Op maandag 2 maart 2026 om 10:12:00 CET schreef Jan Smit <jan@birch.nl>:",
        "outlook": "Jan Smit <jan@birch.nl> schreef op 2 maart 2026 om 10:12:",
    },
    "de": {
        "gmail": "Am Mo., 2. März 2026 um 10:12 Uhr schrieb Jan Smit <jan@birch.nl>:",
        "apple": "Am 02.03.2026 um 10:12 schrieb Jan Smit <jan@birch.nl>:",
        "thunderbird": "Am 02.03.26 um 10:12 schrieb Jan Smit:",
        "yahoo": "Am Montag, 2. März 2026 um 10:12:00 MEZ hat Jan Smit <jan@birch.nl> Folgendes geschrieben:",
        "gmx": "Gesendet: Montag, 02. März 2026 um 10:12 Uhr\nVon: \"Jan Smit\" <jan@birch.nl>\nAn: piet@acme.com\nBetreff: Angebot",
    },
    "fr": {
        "gmail": "Le lun. 2 mars 2026 à 10:12, Jan Smit <jan@birch.nl> a écrit :",
        "apple": "Le 2 mars 2026 à 10:12, Jan Smit <jan@birch.nl> a écrit :",
        "thunderbird": "Le 02/03/2026 à 10:12, Jan Smit a écrit\u00a0:",
        "yahoo": "Le lundi 2 mars 2026 à 10:12:00 UTC+1, Jan Smit <jan@birch.nl> a écrit :",
        "outlook": "Le 02/03/2026 10:12, « Jan Smit » <jan@birch.nl> a écrit :",
    },
    "es": {
        "gmail": "El lun, 2 mar 2026 a las 10:12, Jan Smit (<jan@birch.nl>) escribió:",
        "apple": "El 2 mar 2026, a las 10:12, Jan Smit <jan@birch.nl> escribió:",
        "thunderbird": "El 2/3/26 a las 10:12, Jan Smit escribió:",
        "yahoo": "El lunes, 2 de marzo de 2026, 10:12:00 CET, Jan Smit <jan@birch.nl> escribió:",
    },
    "it": {
        "gmail": "Il giorno lun 2 mar 2026 alle ore 10:12 Jan Smit <jan@birch.nl> ha scritto:",
        "apple": "Il giorno 2 mar 2026, alle ore 10:12, Jan Smit <jan@birch.nl> ha scritto:",
        "thunderbird": "Il 02/03/2026 10:12, Jan Smit ha scritto:",
        "yahoo": "Il lunedì 2 marzo 2026 alle ore 10:12:00 CET, Jan Smit <jan@birch.nl> ha scritto:",
    },
    "pt": {
        "gmail": "Em seg., 2 de mar. de 2026 às 10:12, Jan Smit <jan@birch.nl> escreveu:",
        "gmail (Portugal)": "Jan Smit <jan@birch.nl> escreveu (segunda, 2/03/2026 à(s) 10:12):",
        "apple": "Em 2 de mar. de 2026, à(s) 10:12, Jan Smit <jan@birch.nl> escreveu:",
        "apple (Portugal)": "No dia 02/03/2026, às 10:12, Jan Smit <jan@birch.nl> escreveu:",
        "thunderbird": "Às 10:12 de 02/03/2026, Jan Smit escreveu:",
        "yahoo": "Em segunda-feira, 2 de março de 2026 10:12:00 BRT, Jan Smit <jan@birch.nl> escreveu:",
    },
    "pl": {
        "gmail": "pon., 2 mar 2026 o 10:12 Jan Smit <jan@birch.nl> napisał(a):",
        "apple": "Wiadomość napisana przez Jan Smit <jan@birch.nl> w dniu 02.03.2026, o godz. 10:12:",
        "thunderbird": "W dniu 2.03.2026 o 10:12, Jan Smit pisze:",
        "yahoo": "W dniu poniedziałek, 2 marca 2026 10:12:00 CET, Jan Smit <jan@birch.nl> napisał(a):",
        "outlook": "Dnia 2.03.2026 10:12 „Jan Smit” <jan@birch.nl> napisał:",
    },
    "sv": {
        "gmail": "Den mån 2 mars 2026 kl 10:12 skrev Jan Smit <jan@birch.nl>:",
        "apple": "2 mars 2026 kl. 10:12 skrev Jan Smit <jan@birch.nl>:",
        "thunderbird": "Den 2026-03-02 kl. 10:12, skrev Jan Smit:",
        "outlook": "Den 2026-03-02 10:12 skrev \"Jan Smit\" <jan@birch.nl> följande:",
        "yahoo": "Den måndag 2 mars 2026 10:12:00 CET, skrev Jan Smit <jan@birch.nl>:",
    },
    "da": {
        "gmail": "Den man. 2. mar. 2026 kl. 10.12 skrev Jan Smit <jan@birch.nl>:",
        "apple": "Den 2. mar. 2026 kl. 10.12 skrev Jan Smit <jan@birch.nl>:",
        "thunderbird": "Den 02-03-2026 kl. 10:12 skrev Jan Smit:",
        "outlook": "D. 02-03-2026 10.12 skrev \"Jan Smit\" <jan@birch.nl>:",
    },
    "no": {
        "gmail": "man. 2. mar. 2026 kl. 10:12 skrev Jan Smit <jan@birch.nl>:",
        "apple": "2. mar. 2026 kl. 10:12 skrev Jan Smit <jan@birch.nl>:",
        "thunderbird": "På 02.03.2026 10:12, skrev Jan Smit:",
        "outlook": "\"Jan Smit\" <jan@birch.nl> skrev følgende den 02.03.2026 10:12:",
    },
    "fi": {
        "gmail": "ma 2. maalisk. 2026 klo 10.12 Jan Smit (jan@birch.nl) kirjoitti:",
        "apple": "Jan Smit <jan@birch.nl> kirjoitti 2.3.2026 kello 10.12:",
        "thunderbird": "Jan Smit kirjoitti 2.3.2026 klo 10.12:",
        "yahoo": "maanantaina 2. maaliskuuta 2026 klo 10.12.00 UTC+2 Jan Smit <jan@birch.nl> kirjoitti:",
    },
    "cs": {
        "gmail": "po 2. 3. 2026 v 10:12 odesílatel Jan Smit <jan@birch.nl> napsal:",
        "apple": "2. 3. 2026 v 10:12, Jan Smit <jan@birch.nl>:",
        "thunderbird": "Dne 02. 03. 26 v 10:12 Jan Smit napsal(a):",
        "outlook": "Dne 02.03.26 10:12, „Jan Smit“ <jan@birch.nl> napsal(a):",
        "seznam": "---------- Původní e-mail ----------\nOd: Jan Smit <jan@birch.nl>\nKomu: Piet\nDatum: 2. 3. 2026 10:12:00\nPředmět: Nabídka",
    },
    "sk": {
        "gmail": "po 2. 3. 2026 o 10:12 Jan Smit <jan@birch.nl> napísal(a):",
        "thunderbird": "Dňa 2. 3. 2026 o 10:12 Jan Smit napísal(a):",
        "outlook": "02.03.26 10:12, používateľ Jan Smit (<jan@birch.nl>) napísal:",
    },
    "ru": {
        "gmail": "пн, 2 мар. 2026 г. в 10:12, Jan Smit <jan@birch.nl>:",
        "apple": "2 марта 2026 г., в 10:12, Jan Smit <jan@birch.nl> написал(а):",
        "thunderbird": "02.03.2026 10:12, Jan Smit пишет:",
        "yandex": "02.03.2026, 10:12, \"Jan Smit\" <jan@birch.nl>:",
        "mail.ru": "Понедельник, 2 марта 2026, 10:12 +03:00 от Jan Smit <jan@birch.nl>:",
        "outlook": "02.03.26 10:12 пользователь \"Jan Smit\" <jan@birch.nl> написал:",
    },
    "uk": {
        "gmail": "пн, 2 бер. 2026 р. о 10:12 Jan Smit <jan@birch.nl> пише:",
        "thunderbird": "02.03.26 10:12, Jan Smit пише:",
    },
    "tr": {
        "gmail": "Jan Smit <jan@birch.nl>, 2 Mar 2026 Pzt, 10:12 tarihinde şunu yazdı:",
        "apple": "Jan Smit <jan@birch.nl> şunları yazdı (2 Mar 2026 10:12):",
        "thunderbird": "02.03.2026 10:12 tarihinde Jan Smit yazdı:",
        "yahoo": "2 Mart 2026 Pazartesi 10:12:00 GMT+3 tarihinde Jan Smit <jan@birch.nl> şunu yazdı:",
    },
    "el": {
        "gmail": "Στις Δευ 2 Μαρ 2026 στις 10:12 π.μ., ο/η Jan Smit <jan@birch.nl> έγραψε:",
        "apple": "Στις 2 Μαρ 2026, στις 10:12, ο χρήστης Jan Smit <jan@birch.nl> έγραψε:",
        "thunderbird": "Στις 2/3/2026 10:12, Jan Smit έγραψε:",
    },
    "hu": {
        "gmail": "Jan Smit <jan@birch.nl> ezt írta (időpont: 2026. márc. 2., H, 10:12):",
        "apple": "Jan Smit <jan@birch.nl> írta (2026. márc. 2. dátummal, 10:12 időpontban):",
        "thunderbird": "2026. 03. 02. 10:12 keltezéssel, Jan Smit írta:",
        "outlook": "2026.03.02. 10:12 időpontban „Jan Smit” (<jan@birch.nl>) ezt írta:",
    },
    "ro": {
        "gmail": "Pe lun., 2 mar. 2026 la 10:12, Jan Smit <jan@birch.nl> a scris:",
        "apple": "Pe 2 mar. 2026, la 10:12, Jan Smit <jan@birch.nl> a scris:",
        "thunderbird": "Pe 02.03.2026 10:12, Jan Smit a scris:",
        "yahoo": "luni, 2 martie 2026, 10:12:00 EET, Jan Smit <jan@birch.nl> a scris:",
    },
    "hr": {"gmail": "pon, 2. ožu 2026. u 10:12 Jan Smit <jan@birch.nl> napisao je:"},
    "ja": {
        "gmail": "2026年3月2日(月) 10:12 Jan Smit <jan@birch.nl>:",
        "apple": "2026/03/02 10:12、Jan Smit <jan@birch.nl>のメール:",
        "thunderbird": "On 2026/03/02 10:12, Jan Smit wrote:",
    },
    "zh": {
        "gmail": "Jan Smit <jan@birch.nl> 于2026年3月2日周一 10:12写道：",
        "gmail (Taiwan)": "Jan Smit <jan@birch.nl> 於 2026年3月2日 週一 上午10:12寫道：",
        "apple": "在 2026年3月2日，10:12，Jan Smit <jan@birch.nl> 写道：",
        "thunderbird": "在 2026/3/2 10:12, Jan Smit 写道:",
        "qq": "------------------ 原始邮件 ------------------\n发件人: \"Jan Smit\" <jan@birch.nl>;\n发送时间: 2026年3月2日(星期一) 上午10:12\n收件人: \"Piet\"<piet@acme.com>;\n主题: 报价",
    },
    "ko": {
        "gmail": "2026년 3월 2일 (월) 오전 10:12, Jan Smit <jan@birch.nl>님이 작성:",
        "apple": "2026. 3. 2. 오전 10:12, Jan Smit <jan@birch.nl> 작성:",
    },
}

HEADERS = {
    "en": "From: {}\nSent: Monday, March 2, 2026 10:12 AM\nTo: Piet\nSubject: Offer",
    "nl": "Van: {}\nVerzonden: maandag 2 maart 2026 10:12\nAan: Piet\nOnderwerp: Offerte",
    "nl (mac)": "Van: {}\nDatum: maandag 2 maart 2026 om 10:12\nAan: Piet\nOnderwerp: Offerte",
    "de": "Von: {}\nGesendet: Montag, 2. März 2026 10:12\nAn: Piet\nBetreff: Angebot",
    "fr": "De : {}\nEnvoyé : lundi 2 mars 2026 10:12\nÀ : Piet\nObjet : Offre",
    "es": "De: {}\nEnviado el: lunes, 2 de marzo de 2026 10:12\nPara: Piet\nAsunto: Oferta",
    "it": "Da: {}\nInviato: lunedì 2 marzo 2026 10:12\nA: Piet\nOggetto: Offerta",
    "pt": "De: {}\nEnviada: segunda-feira, 2 de março de 2026 10:12\nPara: Piet\nAssunto: Proposta",
    "pt (Brasil)": "De: {}\nEnviado: segunda-feira, 2 de março de 2026 10:12\nPara: Piet\nAssunto: Proposta",
    "pl": "Od: {}\nWysłano: poniedziałek, 2 marca 2026 10:12\nDo: Piet\nTemat: Oferta",
    "sv": "Från: {}\nSkickat: den 2 mars 2026 10:12\nTill: Piet\nÄmne: Offert",
    "da": "Fra: {}\nSendt: 2. marts 2026 10:12\nTil: Piet\nEmne: Tilbud",
    "no": "Fra: {}\nSendt: mandag 2. mars 2026 10:12\nTil: Piet\nEmne: Tilbud",
    "fi": "Lähettäjä: {}\nLähetetty: maanantai 2. maaliskuuta 2026 10.12\nVastaanottaja: Piet\nAihe: Tarjous",
    "cs": "Od: {}\nOdesláno: pondělí 2. března 2026 10:12\nKomu: Piet\nPředmět: Nabídka",
    "sk": "Od: {}\nOdoslané: pondelok 2. marca 2026 10:12\nKomu: Piet\nPredmet: Ponuka",
    "ru": "От: {}\nОтправлено: 2 марта 2026 г. 10:12\nКому: Piet\nТема: Предложение",
    "ru (Отправитель)": "От кого: {}\nДата: 2 марта 2026 г. 10:12\nКому: Piet\nТема: Предложение",
    "uk": "Від: {}\nНадіслано: 2 березня 2026 р. 10:12\nКому: Piet\nТема: Пропозиція",
    "tr": "Kimden: {}\nGönderildi: 2 Mart 2026 Pazartesi 10:12\nKime: Piet\nKonu: Teklif",
    "tr (Gönderen)": "Gönderen: {}\nGönderme Tarihi: 2 Mart 2026 Pazartesi 10:12\nKime: Piet\nKonu: Teklif",
    "el": "Από: {}\nΣτάλθηκε: Δευτέρα, 2 Μαρτίου 2026 10:12\nΠρος: Piet\nΘέμα: Προσφορά",
    "hu": "Feladó: {}\nElküldve: 2026. március 2., hétfő 10:12\nCímzett: Piet\nTárgy: Ajánlat",
    "ro": "De la: {}\nTrimis: luni, 2 martie 2026 10:12\nCătre: Piet\nSubiect: Ofertă",
    "hr": "Šalje: {}\nPoslano: ponedjeljak, 2. ožujka 2026. 10:12\nPrima: Piet\nPredmet: Ponuda",
    "ja": "差出人: {}\n送信日時: 2026年3月2日 10:12\n宛先: Piet\n件名: 見積",
    "zh": "发件人: {}\n发送时间: 2026年3月2日 10:12\n收件人: Piet\n主题: 报价",
    "ko": "보낸 사람: {}\n보낸 날짜: 2026년 3월 2일 월요일 오전 10:12\n받는 사람: Piet\n제목: 견적",
}

ORIGINAL = {
    "en": "-----Original Message-----", "nl": "-----Oorspronkelijk bericht-----", "de": "-----Ursprüngliche Nachricht-----",
    "fr": "-----Message d'origine-----", "fr (thunderbird)": "-------- Message original --------", "es": "-----Mensaje original-----",
    "it": "-----Messaggio originale-----", "pt": "-----Mensagem original-----", "pl": "-----Oryginalna wiadomość-----",
    "pl (thunderbird)": "-------- Wiadomość oryginalna --------", "sv": "-----Ursprungligt meddelande-----",
    "sv (thunderbird)": "-------- Originalmeddelande --------", "da": "-----Oprindelig meddelelse-----",
    "no": "-----Opprinnelig melding-----", "fi": "-----Alkuperäinen viesti-----", "cs": "-----Původní zpráva-----",
    "sk": "-----Pôvodná správa-----", "ru": "-----Исходное сообщение-----", "tr": "-----Özgün İleti-----",
    "el": "-----Αρχικό μήνυμα-----", "hu": "-----Eredeti üzenet-----", "ro": "-----Mesaj original-----",
    "ja": "-----元のメッセージ-----", "zh": "-----邮件原件-----", "ko": "-----원본 메시지-----",
}

FORWARD = {
    "gmail": "---------- Forwarded message ---------", "gmail (nl)": "---------- Doorgestuurd bericht ---------",
    "thunderbird (en)": "-------- Forwarded Message --------", "thunderbird (nl)": "-------- Doorgestuurd bericht --------",
    "thunderbird (de)": "-------- Weitergeleitete Nachricht --------", "thunderbird (fr)": "-------- Message transféré --------",
    "yahoo (fr)": "----- Message transmis -----", "thunderbird (es)": "-------- Mensaje reenviado --------",
    "thunderbird (it)": "-------- Messaggio Inoltrato --------", "thunderbird (pt)": "-------- Mensagem reencaminhada --------",
    "thunderbird (pt-BR)": "-------- Mensagem encaminhada --------", "thunderbird (pl)": "--- Treść przekazanej wiadomości ---",
    "yahoo (pl)": "----- Przekazana wiadomość -----", "hubspot (pl)": "---------- Wiadomość przesłana dalej ----------",
    "thunderbird (sv)": "-------- Vidarebefordrat meddelande --------", "thunderbird (da)": "-------- Videresendt meddelelse --------",
    "thunderbird (no)": "-------- Videresendt melding --------", "thunderbird (nn)": "-------- Vidaresend melding --------",
    "thunderbird (fi)": "-------- Välitetty viesti / Fwd.Msg --------", "yahoo (fi)": "----- Edelleenlähetetty viesti -----",
    "thunderbird (cs)": "-------- Přeposlaná zpráva --------", "thunderbird (sk)": "-------- Preposlaná správa --- Forwarded Message --------",
    "yahoo (ru)": "----- Пересылаемое сообщение -----", "thunderbird (ru)": "-------- Перенаправленное сообщение --------",
    "thunderbird (uk)": "-------- Переслане повідомлення --------", "yahoo (uk)": "----- Перенаправлене повідомлення -----",
    "thunderbird (tr)": "-------- İletilmiş İleti --------", "yahoo (tr)": "----- İletilmiş Mesaj -----",
    "thunderbird (hu)": "-------- Továbbított üzenet --------", "yahoo (ro)": "----- Mesaj redirecționat -----",
    "thunderbird (hr)": "-------- Proslijeđena poruka --------", "thunderbird (zh)": "-------- 转发的消息 --------",
    "thunderbird (zh-TW)": "-------- 轉寄郵件 --------", "hubspot (ja)": "---------- メッセージを転送 ----------",
    "thunderbird (ko)": "-------- 전달된 메시지 --------", "thunderbird (lt)": "-------- Persiųstas laiškas --------",
    "thunderbird (et)": "-------- Edastatud kiri --------", "thunderbird (ca)": "-------- Missatge reenviat --------",
    "thunderbird (gl)": "-------- Mensaxe reenviada --------", "thunderbird (sl)": "-------- Posredovano sporočilo --------",
    "apple (en)": "Begin forwarded message:", "apple (nl)": "Begin doorgestuurd bericht:",
    "apple (de)": "Anfang der weitergeleiteten Nachricht:", "apple (fr)": "Début du message réexpédié :",
    "ios (fr)": "Début du message transféré :", "apple (es)": "Inicio del mensaje reenviado:",
    "apple (it)": "Inizio messaggio inoltrato:", "apple (pt)": "Início da mensagem reencaminhada:",
    "apple (pt-BR)": "Início da mensagem encaminhada:", "apple (pl)": "Początek przekazywanej wiadomości:",
    "apple (sv)": "Vidarebefordrat mejl:", "apple (da)": "Start på videresendt besked:", "apple (no)": "Videresendt melding:",
    "apple (fi)": "Välitetty viesti alkaa:", "apple (cs)": "Začátek přeposílané zprávy:", "apple (sk)": "Začiatok preposlanej správy:",
    "apple (ru)": "Начало переадресованного сообщения:", "apple (uk)": "Початок листа, що пересилається:",
    "apple (tr)": "İleti başlangıcı:", "apple (hu)": "Továbbított levél kezdete:", "apple (ro)": "Începe mesajul redirecționat:",
    "apple (hr)": "Započni proslijeđenu poruku:", "mailmate": "Forwarded message:",
}

PHONE = {
    "en": ("Sent from my iPhone", "Sent from my Samsung Galaxy smartphone.", "Get Outlook for iOS", "Sent from Mail for Windows",
           "Sent from Yahoo Mail on Android", "Sent from my mobile. Please excuse brevity and typos."),
    "nl": ("Verstuurd vanaf mijn iPhone", "Verzonden vanaf mijn iPad", "Verzonden vanuit Mail voor Windows", "Outlook voor iOS downloaden",
           "Verzonden met Outlook voor Android", "Verstuurd vanaf mijn Samsung-apparaat", "Verzonden vanaf mijn Galaxy"),
    "de": ("Von meinem iPhone gesendet", "Gesendet von Outlook für iOS", "Von meinem Samsung Galaxy Smartphone gesendet.",
           "Gesendet mit der GMX Mail App", "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet."),
    "fr": ("Envoyé de mon iPhone", "Envoyé depuis mon appareil mobile Samsung.", "Envoyé à partir de Outlook pour iOS",
           "Télécharger Outlook pour iOS", "Envoyé de mon appareil Galaxy"),
    "es": ("Enviado desde mi iPhone", "Enviado desde Outlook para Android", "Obtener Outlook para iOS", "Enviado desde mi dispositivo Samsung"),
    "it": ("Inviato da iPhone", "Inviato dal mio iPad", "Inviato da Outlook per iOS", "Scarica Outlook per iOS"),
    "pt": ("Enviado do meu iPhone", "Enviado a partir do meu smartphone Samsung Galaxy.", "Enviado do Outlook para iOS",
           "Obter o Outlook para iOS"),
    "pl": ("Wysłane z iPhone'a", "Wysłano z mojego telefonu Samsung", "Wysłane z iPada", "Pobierz program Outlook dla systemu iOS",
           "Wysłano z programu Outlook dla systemu Android"),
    "sv": ("Skickat från min iPhone", "Skickat från Outlook för iOS", "Hämta Outlook för iOS", "Skickades från min Samsung-telefon"),
    "da": ("Sendt fra min iPhone", "Hent Outlook til iOS", "Sendt fra Outlook til Android", "Sendt fra min Samsung Galaxy smartphone."),
    "no": ("Sendt fra min iPhone", "Sendt fra Outlook for iOS", "Skaff deg Outlook for iOS", "Sendt fra min Galaxy"),
    "fi": ("Lähetetty iPhonesta", "Lähetetty Outlook for iOSista", "Hanki Outlook for iOS", "Lähetetty laitteesta Samsung Galaxy"),
    "cs": ("Odesláno z iPhonu", "Odesláno z mého iPhonu", "Odesláno z aplikace Outlook pro iOS", "Získat Outlook pro iOS"),
    "sk": ("Odoslané z iPhonu", "Získať Outlook pre iOS"),
    "ru": ("Отправлено с iPhone", "Отправлено из мобильной Почты Mail", "Отправлено с устройства Galaxy", "Скачать Outlook для iOS"),
    "uk": ("Надіслано з iPhone",),
    "tr": ("iPhone'umdan gönderildi", "Outlook for iOS uygulamasını edinin", "Samsung cihazımdan gönderildi"),
    "el": ("Στάλθηκε από το iPhone μου", "Αποστολή από το iPhone μου", "Λήψη του Outlook για iOS"),
    "hu": ("Az iPhone-omról küldve", "iPhone-ról küldve", "Az Outlook iOS letöltése"),
    "ro": ("Trimis de pe iPhone-ul meu", "Trimis de pe iPhone", "Obțineți Outlook pentru iOS"),
    "ja": ("iPhoneから送信", "iPadから送信", "Outlook for iOS を入手"),
    "zh": ("从我的 iPhone 发送", "发自我的iPhone", "從我的 iPhone 傳送", "获取 Outlook for iOS"),
    "ko": ("나의 iPhone에서 보냄", "iOS용 Outlook 받기"),
}

NOTICES = {
    "en": "This e-mail and any attachments are confidential and intended solely for the addressee. If you are not the intended recipient, "
          "please notify the sender and delete this message.",
    "nl": "Deze e-mail is vertrouwelijk en uitsluitend bestemd voor de geadresseerde. Indien deze e-mail niet voor u bestemd is, verzoeken "
          "wij u de afzender te waarschuwen en het bericht te verwijderen.",
    "de": "Diese E-Mail enthält vertrauliche und rechtlich geschützte Informationen. Wenn Sie nicht der richtige Adressat sind, informieren "
          "Sie bitte sofort den Absender und vernichten Sie diese E-Mail.",
    "fr": "Ce message et ses pièces jointes sont confidentiels et destinés exclusivement à leur destinataire. Si vous avez reçu ce message "
          "par erreur, merci d'en avertir l'expéditeur et de le détruire.",
    "es": "Este mensaje y sus archivos adjuntos son confidenciales y van dirigidos exclusivamente a su destinatario. Si usted no es el "
          "destinatario, le rogamos que lo comunique al remitente y lo elimine.",
    "it": "Questo messaggio e i suoi allegati sono riservati e destinati esclusivamente al destinatario indicato. Se avete ricevuto questo "
          "messaggio per errore, vi preghiamo di avvisare il mittente e di cancellarlo.",
    "pt": "Esta mensagem e os seus anexos são confidenciais e destinam-se exclusivamente ao destinatário indicado. Se recebeu esta mensagem "
          "por engano, por favor avise o remetente e elimine-a.",
    "pl": "Ta wiadomość oraz załączniki są poufne i przeznaczone wyłącznie dla adresata. Jeżeli nie są Państwo adresatem tej wiadomości, "
          "prosimy o powiadomienie nadawcy oraz o jej usunięcie.",
    "sv": "Detta meddelande och dess bilagor är konfidentiellt och endast avsett för mottagaren. Om du inte är rätt mottagare ber vi dig "
          "att meddela avsändaren och radera meddelandet.",
    "da": "Denne e-mail og dens vedhæftede filer er fortrolig og kun tiltænkt modtageren. Hvis du ikke er den rette modtager, bedes du "
          "underrette afsenderen og slette e-mailen.",
    "no": "Denne e-posten med vedlegg er konfidensiell og kun beregnet på mottakeren. Dersom du ikke er rett mottaker, ber vi deg varsle "
          "avsenderen og slette meldingen.",
    "fi": "Tämä viesti liitteineen on luottamuksellinen ja tarkoitettu ainoastaan vastaanottajalle. Jos et ole viestin oikea vastaanottaja, "
          "ilmoita siitä lähettäjälle ja poista viesti välittömästi koneeltasi sekä kaikki siitä otetut kopiot.",
    "cs": "Tato zpráva a všechny její přílohy jsou důvěrné a určeny výhradně adresátovi. Pokud nejste zamýšleným příjemcem, informujte "
          "prosím odesílatele a zprávu smažte.",
    "ru": "Это сообщение и вложения к нему конфиденциальны и предназначены исключительно для адресата. Если вы получили это сообщение по "
          "ошибке, пожалуйста, сообщите об этом отправителю и удалите его.",
    "tr": "Bu e-posta ve ekleri gizlidir ve yalnızca gönderildiği kişiye yöneliktir. Bu mesajı yanlışlıkla aldıysanız lütfen göndereni "
          "bilgilendirin ve mesajı sisteminizden tamamen siliniz.",
    "hu": "Ez az üzenet és mellékletei bizalmas információt tartalmaznak, és kizárólag a címzettnek szólnak. Ha Ön tévedésből kapta ezt az "
          "üzenetet, kérjük, értesítse a feladót, és törölje az üzenetet.",
    "ro": "Acest mesaj și anexele sale sunt confidențiale și destinate exclusiv destinatarului. Dacă ați primit acest mesaj din greșeală, vă "
          "rugăm să anunțați expeditorul și să ștergeți mesajul.",
    "el": "Το μήνυμα αυτό και τα συνημμένα του είναι εμπιστευτικά και προορίζονται αποκλειστικά για τον παραλήπτη. Εάν το λάβατε εκ "
          "παραδρομής, παρακαλούμε ενημερώστε τον αποστολέα και διαγράψτε το.",
}

OWN = {
    "en": ("On Monday I spoke to Jan and he wrote it all down.\nThe rest follows.", "As Jan wrote on 2 March 2026:\nthe price stays, and I agree.",
           "As Jan wrote on 2 March 2026: the price stays.\nI agree.",
           "To: do list for Monday\nFrom: the warehouse\nWe will see.", "Sent from our factory, the pallets arrive on Tuesday.\nAll is well."),
    "nl": ("Op maandag schreef Jan dat het goed was.\nDe rest volgt.", "Jan schreef op 2 maart: de prijs blijft gelijk.\nDat is zo.",
           "Van maandag tot vrijdag: open\nAan het werk: ja\nTot dan.", "Verzonden vanaf ons magazijn, de pallets komen dinsdag.\nTot dan.",
           "Ik citeer het contract van 2 maart 2026:\n- levering binnen vier weken\n- betaling binnen dertig dagen"),
    "de": ("Am Montag schrieb Jan, dass alles gut ist.\nDer Rest folgt.", "Von Montag bis Freitag: offen\nAn der Pforte: klingeln\nBis dann.",
           "Gesendet von unserem Lager kommen die Paletten am Dienstag, bitte melden.\nBis dann."),
    "fr": ("Le contrat que Jan a écrit est bon.\nLa suite arrive.", "Le 2 mars, Jan a écrit que le prix reste.\nD'accord."),
    "es": ("El lunes Jan escribió que está bien.\nEl resto sigue.", "De lunes a viernes: abierto\nPara entrar: llamar\nSaludos"),
    "it": ("Il contratto che Jan ha scritto va bene.\nIl resto segue.",),
    "pt": ("Em março o Jan escreveu que o preço fica.\nO resto segue.",),
    "pl": ("Jan napisał, że cena zostaje.\nReszta później.",),
    "sv": ("Jan skrev att priset är kvar.\nResten kommer.",),
    "da": ("Jan skrev den 2. marts, at prisen er den samme.\nResten følger.",),
    "no": ("Jan skrev at prisen står.\nResten følger.",),
    "fi": ("Jan kirjoitti, että hinta pysyy.\nLoput seuraavat.",),
    "cs": ("Jan napsal, že cena zůstává.\nZbytek přijde.",),
    "ru": ("Ян написал, что цена остаётся.\nОстальное позже.", "От понедельника до пятницы: открыто\nТема: нет\nДо встречи."),
    "tr": ("Jan fiyatın aynı kalacağını yazdı.\nGerisi sonra.",),
    "hu": ("Jan azt írta, hogy az ár marad.\nA többi jön.",),
    "ro": ("Jan a scris că prețul rămâne.\nRestul urmează.",),
    "el": ("Ο Γιαν έγραψε ότι η τιμή μένει.\nΤα υπόλοιπα αργότερα.",),
    "ja": ("2026年3月2日に見積を送りました。\nよろしくお願いします。",),
    "zh": ("他在3月2日写道价格不变。\n其余的稍后发。",),
}


def pairs(table):
    """`(key, line)` of a table, with one or several lines a key."""
    return [
        pytest.param(line, id=f"{key}: {line[:40]}")
        for key, lines in table.items()
        for line in ((lines,) if isinstance(lines, str) else lines.values() if isinstance(lines, dict) else lines)
    ]


@pytest.mark.parametrize("line", pairs(WROTE))
@pytest.mark.parametrize("mark", ["> ", ""])
def test_below_the_line_of_a_mail_program_all_is_quoted(line, mark):
    text = f"Akkoord.\n\n{line}\n\n{mark}Kan dat dinsdag?\n{mark}Of later\n"
    assert own_words(text) == "Akkoord."


@pytest.mark.parametrize("line", pairs({key: {name: line for name, line in forms.items() if "\n" not in line} for key, forms in WROTE.items()}))
def test_a_line_that_is_broken_in_two_is_still_known(line):
    words = line.split(" ")
    half = len(words) * 2 // 3
    text = f"Akkoord.\n\n{' '.join(words[:half])}\n{' '.join(words[half:])}\n\n> Kan dat dinsdag?\n> Of later\n"
    assert own_words(text) == "Akkoord."


@pytest.mark.parametrize("block", pairs(HEADERS))
@pytest.mark.parametrize("sender", ["Jan Smit <jan@birch.nl>", "Jan Smit", "Jan Smit [mailto:jan@birch.nl]"])
@pytest.mark.parametrize("bold", [False, True])
def test_the_header_block_of_outlook_begins_an_enclosed_mail(block, sender, bold):
    block = block.format(sender)
    if bold:
        block = "\n".join(f"*{name.rstrip()}:*{rest}" for name, _, rest in (line.partition(":") for line in block.split("\n")))
    text = f"Akkoord.\n\n________________________________\n{block}\n\nKan dat dinsdag?\n"
    assert own_words(text) == "Akkoord."
    assert own_words(text.replace("_", "")) == "Akkoord."


@pytest.mark.parametrize("line", pairs(ORIGINAL))
def test_the_line_above_an_original_message_is_known(line):
    assert [part.kind for part in segments(f"Akkoord.\n\n{line}\nKan dat dinsdag?\n")] == ["own", "quoted"]


@pytest.mark.parametrize("line", pairs(FORWARD))
def test_the_line_above_a_forwarded_message_is_known(line):
    text = f"Ter info.\n\n{line}\nFrom: Jan Smit <jan@birch.nl>\nSubject: Offerte\n\nKan dat dinsdag?\n"
    assert [part.kind for part in segments(text)] == ["own", "forwarded"]
    assert own_words(text) == "Ter info."


@pytest.mark.parametrize("line", pairs(PHONE))
def test_the_line_that_a_phone_adds_is_no_word_of_the_author(line):
    assert [(part.kind, part.why) for part in segments(f"Akkoord.\n\n{line}\n")] == [("own", ""), ("signature", "phone line")]


@pytest.mark.parametrize("notice", pairs(NOTICES))
def test_a_notice_about_secrecy_is_no_word_of_the_author(notice):
    assert [part.kind for part in segments(f"Akkoord.\n\n{notice}\n")] == ["own", "disclaimer"]


@pytest.mark.parametrize("text", pairs(OWN))
def test_own_sentences_with_the_same_words_stay(text):
    assert own_words(text) == text
