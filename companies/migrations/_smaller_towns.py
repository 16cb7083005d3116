"""The smaller towns: postal code, name, latitude and longitude of the middle, as `_postal_areas`."""

TOWNS = """
2680;Solrød Strand;55.53;12.22
2690;Karlslunde;55.56;12.25
2760;Måløv;55.75;12.32
2765;Smørum;55.74;12.30
2820;Gentofte;55.75;12.55
2830;Virum;55.79;12.48
2840;Holte;55.81;12.47
2850;Nærum;55.82;12.54
2870;Dyssegård;55.73;12.53
2880;Bagsværd;55.76;12.46
2920;Charlottenlund;55.75;12.58
2930;Klampenborg;55.78;12.58
2942;Skodsborg;55.82;12.57
2950;Vedbæk;55.85;12.56
2960;Rungsted Kyst;55.88;12.54
2980;Kokkedal;55.91;12.50
2990;Nivå;55.93;12.50
3050;Humlebæk;55.96;12.53
3060;Espergærde;55.99;12.56
3070;Snekkersten;56.01;12.59
3080;Tikøb;56.02;12.47
3100;Hornbæk;56.09;12.46
3120;Dronningmølle;56.10;12.39
3140;Ålsgårde;56.08;12.54
3150;Hellebæk;56.07;12.56
3200;Helsinge;56.02;12.20
3210;Vejby;56.08;12.14
3220;Tisvildeleje;56.05;12.08
3230;Græsted;56.07;12.28
3250;Gilleleje;56.12;12.31
3300;Frederiksværk;55.97;12.02
3310;Ølsted;55.92;12.07
3320;Skævinge;55.91;12.15
3330;Gørløse;55.88;12.19
3360;Liseleje;56.01;11.96
3370;Melby;55.99;11.98
3390;Hundested;55.96;11.85
3450;Allerød;55.87;12.36
3490;Kvistgård;55.99;12.51
3540;Lynge;55.84;12.28
3550;Slangerup;55.84;12.18
3630;Jægerspris;55.85;11.99
3650;Ølstykke;55.79;12.16
3660;Stenløse;55.77;12.19
3670;Veksø Sjælland;55.75;12.24
3720;Aakirkeby;55.07;14.92
3730;Nexø;55.06;15.13
3740;Svaneke;55.13;15.14
3751;Østermarie;55.14;15.01
3760;Gudhjem;55.21;14.97
3770;Allinge;55.27;14.80
3782;Klemensker;55.17;14.81
3790;Hasle;55.18;14.71
4040;Jyllinge;55.75;12.11
4050;Skibby;55.75;11.96
4060;Kirke Såby;55.65;11.87
4070;Kirke Hyllinge;55.71;11.90
4130;Viby Sjælland;55.55;12.02
4140;Borup;55.49;11.97
4160;Herlufmagle;55.32;11.76
4171;Glumsø;55.35;11.70
4173;Fjenneslev;55.43;11.69
4174;Jystrup Midtsj;55.51;11.87
4190;Munke Bjergby;55.49;11.53
4230;Skælskør;55.25;11.29
4241;Vemmelev;55.37;11.26
4242;Boeslunde;55.31;11.28
4243;Rude;55.23;11.48
4244;Agersø;55.21;11.20
4250;Fuglebjerg;55.31;11.55
4261;Dalmose;55.30;11.43
4262;Sandved;55.26;11.52
4270;Høng;55.51;11.29
4281;Gørlev;55.54;11.23
4291;Ruds Vedby;55.54;11.37
4320;Lejre;55.61;11.97
4330;Hvalsø;55.60;11.86
4340;Tølløse;55.61;11.76
4350;Ugerløse;55.59;11.66
4360;Kirke Eskilstrup;55.57;11.77
4370;Store Merløse;55.54;11.73
4390;Vipperød;55.66;11.73
4420;Regstrup;55.67;11.62
4440;Mørkøv;55.66;11.51
4450;Jyderup;55.66;11.42
4460;Snertinge;55.71;11.38
4470;Svebølle;55.65;11.30
4480;Store Fuglede;55.59;11.20
4490;Jerslev Sjælland;55.62;11.24
4500;Nykøbing Sj;55.92;11.67
4520;Svinninge;55.72;11.47
4532;Gislinge;55.73;11.54
4534;Hørve;55.75;11.45
4540;Fårevejle;55.80;11.45
4550;Asnæs;55.81;11.50
4560;Vig;55.85;11.58
4571;Grevinge;55.79;11.55
4572;Nørre Asmindrup;55.89;11.63
4573;Højby;55.91;11.60
4581;Rørvig;55.95;11.76
4591;Føllenslev;55.74;11.32
4593;Eskebjerg;55.71;11.30
4621;Gadstrup;55.57;12.09
4622;Havdrup;55.54;12.12
4623;Lille Skensved;55.52;12.14
4632;Bjæverskov;55.46;12.04
4640;Faxe;55.26;12.12
4652;Hårlev;55.35;12.23
4653;Karise;55.31;12.21
4654;Faxe Ladeplads;55.22;12.17
4660;Store Heddinge;55.31;12.39
4671;Strøby;55.39;12.29
4672;Klippinge;55.35;12.32
4673;Rødvig Stevns;55.26;12.38
4681;Herfølge;55.42;12.15
4682;Tureby;55.34;12.08
4683;Rønnede;55.26;12.02
4684;Holmegaard;55.28;11.83
4720;Præstø;55.12;12.04
4733;Tappernøje;55.17;11.98
4735;Mern;55.05;12.06
4736;Karrebæksminde;55.18;11.65
4750;Lundby;55.11;11.87
4771;Kalvehave;55.00;12.16
4772;Langebæk;55.01;12.10
4773;Stensved;55.00;12.03
4780;Stege;54.99;12.29
4791;Borre;55.00;12.44
4792;Askeby;54.94;12.18
4793;Bogø By;54.93;12.05
4840;Nørre Alslev;54.90;11.88
4850;Stubbekøbing;54.89;12.04
4862;Guldborg;54.87;11.75
4863;Eskilstrup;54.85;11.89
4871;Horbelev;54.82;12.06
4872;Idestrup;54.73;11.95
4873;Væggerløse;54.70;11.93
4874;Gedser;54.58;11.93
4880;Nysted;54.66;11.73
4891;Toreby L;54.76;11.79
4892;Kettinge;54.70;11.74
4894;Øster Ulslev;54.68;11.65
4895;Errindlev;54.67;11.52
4912;Harpelunde;54.87;11.07
4913;Horslunde;54.92;11.22
4920;Søllested;54.81;11.28
4941;Bandholm;54.84;11.50
4943;Torrig L;54.93;11.30
4944;Fejø;54.94;11.41
4951;Nørreballe;54.81;11.39
4952;Stokkemarke;54.84;11.38
4953;Vesterborg;54.85;11.27
4960;Holeby;54.71;11.46
4983;Dannemare;54.76;11.20
5320;Agedrup;55.43;10.49
5330;Munkebo;55.45;10.55
5350;Rynkeby;55.39;10.58
5370;Mesinge;55.50;10.64
5380;Dalby;55.52;10.68
5390;Martofte;55.55;10.68
5450;Otterup;55.52;10.40
5462;Morud;55.44;10.18
5463;Harndrup;55.47;10.02
5464;Brenderup Fyn;55.48;9.98
5466;Asperup;55.49;9.92
5471;Søndersø;55.48;10.26
5474;Veflinge;55.47;10.17
5485;Skamby;55.51;10.28
5491;Blommenslyst;55.39;10.26
5492;Vissenbjerg;55.39;10.13
5540;Ullerslev;55.36;10.65
5550;Langeskov;55.36;10.59
5560;Aarup;55.38;10.05
5580;Nørre Aaby;55.46;9.88
5591;Gelsted;55.40;9.98
5592;Ejby;55.43;9.93
5610;Assens;55.27;9.90
5620;Glamsbjerg;55.27;10.10
5631;Ebberup;55.26;9.98
5642;Millinge;55.13;10.20
5672;Broby;55.23;10.25
5683;Haarby;55.22;10.12
5690;Tommerup;55.33;10.20
5750;Ringe;55.24;10.48
5762;Vester Skerninge;55.07;10.47
5771;Stenstrup;55.13;10.51
5772;Kværndrup;55.17;10.52
5792;Årslev;55.31;10.47
5853;Ørbæk;55.26;10.67
5854;Gislev;55.22;10.61
5856;Ryslinge;55.25;10.55
5863;Ferritslev Fyn;55.30;10.57
5871;Frørup;55.23;10.71
5874;Hesselager;55.17;10.75
5881;Skårup Fyn;55.09;10.69
5882;Vejstrup;55.11;10.71
5883;Oure;55.12;10.74
5884;Gudme;55.15;10.71
5892;Gudbjerg Sydfyn;55.16;10.66
5900;Rudkøbing;54.94;10.71
5932;Humble;54.83;10.69
5935;Bagenkop;54.75;10.67
5953;Tranekær;54.99;10.85
5960;Marstal;54.85;10.52
5970;Ærøskøbing;54.89;10.41
5985;Søby Ærø;54.94;10.26
6040;Egtved;55.61;9.30
6051;Almind;55.56;9.44
6052;Viuf;55.58;9.47
6064;Jordrup;55.55;9.31
6070;Christiansfeld;55.36;9.48
6091;Bjert;55.45;9.57
6092;Sønder Stenderup;55.47;9.63
6093;Sjølund;55.42;9.55
6094;Hejls;55.38;9.59
6230;Rødekro;55.07;9.34
6240;Løgumkloster;55.06;8.95
6261;Bredebro;55.06;8.83
6280;Højer;54.96;8.70
6300;Gråsten;54.92;9.60
6310;Broager;54.89;9.67
6320;Egernsund;54.91;9.60
6330;Padborg;54.83;9.36
6340;Kruså;54.85;9.40
6360;Tinglev;54.94;9.26
6372;Bylderup-Bov;54.94;9.10
6392;Bolderslev;54.99;9.28
6430;Nordborg;55.06;9.74
6440;Augustenborg;54.95;9.87
6470;Sydals;54.90;9.93
6510;Gram;55.29;9.05
6520;Toftlund;55.19;9.07
6534;Agerskov;55.13;9.13
6535;Branderup J;55.12;9.06
6541;Bevtoft;55.19;9.22
6560;Sommersted;55.32;9.31
6580;Vamdrup;55.43;9.28
6621;Gesten;55.52;9.20
6622;Bække;55.57;9.14
6623;Vorbasse;55.63;9.09
6630;Rødding;55.37;9.06
6640;Lunderskov;55.48;9.30
6650;Brørup;55.48;9.02
6660;Lintrup;55.40;8.99
6670;Holsted;55.51;8.92
6682;Hovborg;55.60;8.94
6683;Føvling;55.44;8.94
6690;Gørding;55.48;8.80
6705;Esbjerg Ø;55.48;8.50
6710;Esbjerg V;55.50;8.40
6715;Esbjerg N;55.52;8.45
6720;Fanø;55.44;8.40
6731;Tjæreborg;55.46;8.58
6740;Bramming;55.47;8.70
6752;Glejbjerg;55.55;8.81
6753;Agerbæk;55.60;8.81
6760;Ribe;55.33;8.77
6771;Gredstedbro;55.40;8.74
6780;Skærbæk;55.16;8.77
6818;Årre;55.58;8.66
6823;Ansager;55.71;8.75
6830;Nørre Nebel;55.78;8.29
6840;Oksbøl;55.63;8.28
6851;Janderup Vestj;55.62;8.38
6857;Blåvand;55.56;8.13
6862;Tistrup;55.71;8.62
6870;Ølgod;55.81;8.62
6880;Tarm;55.91;8.52
6893;Hemmet;55.85;8.40
6900;Skjern;55.95;8.50
6920;Videbæk;56.09;8.63
6933;Kibæk;56.03;8.86
6940;Lem St;56.03;8.40
6950;Ringkøbing;56.09;8.24
6960;Hvide Sande;56.00;8.13
6971;Spjald;56.11;8.51
6973;Ørnhøj;56.20;8.57
6980;Tim;56.19;8.31
6990;Ulfborg;56.27;8.32
7080;Børkop;55.64;9.65
7120;Vejle Øst;55.71;9.60
7140;Stouby;55.71;9.80
7150;Barrit;55.71;9.88
7171;Uldum;55.85;9.60
7173;Vonge;55.85;9.44
7182;Bredsten;55.70;9.38
7183;Randbøl;55.69;9.28
7184;Vandel;55.71;9.22
7190;Billund;55.73;9.11
7200;Grindsted;55.76;8.93
7250;Hejnsvig;55.69;8.99
7260;Sønder Omme;55.84;8.89
7270;Stakroge;55.89;8.86
7280;Sønder Felding;55.95;8.78
7321;Gadbjerg;55.77;9.33
7323;Give;55.84;9.24
7330;Brande;55.94;9.13
7361;Ejstrupholm;55.99;9.28
7362;Hampen;56.02;9.37
7430;Ikast;56.14;9.16
7441;Bording;56.14;9.26
7442;Engesvang;56.17;9.35
7451;Sunds;56.21;9.02
7470;Karup J;56.31;9.17
7480;Vildbjerg;56.20;8.77
7490;Aulum;56.27;8.79
7540;Haderup;56.39;9.00
7550;Sørvad;56.26;8.66
7560;Hjerm;56.43;8.64
7570;Vemb;56.34;8.34
7620;Lemvig;56.55;8.31
7650;Bøvlingbjerg;56.44;8.20
7660;Bækmarksbro;56.41;8.31
7673;Harboøre;56.62;8.18
7680;Thyborøn;56.70;8.21
7730;Hanstholm;57.12;8.61
7741;Frøstrup;57.08;8.86
7742;Vesløs;57.03;8.96
7752;Snedsted;56.90;8.53
7755;Bedsted Thy;56.81;8.41
7760;Hurup Thy;56.75;8.42
7770;Vestervig;56.77;8.32
7790;Thyholm;56.65;8.55
7830;Vinderup;56.48;8.78
7840;Højslev;56.56;9.13
7850;Stoholm Jyll;56.48;9.14
7860;Spøttrup;56.61;8.85
7870;Roslev;56.70;8.98
7884;Fur;56.82;9.02
7950;Erslev;56.82;8.72
7960;Karby;56.76;8.57
7970;Redsted M;56.73;8.66
7980;Vils;56.74;8.76
7990;Øster Assels;56.70;8.69
8250;Egå;56.22;10.27
8305;Samsø;55.83;10.60
8310;Tranbjerg J;56.09;10.13
8320;Mårslet;56.07;10.16
8330;Beder;56.06;10.22
8340;Malling;56.04;10.20
8350;Hundslund;55.91;10.06
8355;Solbjerg;56.04;10.09
8361;Hasselager;56.11;10.08
8370;Hadsten;56.33;10.05
8380;Trige;56.26;10.15
8381;Tilst;56.19;10.11
8382;Hinnerup;56.27;10.06
8420;Knebel;56.21;10.49
8444;Balle;56.30;10.80
8450;Hammel;56.25;9.87
8462;Harlev J;56.14;9.99
8464;Galten;56.15;9.90
8471;Sabro;56.21;10.03
8520;Lystrup;56.24;10.24
8530;Hjortshøj;56.26;10.26
8541;Skødstrup;56.26;10.32
8544;Mørke;56.34;10.38
8560;Kolind;56.36;10.60
8570;Trustrup;56.35;10.78
8581;Nimtofte;56.43;10.57
8585;Glesborg;56.48;10.73
8586;Ørum Djurs;56.46;10.67
8592;Anholt;56.71;11.56
8620;Kjellerup;56.29;9.43
8632;Lemming;56.24;9.53
8641;Sorring;56.18;9.78
8643;Ans By;56.31;9.60
8653;Them;56.09;9.55
8654;Bryrup;56.02;9.51
8670;Låsby;56.16;9.81
8721;Daugård;55.73;9.72
8723;Løsning;55.80;9.70
8732;Hovedgård;55.95;9.97
8740;Brædstrup;55.97;9.61
8751;Gedved;55.93;9.85
8752;Østbirk;55.97;9.75
8762;Flemming;55.88;9.66
8765;Klovborg;55.93;9.46
8766;Nørre Snede;55.96;9.40
8781;Stenderup;55.83;9.76
8783;Hornsyld;55.76;9.86
8830;Tjele;56.51;9.51
8831;Løgstrup;56.51;9.33
8832;Skals;56.56;9.40
8840;Rødkærsbro;56.35;9.51
8850;Bjerringbro;56.38;9.66
8860;Ulstrup;56.39;9.79
8870;Langå;56.39;9.90
8881;Thorsø;56.30;9.79
8882;Fårvang;56.26;9.74
8883;Gjern;56.23;9.74
8920;Randers NV;56.48;9.98
8930;Randers NØ;56.48;10.08
8940;Randers SV;56.43;9.98
8950;Ørsted;56.51;10.34
8960;Randers SØ;56.44;10.09
8961;Allingåbro;56.46;10.32
8963;Auning;56.43;10.38
8970;Havndal;56.65;10.20
8981;Spentrup;56.54;10.04
8983;Gjerlev J;56.59;10.13
8990;Fårup;56.55;9.85
9230;Svenstrup J;56.97;9.85
9240;Nibe;56.98;9.64
9260;Gistrup;56.99;9.99
9270;Klarup;57.01;10.06
9280;Storvorde;57.00;10.10
9293;Kongerslev;56.89;10.11
9300;Sæby;57.33;10.52
9320;Hjallerup;57.16;10.15
9330;Dronninglund;57.16;10.29
9340;Asaa;57.15;10.40
9352;Dybvad;57.28;10.34
9362;Gandrup;57.06;10.19
9370;Hals;57.00;10.31
9380;Vestbjerg;57.13;9.96
9381;Sulsted;57.16;9.98
9382;Tylstrup;57.19;9.96
9430;Vadum;57.12;9.86
9480;Løkken;57.37;9.71
9492;Blokhus;57.25;9.58
9493;Saltum;57.27;9.70
9510;Arden;56.77;9.86
9520;Skørping;56.84;9.89
9530;Støvring;56.88;9.84
9541;Suldrup;56.85;9.70
9550;Mariager;56.65;9.98
9560;Hadsund;56.72;10.12
9574;Bælum;56.83;10.11
9575;Terndrup;56.82;10.06
9620;Aalestrup;56.69;9.49
9631;Gedsted;56.68;9.35
9632;Møldrup;56.61;9.50
9640;Farsø;56.77;9.34
9670;Løgstør;56.97;9.25
9681;Ranum;56.89;9.22
9740;Jerslev J;57.28;10.10
9750;Østervrå;57.35;10.24
9760;Vrå;57.35;9.94
9830;Tårs;57.38;10.12
9870;Sindal;57.47;10.20
9881;Bindslev;57.54;10.19
9940;Læsø;57.27;11.00
9970;Strandby;57.49;10.50
9981;Jerup;57.53;10.42
9982;Aalbæk;57.59;10.42
"""


def add_smaller_towns(apps, schema_editor):
    """Add the towns whose postal code is not there yet."""
    area = apps.get_model("companies", "PostalArea")
    rows = []
    for line in TOWNS.strip().split("\n"):
        code, town, latitude, longitude = line.split(";")
        rows.append(area(first=code, last=code, town=town,
                         latitude=float(latitude), longitude=float(longitude)))
    area.objects.bulk_create(rows, ignore_conflicts=True)
