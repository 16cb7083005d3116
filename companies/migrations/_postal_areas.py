"""The towns that the system is set up with: postal codes, name, latitude and longitude of the middle."""

TOWNS = """
1000-1499;København K;55.68;12.58
1500-1799;København V;55.67;12.56
1800-1999;Frederiksberg C;55.68;12.54
2000;Frederiksberg;55.68;12.53
2100;København Ø;55.71;12.58
2200;København N;55.70;12.55
2300;København S;55.66;12.60
2400;København NV;55.71;12.53
2450;København SV;55.65;12.54
2500;Valby;55.66;12.51
2600;Glostrup;55.67;12.40
2605;Brøndby;55.65;12.42
2610;Rødovre;55.68;12.46
2620;Albertslund;55.66;12.35
2625;Vallensbæk;55.64;12.38
2630;Taastrup;55.65;12.30
2635;Ishøj;55.62;12.36
2640;Hedehusene;55.65;12.20
2650;Hvidovre;55.65;12.48
2660;Brøndby Strand;55.62;12.42
2665;Vallensbæk Strand;55.62;12.39
2670;Greve;55.59;12.30
2700;Brønshøj;55.71;12.50
2720;Vanløse;55.69;12.49
2730;Herlev;55.73;12.44
2740;Skovlunde;55.72;12.40
2750;Ballerup;55.73;12.36
2770;Kastrup;55.64;12.65
2791;Dragør;55.59;12.67
2800;Kongens Lyngby;55.77;12.51
2860;Søborg;55.74;12.51
2900;Hellerup;55.73;12.57
2970;Hørsholm;55.88;12.50
3000;Helsingør;56.04;12.61
3400;Hillerød;55.93;12.30
3460;Birkerød;55.85;12.43
3480;Fredensborg;55.98;12.40
3500;Værløse;55.78;12.37
3520;Farum;55.81;12.36
3600;Frederikssund;55.84;12.07
3700;Rønne;55.10;14.70
4000;Roskilde;55.64;12.08
4100;Ringsted;55.45;11.79
4180;Sorø;55.43;11.56
4200;Slagelse;55.40;11.35
4220;Korsør;55.33;11.14
4293;Dianalund;55.53;11.49
4295;Stenlille;55.54;11.59
4300;Holbæk;55.72;11.72
4400;Kalundborg;55.68;11.10
4600;Køge;55.46;12.18
4690;Haslev;55.32;11.96
4700;Næstved;55.23;11.76
4760;Vordingborg;55.01;11.91
4800;Nykøbing F;54.77;11.87
4900;Nakskov;54.83;11.14
4930;Maribo;54.78;11.50
4970;Rødby;54.69;11.39
4990;Sakskøbing;54.80;11.63
5000;Odense C;55.40;10.39
5200;Odense V;55.40;10.34
5210;Odense NV;55.42;10.33
5220;Odense SØ;55.37;10.45
5230;Odense M;55.38;10.40
5240;Odense NØ;55.42;10.43
5250;Odense SV;55.36;10.35
5260;Odense S;55.34;10.38
5270;Odense N;55.44;10.38
5300;Kerteminde;55.45;10.66
5400;Bogense;55.57;10.09
5500;Middelfart;55.50;9.73
5600;Faaborg;55.10;10.24
5700;Svendborg;55.06;10.61
5800;Nyborg;55.31;10.79
6000;Kolding;55.49;9.47
6100;Haderslev;55.25;9.49
6200;Aabenraa;55.04;9.42
6270;Tønder;54.94;8.87
6400;Sønderborg;54.91;9.79
6500;Vojens;55.25;9.31
6600;Vejen;55.48;9.14
6700;Esbjerg;55.47;8.45
6800;Varde;55.62;8.48
7000;Fredericia;55.57;9.75
7100;Vejle;55.71;9.54
7130;Juelsminde;55.71;10.02
7160;Tørring;55.85;9.48
7300;Jelling;55.76;9.42
7400;Herning;56.14;8.97
7500;Holstebro;56.36;8.62
7600;Struer;56.49;8.59
7700;Thisted;56.96;8.69
7800;Skive;56.57;9.03
7900;Nykøbing M;56.80;8.86
8000;Aarhus C;56.16;10.21
8200;Aarhus N;56.19;10.18
8210;Aarhus V;56.17;10.15
8220;Brabrand;56.15;10.10
8230;Åbyhøj;56.15;10.16
8240;Risskov;56.19;10.23
8260;Viby J;56.13;10.16
8270;Højbjerg;56.11;10.19
8300;Odder;55.97;10.15
8362;Hørning;56.09;10.04
8400;Ebeltoft;56.19;10.68
8410;Rønde;56.30;10.48
8500;Grenaa;56.41;10.88
8543;Hornslet;56.32;10.32
8550;Ryomgård;56.38;10.50
8600;Silkeborg;56.17;9.55
8660;Skanderborg;56.03;9.93
8680;Ry;56.09;9.76
8700;Horsens;55.86;9.85
8722;Hedensted;55.77;9.70
8763;Rask Mølle;55.87;9.62
8800;Viborg;56.45;9.40
8900;Randers C;56.46;10.04
9000;Aalborg;57.05;9.92
9200;Aalborg SV;57.02;9.89
9210;Aalborg SØ;57.01;9.96
9220;Aalborg Øst;57.04;10.00
9310;Vodskov;57.11;10.02
9400;Nørresundby;57.06;9.92
9440;Aabybro;57.16;9.73
9460;Brovst;57.09;9.52
9490;Pandrup;57.22;9.67
9500;Hobro;56.64;9.79
9600;Aars;56.80;9.52
9690;Fjerritslev;57.09;9.27
9700;Brønderslev;57.27;9.94
9800;Hjørring;57.46;9.98
9850;Hirtshals;57.59;9.96
9900;Frederikshavn;57.44;10.54
9990;Skagen;57.72;10.58
"""


def create_postal_areas(apps, schema_editor):
    """Add the towns."""
    area = apps.get_model("companies", "PostalArea")
    rows = []
    for line in TOWNS.split("\n"):
        if line:
            codes, town, latitude, longitude = line.split(";")
            first, _dash, last = codes.partition("-")
            rows.append(area(first=first, last=last or first, town=town,
                             latitude=float(latitude), longitude=float(longitude)))
    area.objects.bulk_create(rows)
