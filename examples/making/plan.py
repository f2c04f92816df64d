"""Two years of what happens: mails, meetings, calls, orders with their deliveries, invoices and payments."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from making import clock, letters
from making.firms import BERK, FIRMS, LAST, Firm, Person
from making.manners import RELATIONS, Manner, Relation

END = clock.at(LAST, 18)
SEED = 2024


@dataclass(frozen=True)
class Mail:
    """One message. `quoted` is what it answers, shown below it in part."""

    id: str
    at: datetime
    sender: Person
    receiver: Person
    firm: str
    ours: bool
    subject: str
    text: tuple[str, ...]
    language: str
    copy: Person | None = None
    quoted: Mail | None = None
    chain: tuple[str, ...] = ()


@dataclass(frozen=True)
class Meeting:
    """In the calendar: who called it, who came."""

    uid: str
    start: datetime
    minutes: int
    firm: str
    ours: bool
    heads: int
    subject: str


@dataclass(frozen=True)
class Call:
    """On the telephone: seconds spoken by each side."""

    number: str
    at: datetime
    firm: str
    ours: bool
    spoken_us: int
    spoken_them: int


@dataclass(frozen=True)
class Delivery:
    """An order, the day promised for it, and the day it came."""

    number: str
    seller: str
    buyer: str
    ordered: date
    promised: date
    came: date
    value: Decimal


@dataclass(frozen=True)
class Invoice:
    """Sums with 21 % VAT. A credit note names the invoice it lowers."""

    number: str
    seller: str
    buyer: str
    issued: date
    due: date
    net: Decimal
    credits: str = ""
    goods: str = ""
    rate: int = 21

    @property
    def tax(self) -> Decimal:
        return (self.net * self.rate / 100).quantize(Decimal("0.01"))

    @property
    def total(self) -> Decimal:
        return self.net + self.tax


@dataclass(frozen=True)
class Payment:
    """On Berk's account: positive when it comes in; `pays` are the numbers of the invoices that it is for."""

    day: date
    firm: str
    amount: Decimal
    text: str
    pays: tuple[str, ...]
    reference: str = "NOTPROVIDED"


@dataclass
class Happened:
    """Everything, over all relations."""

    mails: list[Mail] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)


class Steered:
    """Draws that keep to a wanted part over some ten draws: chance without long runs to one side."""

    def __init__(self, rng: random.Random) -> None:
        self._rng, self._ahead = rng, 0.0

    def draw(self, wanted: float) -> bool:
        """Whether it is ours this time."""
        ours = self._rng.random() < min(.97, max(.03, wanted - .3 * self._ahead))
        self._ahead = self._ahead * .9 + ours - wanted
        return ours


class Floor:
    """Keeps count of who had how many of the last words."""

    def __init__(self) -> None:
        self.us = self.them = 1.0

    def lacking(self, wanted: float) -> float:
        """How far our part of the words is below what it usually is."""
        return wanted - self.us / (self.us + self.them)

    def spoken(self, *, ours: bool, words: int) -> None:
        self.us, self.them = self.us * .96 + words * ours, self.them * .96 + words * (not ours)


def everything() -> Happened:
    """The two years, in the order of time."""
    found = Happened()
    for relation in RELATIONS:
        rng = random.Random(f"{SEED} {relation.key}")
        firm = FIRMS[relation.key]
        found.mails += _mails(rng, relation, firm)
        found.meetings += _meetings(rng, relation)
        found.calls += _calls(rng, relation)
        found.deliveries += _deliveries(rng, relation)
    _bills(found)
    found.mails.sort(key=lambda mail: (mail.at, mail.id))
    found.meetings.sort(key=lambda meeting: (meeting.start, meeting.uid))
    found.calls.sort(key=lambda call: (call.at, call.number))
    found.deliveries.sort(key=lambda one: (one.ordered, one.number))
    return found


def _weeks(relation: Relation) -> Iterator[tuple[date, date]]:
    """First and last day of the weeks in which the relation is alive."""
    for monday in clock.mondays(relation.first, min(relation.last, LAST)):
        first, last = max(monday, relation.first), min(monday + timedelta(days=4), relation.last, LAST)
        if first <= last:
            yield first, last


def _times(rng: random.Random, rate: float) -> int:
    """How many, for a rate: the whole part for certain, the rest by chance."""
    return int(rate) + (rng.random() < rate - int(rate))


def _some_day(rng: random.Random, first: date, last: date) -> date:
    return clock.workday(first + timedelta(days=rng.randint(0, (last - first).days)))


# --- mails -------------------------------------------------------------------------------------------------------------


def _mails(rng: random.Random, relation: Relation, firm: Firm) -> list[Mail]:
    first_moves, floor = Steered(rng), Floor()
    found: list[Mail] = []
    for first, last in _weeks(relation):
        manner = relation.on(first)
        rate = manner.threads * (.7 + .6 * rng.random()) * (last - first + timedelta(days=1)).days / 5
        days = sorted(_some_day(rng, first, last) for _ in range(_times(rng, rate)))
        for day in days:
            begun = clock.at(day, rng.uniform(9.0, 15.5))
            ours = first_moves.draw(relation.on(day).ours)
            found += _conversation(rng, relation, firm, begun, floor, ours=ours)
    return found


def _conversation(
    rng: random.Random, relation: Relation, firm: Firm, begun: datetime, floor: Floor, *, ours: bool,
) -> list[Mail]:
    manner = relation.on(begun.date())
    language = firm.language
    subject = rng.choice(letters.SUBJECTS[language]).format(n=rng.randint(2100, 9999), w=begun.isocalendar().week)
    copied = relation.ours.name.startswith("Inge") and rng.random() < .07
    after = 1 + min(7, int(rng.expovariate(1 / (manner.length - .8))))
    thread: list[Mail] = []
    moment, asked_by = begun, {True: False, False: False}
    while True:
        position = len(thread)
        closes = position >= after and not asked_by[True] and not asked_by[False]
        if position:
            waiting = [side for side in (True, False) if asked_by[side]]
            ours = _next_side(rng, manner, floor, thread, waiting, after)
            moment = clock.after(thread[-1].at, _pause(rng, manner, follows=thread[-1].ours == ours, ours=ours))
        if moment > END:
            break
        asks = position == 0 or (position < after - 1 and rng.random() < manner.questions)
        usual = manner.words_us if ours else manner.words_them
        wanted = max(3, min(260, round(rng.lognormvariate(math.log(usual), .4))))
        text = letters.body(rng, language, wanted, opens=position == 0, asks=asks, closes=closes)
        floor.spoken(ours=ours, words=sum(len(one.split()) for one in text))
        asked_by[ours] = asked_by[ours] or asks
        asked_by[not ours] = False
        sender, receiver = relation.ours, firm.at(moment.date())
        if not ours:
            sender, receiver = receiver, sender
        domain = sender.address.partition("@")[2]
        number = f"{moment:%y%m%d}.{rng.getrandbits(28):07x}"
        quoted = thread[-1] if thread else None
        thread.append(Mail(
            f"{number}@{domain}", moment, sender, receiver, firm.key, ours, subject, tuple(text), language,
            copy=BERK.people[1] if copied else None, quoted=quoted,
            chain=(*quoted.chain[-1:], quoted.id) if quoted else (),
        ))
        if len(thread) > after and not any(asked_by.values()):
            break
    return thread


def _next_side(
    rng: random.Random, manner: Manner, floor: Floor, thread: list[Mail], waiting: list[bool], after: int,
) -> bool:
    """Whether we write next. Who asked may add something; once the conversation is to end, the answer must come."""
    last = thread[-1].ours
    if len(thread) == 1:
        return not last if rng.random() < .8 else last
    if waiting and (len(thread) >= after - 1 or rng.random() < .55):
        return not waiting[0]
    return rng.random() < min(.92, max(.08, manner.turn + 1.6 * floor.lacking(manner.floor)))


def _pause(rng: random.Random, manner: Manner, *, follows: bool, ours: bool) -> float:
    """Working hours until the next message: soon after one's own, as usual after the other's."""
    if follows:
        return rng.uniform(.1, 1.0)
    usual = manner.wait_us if ours else manner.wait_them
    return min(manner.cap if usual > 8 else 6.5, max(.1, rng.lognormvariate(math.log(usual), .45)))


# --- meetings, calls, deliveries -----------------------------------------------------------------------------------------


def _meetings(rng: random.Random, relation: Relation) -> list[Meeting]:
    found, called = [], Steered(rng)
    names = {"nl": ("Overleg planning", "Bespreking ontwerp", "Kwartaalgesprek", "Bezoek magazijn"),
             "en": ("Planning call", "Design review", "Quarterly talk")}[FIRMS[relation.key].language]
    for first, last in _weeks(relation):
        for _ in range(_times(rng, relation.meetings * 12 / 52)):
            start = clock.at(_some_day(rng, first, last), rng.choice((9.5, 10, 11, 13.5, 14, 15)))
            if start < END:
                ours = called.draw(min(.75, max(.25, relation.on(first).ours)))
                found.append(Meeting(
                    f"{start:%Y%m%d}-{rng.getrandbits(24):06x}@{BERK.domain if ours else FIRMS[relation.key].domain}",
                    start, rng.choice((30, 45, 60)), relation.key, ours, rng.choice((1, 1, 2)), rng.choice(names),
                ))
    return found


def _calls(rng: random.Random, relation: Relation) -> list[Call]:
    found, dialled = [], Steered(rng)
    for first, last in _weeks(relation):
        for _ in range(_times(rng, relation.calls * 12 / 52)):
            at = clock.at(_some_day(rng, first, last), rng.uniform(9, 16.8))
            if at < END:
                manner = relation.on(first)
                long = rng.randint(90, 420)
                part = min(.9, max(.1, rng.gauss(manner.floor, .07)))
                found.append(Call(
                    f"T{at:%y%m%d}-{rng.getrandbits(16):04x}", at, relation.key, dialled.draw(manner.ours),
                    round(long * part), round(long * (1 - part)),
                ))
    return found


def _deliveries(rng: random.Random, relation: Relation) -> list[Delivery]:
    found = []
    for first, last in _weeks(relation):
        for _ in range(_times(rng, relation.deliveries)):
            promised = _some_day(rng, first, last)
            came = clock.later(promised, round(max(0.0, relation.delay + rng.choice((0, 0, 0, 0, 0, 0, 0, 0, 0, .6)))))
            ordered = clock.later(promised, -rng.randint(5, 15))
            if came > LAST or ordered < relation.first:
                continue
            we_sell = relation.sells > 0 and (relation.buys == 0 or rng.random() < .5)
            seller, buyer = (BERK.key, relation.key) if we_sell else (relation.key, BERK.key)
            found.append(Delivery(
                f"{'V' if we_sell else 'I'}{FIRMS[relation.key].account[1:]}-{len(found) + 1:03d}", seller, buyer, ordered, promised, came,
                _sum(rng, 180, 1900),
            ))
    return found


# --- invoices and payments -----------------------------------------------------------------------------------------------


def _sum(rng: random.Random, low: int, high: int) -> Decimal:
    return Decimal(rng.randint(low * 100, high * 100)) / 100


GOODS = {"nl": ("Dozen golfkarton", "Displays, bedrukt", "Binnendozen op maat", "Inpakfolie", "Pallethoezen"), "en": ("Trays, printed", "Corrugated boxes"),
         "voskarton": ("Golfkarton C-golf", "Massief karton"), "vandam": ("Ritten", "Opslag en ritten"), "jansensmit": ("Etiketten", "Krimpsleeves")}


def _bills(found: Happened) -> None:
    """Invoices of every relation, numbered per seller and year in the order of their days; then the payments."""
    drafts: list[tuple[date, str, str, Relation, Decimal, str]] = []
    for relation in RELATIONS:
        rng = random.Random(f"{SEED} {relation.key} bills")
        for seller, buyer, monthly in ((BERK.key, relation.key, relation.sells), (relation.key, BERK.key, relation.buys)):
            goods = GOODS[seller] if seller in GOODS else GOODS[FIRMS[relation.key].language]
            for year, month in _months(relation):
                for _ in range(_times(rng, monthly)):
                    day = clock.workday(date(year, month, rng.randint(2, 26)))
                    if relation.first <= day <= min(relation.last, LAST):
                        drafts.append((day, seller, buyer, relation, _sum(rng, 260, 4200), rng.choice(goods)))
    drafts.sort(key=lambda one: (one[0], one[1], one[2], one[4]))
    counts: dict[tuple[str, int], int] = {}
    billed: list[tuple[Relation, Invoice]] = []
    for day, seller, buyer, relation, net, goods in drafts:
        counts[seller, day.year] = number = counts.get((seller, day.year), 0) + 1
        invoice = Invoice(_number(seller, day, number), seller, buyer, day, day + timedelta(days=relation.terms), net, goods=goods,
                          rate=0 if FIRMS[relation.key].country != "NL" else 21)
        billed.append((relation, invoice))
        found.invoices.append(invoice)
    _one_credit_note(found, billed)
    found.payments = _payments(found, billed)


def _number(seller: str, day: date, count: int) -> str:
    form = {"berk": "{y}-{n:04d}", "voskarton": "VK{yy}{n:05d}", "vandam": "{y}.{n:03d}", "jansensmit": "JS-{yy}/{n:03d}"}[seller]
    return form.format(y=day.year, yy=day.year % 100, n=count)


def _months(relation: Relation) -> Iterator[tuple[int, int]]:
    day = relation.first.replace(day=1)
    while day <= min(relation.last, LAST):
        yield day.year, day.month
        day = (day + timedelta(days=32)).replace(day=1)


CREDITED = "hendriks"


def _one_credit_note(found: Happened, billed: list[tuple[Relation, Invoice]]) -> None:
    """One pallet came back: a credit note for a part of one invoice."""
    lowered = next(invoice for relation, invoice in billed if relation.key == CREDITED and invoice.issued >= date(2025, 3, 1))
    day = clock.later(lowered.issued, 6)
    found.invoices.append(Invoice(
        f"{day.year}-C001", lowered.seller, lowered.buyer, day, lowered.due, (lowered.net / 5).quantize(Decimal("0.01")),
        credits=lowered.number, goods=lowered.goods, rate=lowered.rate,
    ))
    found.invoices.sort(key=lambda one: (one.issued, one.number))


def _payments(found: Happened, billed: list[tuple[Relation, Invoice]]) -> list[Payment]:
    credited = {note.credits: note.total for note in found.invoices if note.credits}
    runs: dict[tuple[str, bool], list[tuple[date, Invoice, Decimal]]] = {}
    for relation, invoice in billed:
        comes_in = invoice.seller == BERK.key
        rng = random.Random(f"{SEED} {invoice.seller} {invoice.number} paid")
        days = rng.gauss(relation.late if comes_in else relation.late_us, relation.spread)
        day = _bank_day(max(invoice.issued + timedelta(days=1), invoice.due + timedelta(days=round(days))))
        if day <= LAST:
            runs.setdefault((relation.key, comes_in), []).append((day, invoice, invoice.total - credited.get(invoice.number, Decimal(0))))
    payments: list[Payment] = []
    for (key, comes_in), run in sorted(runs.items()):
        rng = random.Random(f"{SEED} {key} {comes_in} runs")
        run.sort(key=lambda one: (one[0], one[1].number))
        while run:
            day, invoice, amount = run.pop(0)
            together = [invoice]
            if run and (run[0][0] - day).days <= 3 and rng.random() < .5:
                day, other, more = run.pop(0)
                together.append(other)
                amount += more
            payments.append(Payment(day, key, amount if comes_in else -amount, _remittance(rng, together, key),
                                    tuple(one.number for one in together),
                                    f"E2E-{together[0].number}" if rng.random() < .1 else "NOTPROVIDED"))
    return sorted(payments, key=lambda one: (one.day, one.firm, one.amount))


def open_at_the_end(happened: Happened) -> list[Invoice]:
    """Berk's invoices for which nothing came in until the last day."""
    paid = {(payment.firm, number) for payment in happened.payments for number in payment.pays}
    return [one for one in happened.invoices if one.seller == BERK.key and not one.credits and (one.buyer, one.number) not in paid]


def _bank_day(day: date) -> date:
    """The nearest day on which banks book."""
    for shift in (0, -1, 1, -2, 2, -3, 3, -4, 4):
        if clock.works(day + timedelta(days=shift)):
            return day + timedelta(days=shift)
    return clock.workday(day)


def _remittance(rng: random.Random, invoices: list[Invoice], key: str) -> str:
    numbers = [invoice.number for invoice in invoices]
    if FIRMS[key].language == "en":
        return f"Invoice {' and '.join(numbers)}"
    if len(numbers) > 1:
        return rng.choice(("Facturen {0} en {1}", "fact. {0} / {1}", "{0} + {1}")).format(*numbers)
    if rng.random() < .06:
        return rng.choice(("Betaling", "Conform factuur", "Voldoening"))
    return rng.choice(("Factuur {0}", "Fact.nr {0}", "Betreft factuur {0}", "{0}", "Uw factuur {0} kenmerk {1}")).format(numbers[0], FIRMS[key].account)
