"""Names that can be told apart and are nobody's: a common first name and an evidently invented surname.

Every surname begins with a word for practice: Prøve, Øve, Test, Eksempel, Attrap.
"""


def _words(text: str) -> list[str]:
    return text.split()


FIRST_NAMES = _words(
    """
    Karen Anders Mette Lars Fatima Søren Hanne Ali Kirsten Niels Zainab Peter Lone Henrik Amina Jens
    Birgit Omar Susanne Michael Leyla Ole Inge Hassan Anne Thomas Gitte Ahmed Lene Jørgen Samira Morten
    Bente Ivan Pia Claus Åse Yusuf Tina Erik Maja Torben Ayse Flemming Ruth Kaj Nadia Bo Jytte Carsten
    Elena Per Dorthe Rasmus Maria Ib Connie Steen Agnieszka Palle Charlotte Allan Ellen Kim
    """
)
BEGINNINGS = ("Prøve", "Øve", "Test", "Eksempel", "Attrap")
ENDINGS = _words(
    """
    lund gaard dal holm bæk skov mark vang kær borg toft sø bjerg by høj vig rup strand hede eng ager
    bro næs sten
    """
)
SURNAMES = [beginning + ending for ending in ENDINGS for beginning in BEGINNINGS]
TRADES = _words(
    """
    bageriet gartneriet lageret køkkenet værkstedet butikken kontoret plejehjemmet børnehaven
    rengøringen trykkeriet tømrerfirmaet genbrugsbutikken
    """
)
PLACES = _words(
    """
    Nordhavn Solbakken Åkanten Bymidten Vestervang Møllen Engen Stationen Torvet Skovly Fjorden Havnen
    """
)


def person_name(number: int) -> str:
    """Return the name of the person with this number, from 0: no two are alike.

    After 7,680 names a second surname is added, as often as needed.
    """
    first, second = number % len(FIRST_NAMES), number // len(FIRST_NAMES)
    name = f"{FIRST_NAMES[first]} {SURNAMES[(second + first) % len(SURNAMES)]}"
    further = second // len(SURNAMES)
    while further:
        name += f" {SURNAMES[further % len(SURNAMES)]}"
        further //= len(SURNAMES)
    return name


def company_name(number: int) -> str:
    """Return the name of the company with this number, from 0; after 156 companies they are numbered too."""
    trade, place = number % len(TRADES), number // len(TRADES)
    name = f"Øvelses{TRADES[trade]} {PLACES[(place + trade) % len(PLACES)]}"
    further = place // len(PLACES)
    return f"{name} {further + 1}" if further else name
