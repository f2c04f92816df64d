"""What the columns of a table may be called, in English and Dutch, with some German and French: the guesser's vocabulary.

A kind of table has fields; a field has a sort of cell and the words its head may be. Words are lower case without
accents; how a head is compared with them is in `guess`. The words are our own, not those of the layouts that come along,
so that the guesser can be measured against these.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Literal

Sort = Literal[
    "moment", "amount", "party", "name", "address", "vat", "kvk", "account", "id", "code", "currency", "flag", "way", "word", "text"]
"""What the cells of a field are: the column must bear it out, or the head counts for nothing."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a row says: its name in a layout, the sort of its cells, and the words its head may be."""

    name: str
    sort: Sort
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of table.

    needs       groups of fields: of each group one must be there, or the rows cannot be events
    marks       heads that give no field but are typical of this kind
    against     heads that speak against it
    signs       words in the name of the file, the sheet, or a title above the heads
    typical     fields, of which one must be there, or a sign, or `proof` marks: else any list with a name and a day would be of it
    """

    name: str
    fields: tuple[Field, ...]
    needs: tuple[tuple[str, ...], ...]
    marks: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    typical: tuple[str, ...] = ()
    proof: int = 1

    def field(self, name: str) -> Field | None:
        """The field of this name."""
        return next((one for one in self.fields if one.name == name), None)


def _w(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.strip() for one in text.replace("\n", " ").split(",") if one.strip()))


def _of(roles: tuple[str, ...], before: str = "", after: str = "", joined: str = "") -> tuple[str, ...]:
    """Compounds of a role: `before` stands before it, `after` behind it, `joined` is written on to it."""
    made = [f"{role} {word}" for role, word in product(roles, _w(after))]
    made += [f"{word} {role}" for role, word in product(roles, _w(before))]
    made += [f"{role}{word}" for role, word in product(roles, _w(joined))]
    return tuple(dict.fromkeys(made))


_BUYERS = _w("customer, client, debtor, buyer, klant, debiteur, afnemer, koper, kunde, debitor, kaeufer, acheteur, purchaser, opdrachtgever, bill to, sold to")
_SELLERS = _w("supplier, vendor, creditor, seller, leverancier, crediteur, verkoper, lieferant, kreditor, fournisseur, vendeur, payee")
_NEUTRAL = _w("relation, relatie, partner, company, bedrijf, organisation, organization, organisatie, contact, account, counterparty, "
              "business partner, geschaeftspartner, societe, firma, firm")

_NUMBER_AFTER, _NUMBER_JOINED = "id, no, nr, number, code, key, num, ref, nummer", "nummer, nr, code, en nummer, ennummer"
_NAME_AFTER, _NAME_BEFORE, _NAME_JOINED = "name, naam, company, company name, organisation", "name, naam, name of, naam van, nom, nom du", "naam, snaam, name"
_MAIL_AFTER, _MAIL_BEFORE = "email, e mail, mail, email address, mail address, e mail adres, mailadres", "email, e mail, mail, e mail adres"
_VAT_AFTER, _VAT_BEFORE = "vat, vat number, vat no, vat id, vatin, btw, btw nummer, tax id, ust id", "vat number, btw nummer, btw"
_KVK_AFTER, _KVK_BEFORE = "kvk, kvk nummer, coc, coc number, chamber of commerce number, registration number", "kvk, kvk nummer"
_IBAN_AFTER, _IBAN_BEFORE = "iban, bank account, account number, rekening, bankrekening", "iban, rekening, bankrekening"

_VAT = _w("vat number, vat no, vat id, vat, btw nummer, btwnr, btw id, tax id, tax number, ust idnr, ust id, numero tva, tva intracom")
_KVK = _w("kvk, kvk nummer, kvknr, kvk no, coc number, chamber of commerce number, handelsregister")
_MAIL = _w("email, e mail, email address, mail, e mail adres, emailadres, mailadres, courriel, contact email")


def _party(role: str, words: tuple[str, ...], *, loose: bool, account: bool = False) -> tuple[Field, ...]:
    """The fields that say who a party is. `loose`: plain words such as “name” and “email” count, for it is the only one."""
    plain_name = _w("name, naam, nom, firmenname, name 1, naam 1, company name, bedrijfsnaam, organisation name, relatienaam, naam relatie, "
                    "partner name, account name") if loose else ()
    made: tuple[Field, ...] = (
        Field(role, "party", words + _of(words, after=_NUMBER_AFTER, joined=_NUMBER_JOINED)
              + (_NEUTRAL + _of(_NEUTRAL, after=_NUMBER_AFTER, joined=_NUMBER_JOINED) if loose else ())),
        Field(f"{role}_name", "name", _of(words, _NAME_BEFORE, _NAME_AFTER, _NAME_JOINED) + plain_name),
        Field(f"{role}_mail", "address", _of(words, _MAIL_BEFORE, _MAIL_AFTER) + (_MAIL if loose else ())),
        Field(f"{role}_vat", "vat", _of(words, _VAT_BEFORE, _VAT_AFTER) + (_VAT if loose else ())),
        Field(f"{role}_kvk", "kvk", _of(words, _KVK_BEFORE, _KVK_AFTER) + (_KVK if loose else ())),
    )
    if account:
        made += (Field(f"{role}_iban", "account", _of(words, _IBAN_BEFORE, _IBAN_AFTER) + (("iban",) if loose else ())),)
    return made


def _group(role: str, *, account: bool = False) -> tuple[str, ...]:
    return tuple(f"{role}{end}" for end in ("", "_name", "_mail", "_vat", "_kvk", *(("_iban",) if account else ())))


_CURRENCY = Field("currency", "currency", _w("currency, currency code, curr, cur, ccy, valuta, valutacode, munt, munteenheid, waehrung, devise, iso currency"))
_ORDER = Field("order", "code", _w(
    "order number, order no, order nr, order id, order, purchase order, po number, po no, po, po so, po so number, sales order, so number, your ref, "
    "your reference, ordernummer, ordernr, bestelnummer, bestelling, inkooporder, inkoopordernummer, verkooporder, verkoopordernummer, uw referentie, uw ref, "
    "bestellnummer, auftragsnummer, numero de commande, customer reference, order reference"))

_ITEM = (
    Field("number", "code", _w(
        "invoice number, invoice no, invoice nr, invoice num, invoice id, invoice, invoice ref, invoice reference, inv no, inv nr, inv number, our ref, "
        "document number, document no, doc no, num, no, nr, factuurnummer, factuurnr, factuur nr, factuur, factuur id, boekstuknummer, boekstuk, nota nummer, notanummer, "
        "rechnungsnummer, rechnungsnr, belegnummer, belegnr, numero de facture, facture, no facture, bill number, bill no, stuknummer, documentnummer")),
    Field("invoice_date", "moment", _w(
        "invoice date, invoiced on, invoiced at, date of invoice, inv date, bill date, document date, doc date, issue date, issued, issued on, issued at, "
        "factuurdatum, factuur datum, datum factuur, boekstukdatum, documentdatum, stukdatum, datum, date, rechnungsdatum, belegdatum, date facture, "
        "date de facture, date de facturation, notadatum")),
    Field("due", "moment", _w(
        "due date, due, due on, due at, due by, date due, payment due, payment due date, pay by, deadline, vervaldatum, vervaldag, verval datum, vervalt op, "
        "vervalt, uiterste betaaldatum, uiterlijke betaaldatum, te betalen voor, betalen voor, faellig, faellig am, faelligkeit, faelligkeitsdatum, echeance, "
        "date d echeance, date echeance, maturity date")),
    Field("amount", "amount", _w(
        "invoice amount, invoice total, amount, total, total amount, amount due, gross amount, amount incl vat, total incl vat, original amount, grand total, "
        "balance due, open amount, outstanding, outstanding amount, factuurbedrag, bedrag, totaal, totaalbedrag, totaal bedrag, bedrag incl btw, totaal incl btw, "
        "bedrag inclusief btw, openstaand bedrag, openstaand, origineel bedrag, bruto bedrag, brutobedrag, te betalen, betrag, rechnungsbetrag, bruttobetrag, "
        "gesamtbetrag, montant, montant ttc, total ttc, value, waarde, saldo")),
    _CURRENCY,
    Field("settled", "moment", _w(
        "settled date, settled on, settled, settlement date, paid date, paid on, paid at, paid, date paid, payment date, date of payment, payment received, "
        "received on, cleared, clearing date, betaaldatum, betaald op, betaald, datum betaling, datum betaald, betalingsdatum, voldaan op, voldaan, "
        "ontvangen op, zahldatum, bezahlt am, zahlungsdatum, date de paiement, paye le, date paiement")),
    Field("disputed", "flag", _w("disputed, dispute, in dispute, is disputed, betwist, in geschil, geschil, strittig, litige")),
    Field("disputed_on", "moment", _w("disputed on, dispute date, disputed at, betwist op, datum geschil, datum betwist")),
    _ORDER,
)

_LOG = Kind("log", (
    Field("time", "moment", _w(
        "time, timestamp, datetime, date time, date, at, sent at, sent on, sent, when, created at, created, occurred at, started at, start, moment, tijd, "
        "tijdstip, datum, datum tijd, datum en tijd, wanneer, verzonden, verstuurd op, verzonden op, zeit, zeitpunkt, gesendet, heure, envoye le, ts, "
        "event time, message date, contact date, contactdatum")),
    Field("from", "party", _w(
        "from, sender, src, source, giver, from address, from email, from organisation, from company, author, author id, sent by, caller, donor, van, "
        "afzender, gever, beller, auteur, verzender, door, von, absender, de, expediteur, emetteur, initiator, who, wie, sender email")),
    Field("to", "party", _w(
        "to, receiver, recipient, dst, target, destination, to address, to email, to organisation, to company, sent to, callee, called, naar, aan, ontvanger, "
        "geadresseerde, met, with, an, empfaenger, a, destinataire, addressee, recipient email")),
    Field("kind", "word", _w("kind, type, channel, medium, event type, activity type, contact type, soort, kanaal, soort contact, art, kanal, canal, activiteit")),
    Field("words", "amount", _w("words, word count, number of words, woorden, aantal woorden, woordenaantal, woerter, mots")),
    Field("amount", "amount", _w("amount, value, weight, duration, quantity, size, bedrag, waarde, hoeveelheid, duur, dauer, menge, betrag, duree, montant, minuten, minutes, seconds")),
    Field("unit", "word", _w("unit, units, currency, eenheid, valuta, munt, einheit, unite")),
    Field("id", "id", _w("id, message id, event id, msg id, uid, uuid, guid, mail id, kenmerk, bericht id, berichtnummer, identifier")),
    Field("thread", "id", _w("thread, thread id, conversation, conversation id, case, case id, topic, gesprek, zaak, zaaknummer, dossier, draad, issue id, ticket id")),
    Field("answers", "id", _w(
        "answers, in reply to, in response to, reply to id, reply to, in reply to id, in response to id, parent, parent id, "
        "response to, antwoord op, beantwoordt, reactie op")),
    Field("due", "moment", _w("due, due date, deadline, due on, vervaldatum, uiterlijk, uiterste datum, faellig")),
), (("time",), ("from",), ("to",)), signs=_w("log, logboek, contacts, contacten, messages, berichten, mail, calls, telefoon, interactions, interacties, gesprekken"))

_RECEIVABLE = Kind(
    "receivable", (*_party("customer", _BUYERS, loose=True), *_ITEM), (_group("customer"), ("number",), ("invoice_date",), ("amount",)),
    marks=_w("days late, days to settle, dagen te laat, dagen open, ouderdom, aanmaning, herinnering, reminder, reminders, dunning, reminder level, age"),
    against=_SELLERS, signs=_w("debiteuren, debiteur, debtors, receivable, receivables, customers, klanten, verkoop, verkoopfacturen, sales, ar, debitoren"))
_PAYABLE = Kind(
    "payable", (*_party("supplier", _SELLERS, loose=True, account=True), *_ITEM),
    (_group("supplier", account=True), ("number",), ("invoice_date",), ("amount",)), marks=_w("approved, approved by, goedgekeurd, akkoord, payment run, betaalrun"),
    against=_BUYERS,
    signs=_w("crediteuren, crediteur, creditors, payable, payables, suppliers, leveranciers, inkoop, inkoopfacturen, purchase, purchases, ap, kreditoren"))
_INVOICES = Kind(
    "invoices", (*_party("supplier", _SELLERS, loose=False), *_party("customer", _BUYERS, loose=False), *_ITEM),
    (_group("supplier"), _group("customer"), ("number",), ("invoice_date",), ("amount",)), signs=_w("invoices, facturen, rechnungen, factures"))

_PAYMENTS = Kind("payments", (
    Field("at", "moment", _w(
        "date, booking date, booked on, booking day, transaction date, transaction day, posting date, posted, entry date, payment date, datum, boekdatum, boekingsdatum, "
        "transactiedatum, datum transactie, datum verrichting, uitvoeringsdatum, buchungstag, buchungsdatum, date operation, "
        "date de l operation, date comptable, started date, completed date")),
    Field("amount", "amount", _w(
        "amount, transaction amount, amount eur, bedrag, bedrag eur, transactiebedrag, bedrag verrichting, betrag, umsatz, montant, mutatiebedrag, value")),
    Field("debit", "amount", _w("debit, debits, withdrawal, withdrawals, paid out, money out, out, debet, af, uit, uitgaven, uitgaand, soll, debit amount, amount debit, ausgang")),
    Field("credit", "amount", _w("credit, credits, deposit, deposits, paid in, money in, in, bij, inkomsten, inkomend, haben, credit amount, amount credit, eingang")),
    Field("way", "way", _w(
        "af bij, bij af, d c, c d, dc, debit credit, credit debit, debet credit, debet credit indicator, debit credit indicator, cdtdbtind, soll haben, "
        "direction, richting, in out, in uit, sign, dr cr, type, transaction type")),
    _CURRENCY,
    Field("account", "account", _w(
        "account, account number, account no, iban, iban bban, own account, our account, bank account, rekening, rekeningnummer, eigen rekening, "
        "van rekening, rekening houder, konto, kontonummer, auftragskonto, compte, numero de compte")),
    Field("other_account", "account", _w(
        "counterparty account, counterparty iban, counterparty, other account, counter account, contra account, beneficiary account, partner account, "
        "tegenrekening, tegenrekening iban, tegenrekening iban bban, rekening tegenpartij, iban tegenpartij, iban tegenrekening, naar rekening, gegenkonto, "
        "kontonummer iban, compte contrepartie, partner iban, bank account, account counterparty, rekeningnummer tegenpartij, creditor iban, debtor iban")),
    Field("other_name", "name", _w(
        "counterparty name, name counterparty, name, payee, payer, partner name, partner, beneficiary, beneficiary name, merchant, account holder, name description, "
        "naam, naam tegenpartij, naam omschrijving, naam v d tegenpartij, tegenpartij, naam tegenrekening, begunstigde, beguenstigter, "
        "beguenstigter zahlungspflichtiger, auftraggeber, nom contrepartie, nom, customer, supplier, klant, leverancier, description name, counterparty")),
    Field("reference", "code", _w(
        "transaction reference, transactiereferentie, end to end id, endtoendid, end to end reference, kundenreferenz, end to end, "
        "transaction id, transaction ref, bank reference, reference number, payment id, reference")),
    Field("structured", "code", _w("betalingskenmerk, payment reference, structured reference, remittance reference, kenmerk, structured communication, gestructureerde mededeling")),
    Field("text", "text", _w(
        "description, descriptions, notifications, narrative, memo, label, details, remittance information, message, communication, omschrijving, mededelingen, mededeling, "
        "mededeling 1, omschrijving 1, beschrijving, verwendungszweck, buchungstext, libelle, communication libre, payment details")),
), (("at",), ("amount", "debit", "credit"), ("other_account", "other_name")),
    marks=_w("balance, saldo, saldo na trn, saldo na mutatie, value date, rentedatum, valutadatum, balance after, kontostand, solde, bic, swift, "
             "mutatiesoort, date valeur, amount currency, iban, tegenrekening, volgnr"),
    against=_w("invoice number, factuurnummer, invoice no, due date, vervaldatum"),
    signs=_w("bank, statement, afschrift, transactions, transacties, mutaties, payments, betalingen, giro, kontoauszug, releve"),
    typical=("account", "other_account", "way", "debit", "credit"))

_DELIVERIES = Kind("deliveries", (
    Field("id", "id", _w(
        "delivery id, delivery number, delivery no, shipment id, shipment number, line id, order line, asn, id, leveringsnummer, pakbonnummer, pakbon, zendingnummer, "
        "regelnummer, levering, lieferschein, lieferscheinnummer, bon de livraison, delivery note, packing slip")),
    Field("supplier", "party", _SELLERS + _of(_SELLERS, _NAME_BEFORE, _NAME_AFTER + "," + _NUMBER_AFTER, _NAME_JOINED + "," + _NUMBER_JOINED)),
    Field("customer", "party", _BUYERS + _of(_BUYERS, _NAME_BEFORE, _NAME_AFTER + "," + _NUMBER_AFTER, _NAME_JOINED + "," + _NUMBER_JOINED)
          + _w("ship to, deliver to, destination, consignee, afleveradres, leveren aan, ontvanger, receiver")),
    _ORDER,
    Field("ordered", "moment", _w(
        "order date, ordered on, ordered at, ordered, po date, date ordered, purchase date, besteldatum, orderdatum, besteld op, besteld, "
        "datum bestelling, bestelldatum, date de commande")),
    Field("promised", "moment", _w(
        "promised date, promised delivery date, promised, scheduled delivery date, expected date, expected delivery, expected delivery date, delivery due date, "
        "due date, requested date, requested delivery date, eta, planned delivery date, committed date, confirmed date, confirmed delivery date, "
        "beloofde leverdatum, toegezegde leverdatum, toegezegd, beloofd, beloofd op, verwachte leverdatum, gewenste leverdatum, geplande leverdatum, bevestigde leverdatum, "
        "gevraagde leverdatum, liefertermin, wunschtermin, date de livraison prevue, afgesproken leverdatum, leverdatum beloofd")),
    Field("delivered", "moment", _w(
        "delivered on, delivered at, delivered, delivery date, date delivered, actual delivery date, actual delivery, delivered date, "
        "received date, received on, receipt date, shipped, shipped on, ship date, shipping date, leverdatum, geleverd op, geleverd, datum levering, "
        "werkelijke leverdatum, ontvangen op, ontvangstdatum, verzenddatum, lieferdatum, geliefert am, date de livraison, livre le, actual date")),
    Field("amount", "amount", _w(
        "value, line value, line item value, amount, total, line total, order value, net value, waarde, bedrag, regelbedrag, orderwaarde, totaal, betrag, wert, montant")),
    _CURRENCY,
), (("delivered", "promised"), ("supplier", "customer"), ("delivered", "ordered")),
    marks=_w("shipment mode, carrier, vervoerder, incoterm, quantity, line item quantity, aantal, hoeveelheid, item, item description, artikel, artikelnummer, "
             "sku, product, weight, freight cost, track and trace, pieces, colli, menge, quantite"),
    against=_w("invoice number, factuurnummer, invoice date, factuurdatum, payment due date, payment terms, outstanding amount, vervaldatum"),
    signs=_w("delivery, deliveries, leveringen, levering, orders, shipments, bestellingen, zendingen, lieferungen, livraisons"))

_TICKETS = Kind("tickets", (
    Field("id", "id", _w("ticket id, ticket number, ticket no, ticket, issue key, issue id, case number, case id, id, key, ticketnummer, meldingnummer, zaaknummer, incident, "
                         "incident number, request id, number, nummer, bug id")),
    Field("created", "moment", _w(
        "created, created at, created on, createdate, create date, date created, opened, opened at, opened on, open date, submitted, submitted at, reported on, date, "
        "requested at, aangemaakt, aangemaakt op, gemeld op, datum melding, aanmaakdatum, geopend, ingediend op, erstellt, erstellt am, cree le")),
    Field("requester", "party", _w(
        "requester, requester email, requester name, requestor, reporter, user email, customer, customer email, client, contact, contact email, submitter, submitted by, caller, "
        "organization, organisation, company, account, account name, from, email, opened by, aanvrager, melder, klant, klant e mail, organisatie, bedrijf, contactpersoon, "
        "aanmelder, gemeld door, kunde, melder e mail, demandeur, reporter id, creator, customer name")),
    Field("agent", "party", _w("assignee, assignee email, assigned to, agent, agent email, owner, handler, behandelaar, toegewezen aan, medewerker, eigenaar, bearbeiter, assignee id")),
    Field("replied", "moment", _w(
        "first reply, first reply at, first response, first response at, first agent reply date, first replied at, responded at, first response time, initially assigned at, eerste reactie, "
        "eerste antwoord, beantwoord op, reactie op, erste antwort, premiere reponse, first reply date")),
    Field("closed", "moment", _w("closed, closed at, closed on, closed date, close date, resolved, resolved at, resolved on, solved at, resolution date, completed at, gesloten, gesloten op, "
                                 "opgelost, opgelost op, afgehandeld op, sluitdatum, geschlossen, geloest am, ferme le")),
    Field("due", "moment", _w("due, due date, due at, sla due, deadline, uiterlijk, vervaldatum, faellig")),
), (("created",), ("requester",)),
    marks=_w("subject, priority, status, state, category, severity, issue type, ticket priority, ticket category, resolution, onderwerp, prioriteit, categorie, pipeline, pipeline stage, "
             "summary, tags, group, satisfaction rating, short desc, bug status, betreft, prioritaet, text, content"),
    against=_w("amount, bedrag, invoice number, to, recipient, ontvanger, aan, first name, last name, voornaam, achternaam, display name, phone, telefoon, "
               "job title, functie, total, grand total, price, prijs, totaal, currency, valuta, quantity, payment due date, hours, uren, billed hours, work date, time zone, birthday"),
    signs=_w("ticket, tickets, issues, issue, cases, meldingen, support, helpdesk, jira, zendesk, incidents, incidenten, storingen"),
    typical=("replied", "closed"), proof=3)

_MEETINGS = Kind("meetings", (
    Field("id", "id", _w("meeting id, event id, id, uid, ical uid, engagement id, afspraak id, afspraaknummer")),
    Field("start", "moment", _w(
        "start, start time, start date, starts at, started at, start datetime, begin, meeting date, date, datum, begintijd, starttijd, aanvang, van, startdatum, begin datum, "
        "datum afspraak, beginn, debut, when, wanneer")),
    Field("organiser", "party", _w("organiser, organizer, organizer email, organiser email, host, host email, owner, chair, invited by, meeting organizer, organisator, gastheer, voorzitter, "
                                   "uitgenodigd door, veranstalter, organisateur, initiator")),
    Field("attendee", "party", _w("attendee, attendee email, attendees, participant, participants, guest, guests, invitee, invitees, required attendees, with, met, deelnemer, deelnemers, genodigde, "
                                  "genodigden, aanwezige, aanwezigen, teilnehmer, participants email, invite")),
    Field("minutes", "amount", _w("minutes, duration, duration minutes, duration min, length, duur, duur minuten, minuten, dauer, duree, tijdsduur")),
), (("start",), ("organiser",), ("attendee",)),
    marks=_w("end, end time, end date, ends at, eindtijd, einde, eind, location, locatie, plaats, room, zaal, all day event, hele dag, subject, onderwerp, title, meeting outcome, "
             "web conference meeting id, ende, ort, lieu, fin, titel"),
    against=_w("amount, bedrag, priority, status"),
    signs=_w("meeting, meetings, agenda, calendar, afspraken, vergaderingen, appointments, termine, rendez vous"))

KINDS: dict[str, Kind] = {kind.name: kind for kind in (
    _LOG, _RECEIVABLE, _PAYABLE, _INVOICES, _PAYMENTS, _DELIVERIES, _TICKETS, _MEETINGS)}
"""Every kind of table the guesser knows, by name."""

NO_MOMENT = _w(
    "updated, modified, last modified, changed, synced, last viewed, last updated, last seen, exported, export date, valid until, valid from, birthday, date of birth, "
    "gewijzigd, bijgewerkt, laatst gewijzigd, geboortedatum, geldig tot, exportdatum, geaendert, modifie, print date, printdatum")
"""Heads of days on which nothing happened between two sides: such a column is taken for nothing because of its cells alone."""
