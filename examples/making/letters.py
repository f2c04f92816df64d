"""What a mail says: sentences of a packaging firm's day, put together to a wanted length, with greeting and signature."""

from __future__ import annotations

import random
from collections.abc import Sequence

NL_OPEN = (
    "Even over de order van volgende week.", "Naar aanleiding van ons gesprek van gisteren.", "Er is iets veranderd aan de planning.",
    "Ik heb de tekening van de nieuwe doos erbij gepakt.", "We bereiden de levering voor het magazijn voor.",
    "De proefdruk is vanochtend binnengekomen.", "Ik loop de aantallen van dit kwartaal na.", "Het gaat over de pallets van donderdag.",
    "We willen de maten van de binnendoos aanpassen.", "De voorraad golfkarton raakt sneller op dan gedacht.",
)
NL_ASK = (
    "Kunnen jullie dat vóór vrijdag bevestigen?", "Welke dag komt jullie het beste uit?", "Zullen we de aantallen nog eens naast elkaar leggen?",
    "Is de maat van 400 bij 300 nog leverbaar?", "Wie kan daar bij jullie naar kijken?", "Past dat in de planning?",
    "Hebben jullie de laatste versie van de tekening?", "Kan de levering een dag eerder?", "Wat vinden jullie van dit voorstel?",
    "Mogen we rekenen op dezelfde prijs als vorig jaar?", "Hoeveel pallets worden het dit keer?", "Klopt het aantal op de pakbon?",
)
NL_SAY = (
    "De dozen staan klaar in hal twee.", "We hebben de aantallen aangepast zoals besproken.", "De kleur komt nu overeen met het staal.",
    "Het karton is iets steviger dan bij de vorige levering.", "De chauffeur meldt zich een half uur van tevoren.",
    "De bedrukking is op alle zijden gelijk.", "Dat scheelt ongeveer tien procent aan ruimte op de pallet.",
    "Ik heb het met de werkplaats doorgenomen en het kan.", "De rest volgt met de rit van maandag.", "Bij twijfel nemen we liever een proefexemplaar extra.",
    "De opslag kost in die periode niets extra.", "We houden de oude maat nog een maand op voorraad.", "De tekening met de nieuwe maten zit in de map.",
    "Voor de zomer verwachten we wat meer vraag dan anders.", "Het stansmes is vorige week geslepen.", "De lijmnaad zit nu aan de lange kant.",
    "Daarmee is de laatste klacht ook opgelost.", "Onze collega in het magazijn heeft alles geteld.", "De folie is recyclebaar en iets dunner.",
    "We stemmen dat af met de vervoerder.", "Het voorstel van vorige week blijft gewoon staan.", "Op die manier hoeft niemand te wachten.",
    "De prijs per stuk blijft gelijk tot duizend stuks.", "De facturen lopen zoals afgesproken per maand.", "Ik zet het op de lijst voor het overleg.",
    "De inleg past precies, ook met het nieuwe deksel.", "Volgende week staat de machine twee dagen stil voor onderhoud.",
    "Tot nu toe loopt alles volgens plan.", "De etiketten worden apart verpakt.", "We hebben een kleine marge ingebouwd.",
)
NL_END = (
    "Prima zo, dank je wel.", "Akkoord, dan gaan we ermee aan de slag.", "Helder, ik pak het op.", "Dank voor het snelle schakelen.",
    "Zo is het goed.", "Dan spreken we dat zo af.", "Mooi, dat komt goed uit.",
)
EN_OPEN = (
    "A quick note on next week's order.", "Following up on yesterday's call.", "Something has changed in the planning.",
    "I have the drawing of the new box in front of me.", "We are preparing the delivery for the cold store.", "The proof came in this morning.",
    "It is about the trays for the summer range.",
)
EN_ASK = (
    "Could you confirm this before Friday?", "Which day suits you best?", "Shall we go through the quantities once more?",
    "Is the larger tray still available?", "Who could have a look at that on your side?", "Does that fit the planning?",
    "Could the delivery come a day earlier?", "What do you think of this proposal?", "Is the count on the note correct?",
)
EN_SAY = (
    "The boxes are ready in hall two.", "We changed the quantities as discussed.", "The colour now matches the sample.",
    "The board is a little stronger than last time.", "The driver will call half an hour ahead.", "The print is the same on all sides.",
    "That saves about a tenth of the space on the pallet.", "I went through it with the workshop and it can be done.",
    "The rest follows with Monday's run.", "We keep the old size in stock for another month.", "The drawing with the new sizes is in the folder.",
    "We expect a little more demand before the summer.", "The glue seam is now on the long side.", "Our colleague in the warehouse has counted everything.",
    "The film can be recycled and is slightly thinner.", "We will agree that with the haulier.", "The price stays the same up to a thousand pieces.",
    "So far everything goes to plan.", "The labels are packed separately.", "We have built in a small margin.",
)
EN_END = (
    "That is fine, thank you.", "Agreed, we will get started.", "Clear, I will pick it up.", "Thanks for the quick answer.", "Good as it is.",
    "Let us do it that way.",
)
SUBJECTS = {
    "nl": ("Order {n}", "Maten binnendoos {n}", "Levering {n}, week {w}", "Proefdruk {n}", "Aantallen bij {n}", "Planning {n}", "Offerte {n}",
           "Pallets voor {n}", "Tekening {n}", "Café-dozen {n}", "Golfkarton {n}", "Retour emballage {n}", "Etiketten {n}"),
    "en": ("Order {n}", "Tray sizes {n}", "Delivery {n}, week {w}", "Proof {n}", "Quantities for {n}", "Planning {n}", "Quote {n}", "Drawing {n}"),
}
_WORDS = {"nl": (NL_OPEN, NL_ASK, NL_SAY, NL_END), "en": (EN_OPEN, EN_ASK, EN_SAY, EN_END)}
_SMALL = {"nl": ("Top, dank.", "Is goed.", "Prima.", "Staat genoteerd."), "en": ("Great, thanks.", "Fine.", "Noted.")}


def _count(sentences: Sequence[str]) -> int:
    return sum(len(sentence.split()) for sentence in sentences)


def body(rng: random.Random, language: str, wanted: int, *, opens: bool, asks: bool, closes: bool) -> list[str]:
    """Sentences of about `wanted` words. A question mark stands in it exactly when it asks."""
    opening, asking, saying, ending = _WORDS[language]
    text: list[str] = []
    if opens:
        text.append(rng.choice(opening))
    tail = [rng.choice(asking)] if asks else [rng.choice(ending)] if closes else []
    if not opens and not asks and wanted < 9:
        return [rng.choice(_SMALL[language])]
    pool = list(saying)
    rng.shuffle(pool)
    while _count(text) + _count(tail) < wanted:
        if not pool:
            pool = list(saying)
            rng.shuffle(pool)
        text.append(pool.pop())
    return (text or [rng.choice(saying)]) + tail if text or not tail else tail


def paragraphs(rng: random.Random, sentences: Sequence[str]) -> list[str]:
    """Lines of at most some 76 letters; a long text in more than one paragraph."""
    lines: list[str] = []
    group: list[str] = []
    for sentence in sentences:
        group.append(sentence)
        if len(group) >= rng.randint(3, 6):
            lines += [*_wrapped(" ".join(group)), ""]
            group = []
    if group:
        lines += [*_wrapped(" ".join(group)), ""]
    return lines[:-1]


def _wrapped(text: str) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + len(word) > 75:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]
