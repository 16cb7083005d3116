"""Texts of the demo's profiles and CVs in Danish."""

from typing import NamedTuple


class Job(NamedTuple):
    """A job of a made-up life."""

    title: str
    place: str
    tasks: str


class Career(NamedTuple):
    """The jobs of a made-up life, the latest first, and its schooling."""

    jobs: tuple[Job, ...]
    education: str
    school: str


CAREERS = [
    Career(
        (
            Job("Køkkenmedhjælper", "Øvelseskantinen", "Opvask, salater og anretning til 80 gæster"),
            Job("Tjener i weekenden", "Café Prøvestenen", "Servering og kasse"),
        ),
        "Grundforløb, mad og måltider",
        "Øvelsesskolen",
    ),
    Career(
        (
            Job("Lagermedarbejder", "Prøvelageret", "Pluk og pak, kørte gaffeltruck"),
            Job("Avisomdeler", "Øvelsesbladet", "Nattehold i to år"),
        ),
        "9. klasse",
        "Den opdigtede Folkeskole",
    ),
    Career(
        (
            Job("Gartnermedhjælper", "Prøvegartneriet", "Potning, vanding og pasning af drivhuse"),
            Job("Hjælper på genbrugsstation", "Øvelsesgenbrug", "Tog imod kunder og sorterede"),
            Job("Frivillig", "Prøvehaven", "Passede fælles køkkenhave"),
        ),
        "Anlægsgartner, ikke afsluttet",
        "Øvelsesskolen",
    ),
    Career(
        (
            Job("Butiksassistent", "Øvelsesbutikken", "Kasse, varebestilling og kundekontakt"),
            Job("Rengøringsassistent", "Prøverens", "Kontorer og trapper"),
        ),
        "HG, handel og detail",
        "Den opdigtede Handelsskole",
    ),
    Career(
        (
            Job("Kontorassistent", "Øvelseskontoret", "Telefon, post og arkiv"),
            Job("Receptionist", "Hotel Prøve", "Tog imod gæster på dansk og engelsk"),
        ),
        "Kontoruddannelse",
        "Den opdigtede Handelsskole",
    ),
    Career(
        (Job("Pedelmedhjælper", "Prøveskolen", "Små reparationer, snerydning og borde til møder"),),
        "Tømrer, grundforløb",
        "Øvelsesskolen",
    ),
]
TRAININGS = [
    "Fødevarehygiejne",
    "Førstehjælp",
    "Gaffeltruck B",
    "Rengøringsteknik",
    "Begynderkursus i regneark",
    "Konflikter i hverdagen",
]
LANGUAGES = ["Engelsk", "Arabisk", "Polsk", "Tyrkisk", "Tysk", "Somali"]
LICENCES = ["Kørekort til personbil (B)", "Kørekort til knallert", "Truckcertifikat B"]
OTHERS = [
    "Strikker og syr for venner og familie.",
    "Spiller fodbold på motionsholdet om onsdagen.",
    "Passer en nyttehave sammen med naboen.",
    "Går lange ture med hunden.",
]
DREAMS = [
    "At have et fast sted at gå hen og kolleger, der savner en, når man er væk.",
    "At kunne fortælle derhjemme, hvordan dagen er gået på arbejdet.",
    "At børnene kan fortælle, hvor man arbejder.",
    "At blive god til noget og få lov til at lære det fra sig.",
    "At kunne spare op til en rejse til søsteren.",
]
WISHES = [
    "Rolige morgener og få mennesker ad gangen.",
    "Korte dage i begyndelsen, og en fast person at spørge.",
    "Opgaver, hvor man kan se, hvad man har nået.",
    "Gerne et lille sted, hvor man lærer kollegerne at kende.",
    "Et sted tæt på bussen og uden aftenvagter.",
]
RESOURCES = [
    "Møder til tiden og er god til at holde orden. Får energi af at gøre noget med hænderne.",
    "God til at snakke med alle slags mennesker. Har passet sin mor i mange år.",
    "Er tålmodig og grundig. Har altid kunnet reparere cykler.",
    "Laver mad til hele opgangen og kan tre sprog.",
    "Har humor, og hjælper gerne andre i gang.",
]
