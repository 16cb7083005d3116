"""One Danish word for one thing: the glossary names code that exists, and no text uses a word given up."""

import re
from collections.abc import Iterator
from pkgutil import resolve_name

import polib
import pytest
from django.conf import settings

GLOSSARY = settings.BASE_DIR / "docs" / "glossary.md"
CATALOGUE = settings.BASE_DIR / "locale/da/LC_MESSAGES/django.po"

#: Words that were given up, as patterns, and the word instead.
NEVER = {
    r"(?<!koordinerende )sagsbehandler": "koordinerende sagsbehandler",
    r"\bejer": "forløbsansvarlig",
    r"virksomhedskonsulent": "jobkonsulent",
    r"styregruppe": "indsatsgruppe",
    r"\bleder": "projektleder",
    r"styrelsen": "STAR",
    r"\budfylde?r? funktion": "besætte",
    r"medlemskab": "rolle",
    r"\bsag(er|en)?\b": "forløb",
    r"visitation|visiter": "henvisning, or optag",
    r"kan (ikke )?deltage|godtag": "i målgruppen",
    r"\btarget": "måltal",
    r"indskriv": "optag",
    r"(?<!et rigtigt )(?<!\)s )\bforsøg\b": "forgæves kontaktforsøg, loginforsøg; forsøget is the trial",
    r"udtræk|\btrukne\b|kan trækkes lod om": "trække lod",
    r"kontrolborger|^kontrol$|, kontrol:": "kontrolgruppe",
    r"protokol": "lodtrækningsregister",
    r"\bbinding": "kontrolværdier",
    r"\bhash|\brod(en)?\b|\bnonce\b": "kontrolsum, engangsnøgle",
    r"snuseforløb|sniffing": "snuseperiode",
    r"\bmatch den\b": "dato for match",
    r"placering|praktikplads|forløbet hos": "virksomhedsplads",
    r"løntimer": "ordinære timer",
    r"\blave?r?s? arbejdsaftale": "indgå or oprette",
    r"\bsætt?e?r? jobmål": "aftale",
    r"\budført": "gennemført",
    r"månedlige? møde(?!r? i)": "opfølgningsmøde",
    r"\bbemærk\b|\bnote\b": "notat",
    r"det siger borgeren|hvad borgeren siger": "borgerens ord",
    r"min plan – for": "Min Plan – mod job",
    r"samlemail": "daglig påmindelse",
    r"mødet? er overskredet|forfald": "ikke holdt til tiden",
    r"åbning": "opslag",
    r"aktivitetstilskud": "aktivitetsafhængigt tilskud",
    r"bevilling": "tilsagn",
    r"\bsats": "vilkår",
    r"hændelse|\bpost(er|en)?\b": "optjening",
    r"\bjuster": "regulering",
    r"lovpligtige? opgave": "lovpligtige aktiviteter",
    r"samarbejdspartner": "samarbejdende kommuner",
    r"\bart(er|en)?\b|\bslags\b": "type",
    r"\bgrund(e|en)?\b": "årsag, begrundelse",
    r"fortrudt|trukket tilbage|\btræk\w* (\w+ )?tilbage": "fejlregistreret, slettet",
    r"planlagt slut\b|planlagte? sidste dag": "planlagt slutdato",
    r"fravigelse": "undtagelse",
    r"\bjobcentre[tn]": "jobcenteret",
    r"\bkroner\b": "kr.",
    r"(?<!e-)\bmail|email": "e-mail",
    r"\bbevare": "gemme",
    r"autentific|gendannels|to-faktor": "godkendelsesapp, genoprettelseskoder, totrinslogin",
    r"\bannuller\b|\bregistrer\b": "annullér, registrér",
    r"\d:\d\d": "kl. 10.00",
}

#: Danish texts that may use such a word, each with the reason.
ALLOWED = {
    "Bevis for en lodtrækning, til borgerens sag": "the citizen's file at the jobcentre, not the course",
    "Samtale med ansatte, praktikanter eller ledere": "the company's managers",
    "»Vi prøver os frem« og justerer jobkursen løbende": "the name of a core element",
    **{
        f"Der mangler en leder fra {area}": "of the steering group: management of a department"
        for area in ("jobcenteret", "socialområdet", "sundhedsområdet")
    },
    "Udført": "the heading of a message that something went well",
    "Træk tilbage": "of a voucher",
    "Trukket tilbage: %(reason)s": "of a voucher",
    "Træk bilaget tilbage": "of a voucher",
    "Bilaget er trukket tilbage.": "of a voucher",
    "Bilaget er allerede trukket tilbage.": "of a voucher",
    "Mentoren har kontakt med borgeren hver uge. Aftalen justeres på de månedlige opfølgningsmøder, som "
    "borgeren deltager i. Før hvert møde gennemgår kontaktpersonen og borgeren bilagets spørgsmål.": (
        "of the agreement, not of money"
    ),
}


def danish_texts() -> Iterator[str]:
    for entry in polib.pofile(str(CATALOGUE)):
        yield from filter(None, [entry.msgstr, *entry.msgstr_plural.values()])


def words_of(text: str) -> str:
    """The text without the names of its placeholders and its markup."""
    return re.sub(r"%\(\w+\)[sd]|<[^>]*>", lambda match: ")s" if match[0][0] == "%" else "", text)


@pytest.mark.parametrize("pattern", NEVER)
def test_no_danish_text_uses_a_word_given_up(pattern):
    texts = [text for text in danish_texts() if re.search(pattern, words_of(text), re.IGNORECASE)]
    assert [text for text in texts if text not in ALLOWED] == [], f"instead: {NEVER[pattern]}"


def test_every_exception_is_still_needed():
    used = set(danish_texts())
    needed = {text for text in used if any(re.search(word, words_of(text), re.IGNORECASE) for word in NEVER)}
    assert set(ALLOWED) - needed == set()


def glossary_rows() -> list[list[str]]:
    lines = [line for line in GLOSSARY.read_text("utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_every_name_of_the_glossary_exists():
    rows = glossary_rows()
    assert len(rows) >= 60
    for row in rows:
        resolve_name(row[2].strip("`"))


def test_a_word_of_the_glossary_has_one_meaning():
    words = [row[0] for row in glossary_rows()]
    assert sorted(set(words)) == sorted(words)
