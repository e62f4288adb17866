"""Control totals: figures read off the official tables by hand, found again in the facts.

RE 05562 Recklinghausen, GT 05754 Gütersloh, ME 05158 Mettmann. The source of every figure is the
official table itself; the list is kept apart from the importers on purpose.
"""

import hashlib
import shutil
from functools import cache
from pathlib import Path

import pytest

from kreisheft.deliveries import mapping, readers
from kreisheft.deliveries.importing import import_file
from kreisheft.facts import fact_files, passports
from kreisheft.facts.stages import Facts

CHECKOUT = Path(__file__).parents[2]
DELIVERIES = CHECKOUT.parent / "shared" / "raw"
RE, GT, ME = THREE = ("05562", "05754", "05158")
A, D = {"staatsangehoerigkeit": "auslaender"}, {"staatsangehoerigkeit": "deutsche"}

#: table, period, measure, dimensions (others: insgesamt), figures of RE, GT, ME
BY_KREIS: list[tuple[str, str, str, dict[str, str], tuple[float, float, float]]] = [
    ("12411-03-03-4", "2015-12-31", "bevoelkerung", A, (59428, 40798, 53095)),
    ("12411-03-03-4", "2015-12-31", "bevoelkerung", {**A, "alter": "00-02"}, (1374, 1257, 1233)),
    ("12411-03-03-4", "2024-12-31", "bevoelkerung", {}, (621305, 363982, 490910)),
    ("12411-03-03-4", "2024-12-31", "bevoelkerung", A, (88626, 55180, 73263)),
    (
        "12411-03-03-4",
        "2024-12-31",
        "bevoelkerung",
        {**A, "geschlecht": "maenner"},
        (45353, 29131, 37510),
    ),
    ("12411-03-03-4", "2024-12-31", "bevoelkerung", {**A, "alter": "00-02"}, (2566, 1530, 1714)),
    ("12411-03-02-4", "2010-12-31", "bevoelkerung", {}, (628817, 353766, 495155)),
    ("12411-03-02-4", "2010-12-31", "bevoelkerung", A, (54917, 30512, 52554)),
    ("12411-01-01-4", "2015-12-31", "bevoelkerung", {}, (617807, 360642, 483279)),
    ("12411-01-01-4", "2010-12-31", "bevoelkerung", {}, (628817, 353766, 495155)),
    ("12411-01-01-4", "2024-12-31", "bevoelkerung", {}, (621305, 363982, 490910)),
    ("12411-15i", "2024-12-31", "bevoelkerung", {}, (621305, 363982, 490910)),
    ("12411-15i", "2024-12-31", "flaeche", {}, (761.31, 969.21, 407.22)),
    ("12411-15i", "2024-12-31", "bevoelkerungsdichte", {}, (816.1, 375.5, 1205.5)),
    ("12111-01-01-4", "2011-05-09", "bevoelkerung", {}, (619382, 350420, 477778)),
    ("12111-01-01-4", "2011-05-09", "bevoelkerung", A, (47730, 27535, 41848)),
    ("12111-07-01-4", "2011-05-09", "bevoelkerung_private_haushalte", {}, (616970, 348860, 475280)),
    (
        "12111-07-01-4",
        "2011-05-09",
        "bevoelkerung_private_haushalte",
        {**D, "migrationshintergrund": "mit"},
        (77560, 66550, 75370),
    ),
    ("12111-07-01-4", "2011-05-09", "bevoelkerung_private_haushalte", A, (46640, 27090, 40800)),
    (
        "12111-08-01-4",
        "2011-05-09",
        "bevoelkerung_private_haushalte",
        {"aufenthaltsdauer": "00-04"},
        (9040, 11510, 8240),
    ),
    (
        "12111-09-01-4",
        "2011-05-09",
        "bevoelkerung_ab_15",
        {"schulabschluss": "ohne"},
        (37260, 18280, 23850),
    ),
    (
        "12111-09-01-4",
        "2011-05-09",
        "bevoelkerung_ab_15",
        {**A, "schulabschluss": "ohne"},
        (15590, 7200, 10080),
    ),
    ("12111-09-01-4", "2011-05-09", "bevoelkerung_ab_15", {}, (537190, 294440, 412150)),
    (
        "12111-10-01-4",
        "2011-05-09",
        "bevoelkerung_ab_15",
        {"berufsabschluss": "ohne"},
        (160440, 85790, 113490),
    ),
    (
        "12111-10-01-4",
        "2011-05-09",
        "bevoelkerung_ab_15",
        {**A, "berufsabschluss": "ohne"},
        (27070, 14120, 20810),
    ),
    (
        "12111-11-01-4",
        "2011-05-09",
        "bevoelkerung_erwerbsstatus",
        {"erwerbsstatus": "erwerbspersonen"},
        (301570, 188980, 251750),
    ),
    (
        "12111-11-01-4",
        "2011-05-09",
        "bevoelkerung_erwerbsstatus",
        {**A, "erwerbsstatus": "erwerbspersonen"},
        (20790, 16630, 23610),
    ),
    ("AI-Z1-2011", "2011-05-09", "anteil_migrationshintergrund", {}, (20.1, 26.8, 24.4)),
    ("AI002-1", "2015", "auslaenderanteil", {}, (9.6, 11.3, 11.0)),
    ("AI002-1", "1995", "auslaenderanteil", {}, (10.2, 9.2, 11.8)),
    ("12511-01-01-4", "2016", "einbuergerungen", {}, (662, 513, 695)),
    ("12511-01-01-4", "2011", "einbuergerungen", {}, (995, 535, 893)),
    ("12612-02-01-4", "2015", "lebendgeborene", {}, (4977, 3310, 4029)),
    ("12612-02-01-4", "2015", "lebendgeborene", D, (4548, 2941, 3659)),
    ("12611-01-01-4", "2015", "eheschliessungen", {}, (2669, 1641, 2208)),
    (
        "12611-01-01-4",
        "2015",
        "eheschliessungen",
        {"staatsangehoerigkeit_mann": "deutsche", "staatsangehoerigkeit_frau": "auslaender"},
        (167, 118, 188),
    ),
    (
        "12611-01-01-4",
        "2015",
        "eheschliessungen",
        {"staatsangehoerigkeit_mann": "auslaender", "staatsangehoerigkeit_frau": "deutsche"},
        (154, 95, 161),
    ),
    (
        "12611-01-01-4",
        "2015",
        "eheschliessungen",
        {"staatsangehoerigkeit_mann": "auslaender", "staatsangehoerigkeit_frau": "auslaender"},
        (101, 58, 66),
    ),
    ("12711-03-02-4", "2015", "zuzuege", D, (18861, 11569, 17264)),
    ("12711-03-02-4", "2015", "zuzuege_ausland", D, (447, 327, 575)),
    ("12711-03-02-4", "2015", "zuzuege", A, (14983, 18171, 13418)),
    ("12711-03-02-4", "2015", "zuzuege_ausland", A, (8531, 11617, 7640)),
    ("13111-02-02-4", "2015-06-30", "sv_beschaeftigte_wohnort", {}, (206843, 145318, 176803)),
    ("13111-02-02-4", "2015-06-30", "sv_beschaeftigte_wohnort", A, (15362, 15805, 15751)),
    ("13111-04-02-4", "2015-06-30", "sv_beschaeftigte_wohnort", {}, (206843, 145318, 176803)),
    ("13111-04-02-4", "2015-06-30", "sv_beschaeftigte_wohnort", A, (15362, 15805, 15751)),
    ("13111-06-02-4", "2015-06-30", "sv_beschaeftigte_wohnort", {}, (206843, 145318, 176803)),
    (
        "13111-12-03-4",
        "2015-06-30",
        "sv_beschaeftigte_wohnort",
        {"berufsabschluss": "ohne"},
        (24794, 21587, 22393),
    ),
    (
        "13111-12-03-4",
        "2015-06-30",
        "sv_beschaeftigte_wohnort",
        {**A, "berufsabschluss": "ohne"},
        (3644, 4802, 4142),
    ),
    ("13211-02-05-4", "2016", "arbeitslosenquote", {}, (10.4, 4.8, 6.5)),
    ("13211-02-05-4", "2025", "arbeitslose", {}, (28709, 11055, 18978)),
    ("13211-02-05-4", "2025", "arbeitslose", A, (10607, 4357, 7251)),
    ("13211-02-05-4", "2025", "arbeitslosenquote", {}, (8.7, 5.1, 7.2)),
    ("13211-02-05-4", "2025", "arbeitslosenquote", A, (23.5, 11.8, 17.6)),
    ("13211-02-05-4", "2020", "arbeitslose", {}, (28866, 9799, 17504)),
    ("13211-02-05-4", "2020", "arbeitslose", A, (8699, 3322, 5767)),
    ("13211-02-05-4", "2020", "arbeitslosenquote", A, (25.3, 11.4, 18.1)),
    ("13211-02-05-4", "2015", "arbeitslose", {}, (33626, 10258, 17174)),
    ("13211-02-05-4", "2015", "arbeitslose", A, (6845, 2724, 4290)),
    ("13211-02-05-4", "2015", "arbeitslosenquote", A, (27.9, 15.9, 16.5)),
    ("13211-01-03-4", "2016", "arbeitslose", {}, (33203, 9586, 16775)),
    ("13211-01-03-4", "2016", "arbeitslose", A, (7816, 2897, 4639)),
    ("13211-01-03-4", "2001", "arbeitslose", {}, (36624, 12353, 16010)),
    ("21111-01-03-4", "2015", "schueler", {}, (64935, 42761, 51111)),
    ("21111-01-03-4", "2015", "schueler", A, (4920, 2780, 3945)),
    ("21111-01-03-4", "2023", "schueler", {}, (66090, 42690, 54435)),
    ("21111-01-03-4", "2023", "schueler", A, (11590, 6525, 7865)),
    ("21111-02-06-4", "2015", "schulabgaenge", {}, (6926, 4620, 5160)),
    ("21111-02-06-4", "2015", "schulabgaenge", {"schulabschluss": "ohne"}, (478, 221, 254)),
    (
        "21111-02-06-4",
        "2015",
        "schulabgaenge",
        {"schulabschluss": "hochschulreife"},
        (2365, 1637, 2012),
    ),
    ("21111-02-06-4", "2023", "schulabgaenge", {}, (5900, 3980, 4770)),
    ("21111-02-06-4", "2023", "schulabgaenge", {"schulabschluss": "ohne"}, (395, 185, 275)),
    (
        "21111-02-06-4",
        "2023",
        "schulabgaenge",
        {"schulabschluss": "hochschulreife"},
        (1885, 1605, 1935),
    ),
    ("21121-01-05-4", "2015", "schueler", {}, (19880, 9538, 8534)),
    ("21121-01-05-4", "2015", "schueler", A, (2039, 884, 1037)),
    ("21121-02-02-4", "2023", "schulabgaenge", {}, (1840, 780, 1030)),
    ("22131-01-02-4", "2015-12-31", "sgb12_besondere_leistungen", {}, (9658, 4855, 5710)),
    ("22131-01-02-4", "2015-12-31", "sgb12_besondere_leistungen", A, (400, 375, 379)),
    (
        "22131-01-02-4",
        "2015-12-31",
        "sgb12_besondere_leistungen",
        {"leistung": "hilfe_zur_pflege"},
        (3933, 1025, 1876),
    ),
    ("22151-01-02-4", "2016", "grundsicherung_empfaenger", {}, (9442, 3920, 6057)),
    ("22151-01-02-4", "2016", "grundsicherung_empfaenger", A, (1417, 839, 1340)),
    ("22221-01-01-4", "2010-12-31", "asylblg_regelleistungen", {}, (1399, 576, 896)),
    ("22221-01-01-4", "2015-12-31", "asylblg_regelleistungen", {}, (7732, 5188, 5642)),
    ("22541-01-04-4", "2016-03-01", "tageseinrichtungen", {}, (310, 193, 250)),
    ("22541-01-04-4", "2016-03-01", "genehmigte_plaetze", {}, (18368, 11908, 15606)),
    (
        "22543-01-01-4",
        "2010-03-01",
        "betreute_kinder",
        {"betreuung": "tageseinrichtung"},
        (18454, 11772, 15097),
    ),
    (
        "22543-01-01-4",
        "2010-03-01",
        "betreute_kinder",
        {"betreuung": "tageseinrichtung", "herkunft": "auslaendisch"},
        (5861, 4039, 5232),
    ),
    (
        "22543-01-02-4",
        "2016-03-01",
        "betreute_kinder",
        {"betreuung": "tageseinrichtung"},
        (18555, 11718, 15578),
    ),
    (
        "22543-01-02-4",
        "2016-03-01",
        "betreute_kinder",
        {"betreuung": "tageseinrichtung", "herkunft": "auslaendisch"},
        (5128, 4112, 5314),
    ),
    ("22811-02-02-4", "2016-12-31", "regelleistungsberechtigte_sgb2", {}, (73269, 18306, 37405)),
    ("22811-02-02-4", "2016-12-31", "regelleistungsberechtigte_sgb2", A, (19135, 6620, 12460)),
    ("22811-02-02-4", "2016-12-31", "personen_in_bedarfsgemeinschaften", {}, (75895, 18776, 38797)),
    ("22811-05i", "2024", "mindestsicherung_empfaenger", {}, (80155, 26391, 50364)),
    (
        "22811-05i",
        "2024",
        "mindestsicherung_empfaenger",
        {"leistung": "sgb2"},
        (65150, 18986, 39429),
    ),
    (
        "22811-05i",
        "2024",
        "mindestsicherung_empfaenger",
        {"leistung": "asylblg"},
        (3060, 2710, 3175),
    ),
    ("22811-01i", "2023", "mindestsicherungsquote", {}, (13.2, 7.2, 10.2)),
    ("AI-S-03", "2015", "mindestsicherungsquote", {}, (14.3, 7.8, 10.3)),
    ("31231-02-01-4", "2015-12-31", "wohnungen", {}, (315549, 161263, 243679)),
    ("AI005", "2013", "wahlbeteiligung", {}, (71.6, 72.6, 74.8)),
    (
        "AI003-1",
        "2016",
        "betreuungsquote",
        {"alter": "00-02", "betreuung": "tageseinrichtung"},
        (18.8, 17.4, 18.1),
    ),
    (
        "AI003-1",
        "2016",
        "betreuungsquote",
        {"alter": "00-02", "betreuung": "tagespflege"},
        (5.8, 8.0, 9.8),
    ),
    (
        "AI003-1",
        "2016",
        "betreuungsquote",
        {"alter": "03-05", "betreuung": "tageseinrichtung"},
        (93.1, 87.3, 93.4),
    ),
    (
        "AI003-2",
        "2015",
        "anteil_schulabgaenge",
        {"schulabschluss": "hochschulreife"},
        (34.1, 35.4, 39.0),
    ),
    ("AI003-2", "2015", "anteil_schulabgaenge", {"schulabschluss": "ohne"}, (6.9, 4.8, 4.9)),
    ("AI008-1", "2016", "arbeitslosenquote", {}, (10.4, 4.8, 6.5)),
    ("AI008-1", "2016", "anteil_an_arbeitslosen", A, (23.5, 30.2, 27.7)),
    ("AI008-2", "2016", "arbeitslosenquote", A, (29.6, 14.0, 17.8)),
    ("AI008-2", "2009", "arbeitslosenquote", A, (29.6, 13.2, 17.6)),
    ("ba-arbeitslose", "2025", "arbeitslose", {}, (28708.8, 11055.4, 18978.4)),
    ("ba-arbeitslose", "2025", "arbeitslose", A, (10606.5, 4357.1, 7250.7)),
    ("ba-arbeitslose", "2020", "arbeitslose", A, (8824.8, 3342.0, 5789.7)),
    (
        "ba-beschaeftigte-wohnort",
        "2025",
        "beschaeftigte_wohnort",
        {"beschaeftigung": "sozialversicherungspflichtig"},
        (237911, 167965, 193764),
    ),
    (
        "ba-beschaeftigte-wohnort",
        "2025",
        "beschaeftigte_wohnort",
        {**A, "beschaeftigung": "sozialversicherungspflichtig"},
        (31860, 31674, 29995),
    ),
    (
        "ba-beschaeftigte-wohnort",
        "2025",
        "beschaeftigte_wohnort",
        {**A, "beschaeftigung": "geringfuegig"},
        (7478, 6251, 7996),
    ),
    (
        "ba-beschaeftigte-arbeitsort",
        "2025",
        "beschaeftigte_arbeitsort",
        {"beschaeftigung": "sozialversicherungspflichtig"},
        (183692, 188633, 197343),
    ),
    (
        "ba-beschaeftigte-arbeitsort",
        "2025",
        "beschaeftigte_arbeitsort",
        {**A, "beschaeftigung": "sozialversicherungspflichtig"},
        (29947, 37095, 37403),
    ),
    ("inkar-kreise", "2000", "auslaenderanteil", {}, (9.70, 8.81, 11.56)),
    ("inkar-kreise", "2010", "auslaenderanteil", {}, (8.73, 8.62, 10.61)),
    ("inkar-kreise", "2015", "auslaenderanteil", {}, (9.62, 11.31, 10.99)),
    ("inkar-kreise", "2022", "auslaenderanteil", {}, (13.71, 15.19, 14.60)),
    (
        "inkar-kreise",
        "2022",
        "anteil_schulabgaenge",
        {"schulabschluss": "ohne"},
        (8.52, 4.33, 5.51),
    ),
]

#: table, region, period, measure, dimensions, figure
SINGLE: list[tuple[str, str, str, str, dict[str, str], float]] = [
    ("12411-03-03-4", "05", "2024-12-31", "bevoelkerung", {}, 18034454),
    ("12411-03-03-4", "05", "2024-12-31", "bevoelkerung", A, 2853013),
    ("12411-03-03-4", "DG", "2024-12-31", "bevoelkerung", {}, 83577140),
    ("12411-03-03-4", "DG", "2024-12-31", "bevoelkerung", A, 12392275),
    ("12411-03-03-4", "DG", "2015-12-31", "bevoelkerung", A, 8651958),
    ("12111-01-01-4", "DG", "2011-05-09", "bevoelkerung", {}, 80219695),
    ("12111-01-01-4", "DG", "2011-05-09", "bevoelkerung", A, 6180013),
    ("12111-01-01-4", "05158", "2011-05-09", "bevoelkerung", {"geschlecht": "maenner"}, 229244),
    ("12111-01-01-4", "05158", "2011-05-09", "bevoelkerung", {"geschlecht": "frauen"}, 248533),
    ("12411-01-01-4", "05562", "2024-12-31", "bevoelkerung", {"geschlecht": "maenner"}, 303445),
    ("12411-01-01-4", "05562", "2024-12-31", "bevoelkerung", {"geschlecht": "frauen"}, 317860),
    ("12411-15i", "05", "2024-12-31", "bevoelkerung", {}, 18034454),
    ("12411-15i", "05562032", "2024-12-31", "bevoelkerung", {}, 115344),
    ("12411-15i", "05754008", "2024-12-31", "bevoelkerung", {}, 100479),
    ("12411-15i", "05562014", "2024-12-31", "bevoelkerung", {}, 75499),
    ("12411-15i", "05158004", "2024-12-31", "bevoelkerung", {}, 43706),
    ("12411-15i", "05158016", "2024-12-31", "bevoelkerung", {}, 55157),
    ("AI-Z1-2011", "05", "2011-05-09", "anteil_migrationshintergrund", {}, 24.5),
    ("AI-Z1-2011", "DG", "2011-05-09", "anteil_migrationshintergrund", {}, 19.2),
    ("12511-01-01-4", "DG", "2016", "einbuergerungen", {}, 110383),
    ("21111-01-03-4", "05562", "2023", "schueler", {"schulform": "gymnasium"}, 14740),
    ("21111-01-03-4", "05562", "2023", "schueler", {**A, "schulform": "gymnasium"}, 1250),
    ("21111-01-03-4", "05562", "2023", "schueler", {"schulform": "hauptschule"}, 1585),
    ("21111-01-03-4", "05562", "2023", "schueler", {**A, "schulform": "hauptschule"}, 725),
    ("21111-01-03-4", "05562", "2023", "schueler", {"schulform": "foerderschule"}, 3310),
    ("21111-01-03-4", "05562", "2023", "schueler", {**A, "schulform": "foerderschule"}, 615),
    ("22811-05i", "05", "2024", "mindestsicherung_empfaenger", {}, 1997154),
    ("22811-05i", "05", "2024", "mindestsicherung_empfaenger", {"leistung": "sgb2"}, 1557269),
    ("22811-05i", "05", "2024", "mindestsicherung_empfaenger", {"leistung": "asylblg"}, 88555),
    ("22811-05i", "05562014", "2024", "mindestsicherung_empfaenger", {}, 13109),
    ("22811-05i", "05562032", "2024", "mindestsicherung_empfaenger", {}, 16943),
    ("22811-05i", "05754008", "2024", "mindestsicherung_empfaenger", {}, 9250),
    ("22811-05i", "05158004", "2024", "mindestsicherung_empfaenger", {}, 5227),
    ("22811-01i", "05", "2023", "mindestsicherungsquote", {}, 11.1),
    ("22811-01i", "05562014", "2023", "mindestsicherungsquote", {}, 17.6),
    ("AI008-2", "DG", "2016", "arbeitslosenquote", A, 15.3),
    (
        "ba-beschaeftigte-arbeitsort",
        "05562",
        "2015",
        "beschaeftigte_arbeitsort",
        {"beschaeftigung": "sozialversicherungspflichtig"},
        158971,
    ),
    ("zensus2022-gemeinden", "05562032", "2022-05-15", "auslaenderanteil", {}, 14.0),
    ("zensus2022-gemeinden", "05562032", "2022-05-15", "anteil_migrationshintergrund", {}, 23.3),
    ("zensus2022-gemeinden", "05562014", "2022-05-15", "anteil_migrationshintergrund", {}, 24.0),
    ("zensus2022-gemeinden", "05754008", "2022-05-15", "anteil_migrationshintergrund", {}, 32.8),
    ("zensus2022-gemeinden", "05754028", "2022-05-15", "auslaenderanteil", {}, 20.1),
    ("zensus2022-gemeinden", "05754016", "2022-05-15", "anteil_migrationshintergrund", {}, 31.5),
    ("zensus2022-gemeinden", "05158004", "2022-05-15", "anteil_migrationshintergrund", {}, 28.3),
    ("zensus2022-gemeinden", "05562032", "2022-05-15", "miete_je_qm", {}, 5.85),
]


#: Foreigners in the register by nationality key, 12521-03i, 2024-12-31
REGISTER = {
    RE: {"163": 24415, "475": 13610, "166": 8035, "154": 6935, "152": 5470, "125": 2165},
    GT: {"154": 12960, "152": 7505, "163": 6510, "166": 5360, "475": 3735, "125": 2620},
    ME: {"163": 13150, "166": 6405, "152": 6025, "475": 5815, "137": 5675, "125": 2920},
}
#: Sums of its continents and of its nations
REGISTER_SUMS = {
    "05": (3273550, 3273575),
    RE: (99345, 99335),
    GT: (63725, 63705),
    ME: (84480, 84390),
}
#: Protection seekers, 12531-0043, 2024-12-31: anerkannt, offen, ohne, anerkannt_befristet_sonstige
PROTECTION = {
    RE: (26820, 1420, 990, 9280),
    GT: (12130, 1545, 790, 5590),
    ME: (15640, 1770, 960, 6075),
}
PROTECTION_NRW = (687260, 77550, 37380)
#: The same by nationality: Syria, Ukraine, Iraq, Afghanistan
PROTECTION_BY_NATION = {
    RE: (10775, 6995, 1935, 1630),
    GT: (2935, 4850, 1950, 1250),
    ME: (4375, 4795, 1530, 1875),
}


@cache
def load(table: str) -> Facts:
    return fact_files.load(CHECKOUT, table)


def figure(table: str, ags: str, period: str, measure: str, chosen: dict[str, str]) -> float:
    """Return the newest figure; dimensions that are not chosen are totals."""
    frame = load(table).frame
    wanted = frame[(frame.ags == ags) & (frame.period == period) & (frame.measure == measure)]
    for dimension in load(table).dimensions:
        wanted = wanted[wanted[dimension] == chosen.get(dimension, "insgesamt")]
    return float(wanted.sort_values("stand").value.iloc[-1])


@pytest.mark.parametrize(("table", "period", "measure", "chosen", "figures"), BY_KREIS)
def test_control_total_of_three_kreise(
    table: str, period: str, measure: str, chosen: dict[str, str], figures: tuple[float, ...]
) -> None:
    assert tuple(figure(table, ags, period, measure, chosen) for ags in THREE) == figures


@pytest.mark.parametrize(("table", "ags", "period", "measure", "chosen", "wanted"), SINGLE)
def test_control_total(
    table: str, ags: str, period: str, measure: str, chosen: dict[str, str], wanted: float
) -> None:
    assert figure(table, ags, period, measure, chosen) == wanted


@pytest.mark.parametrize("ags", THREE)
def test_register_by_nationality(ags: str) -> None:
    nations = REGISTER[ags]
    found = {
        n: figure("12521-03i", ags, "2024-12-31", "auslaendische_bevoelkerung", {"staat": n})
        for n in nations
    }
    assert found == nations


@pytest.mark.parametrize("ags", list(REGISTER_SUMS))
def test_register_sums_of_continents_and_nations(ags: str) -> None:
    frame = load("12521-03i").frame
    frame = frame[(frame.ags == ags) & (frame.geschlecht == "insgesamt")]
    by_length = frame.groupby(frame.staat.str.len()).value.sum()
    assert (by_length[1], by_length[3]) == REGISTER_SUMS[ags]


def test_protection_seekers_by_status() -> None:
    sums = load("12531-0043").frame.groupby(["ags", "schutzstatus"]).value.sum().unstack()
    columns = ["anerkannt", "offen", "ohne", "anerkannt_befristet_sonstige"]
    assert {ags: tuple(sums.loc[ags, columns]) for ags in THREE} == PROTECTION
    assert tuple(sums[columns[:3]].sum()) == PROTECTION_NRW


def test_protection_seekers_by_nationality() -> None:
    frame = load("12531-0043").frame
    frame = frame[frame.schutzstatus.isin(["anerkannt", "offen", "ohne"])]
    sums = frame.groupby(["ags", "staat"]).value.sum().unstack()
    columns = ["475", "166", "438", "423"]
    assert {ags: tuple(sums.loc[ags, columns]) for ags in THREE} == PROTECTION_BY_NATION


def test_rates_of_2016_in_the_delivery_of_2017() -> None:
    frame = fact_files.select_newest(load("13211-02-05-4"), "2017-12-31")
    frame = frame[(frame.period == "2016") & (frame.staatsangehoerigkeit == "auslaender")]
    found = frame.pivot(index="ags", columns="measure", values="value").loc[list(THREE)]
    assert found.arbeitslosenquote.tolist() == [29.6, 14.0, 17.8]
    assert found.arbeitslose.tolist() == [7816, 2897, 4639]


def test_the_rate_of_foreigners_is_hidden_in_2017_and_2018() -> None:
    frame = load("13211-02-05-4").frame
    frame = frame[frame.period.isin(["2017", "2018"]) & (frame.measure == "arbeitslosenquote")]
    frame = frame[(frame.ags == RE) & (frame.staatsangehoerigkeit == "auslaender")]
    assert frame.status.tolist() == ["hidden", "hidden"]


@pytest.mark.parametrize("ags", THREE)
def test_kinds_of_minimum_income_support_add_up(ags: str) -> None:
    parts = ["sgb2", "hilfe_zum_lebensunterhalt", "grundsicherung", "asylblg"]
    table, measure = "22811-05i", "mindestsicherung_empfaenger"
    found = [figure(table, ags, "2024", measure, {"leistung": part}) for part in parts]
    assert sum(found) == figure(table, ags, "2024", measure, {})


def test_two_layouts_of_one_table_agree() -> None:
    both = [("12411-01-01-4", "2015-12-31"), ("12411-03-03-4", "2015-12-31")]
    both += [("12411-01-01-4", "2024-12-31"), ("12411-03-03-4", "2024-12-31")]
    found = [figure(t, ME, p, "bevoelkerung", {"geschlecht": "frauen"}) for t, p in both]
    assert found[0] == found[1]
    assert found[2] == found[3]


@pytest.mark.skipif(not DELIVERIES.is_dir(), reason="the official deliveries are not here")
def test_importing_every_delivery_again_gives_the_committed_facts(tmp_path: Path) -> None:
    ignore = shutil.ignore_patterns("*.csv")
    shutil.copytree(CHECKOUT / "data" / "sources", tmp_path / "data" / "sources", ignore=ignore)
    shutil.copytree(CHECKOUT / "data" / "regions", tmp_path / "data" / "regions")
    table_of = {d.sha256: p.table for p in passports.load(CHECKOUT).values() for d in p.deliveries}
    for path in sorted(DELIVERIES.rglob("*.*")):
        table = table_of.pop(hashlib.sha256(path.read_bytes()).hexdigest(), None)
        if table is not None:
            import_file(tmp_path, path, table=table)
    assert table_of == {}, "no file beside the checkout has these sha256"
    committed = {t: p.read_bytes() for t, p in fact_files.tables(CHECKOUT).items()}
    again = {t: p.read_bytes() for t, p in fact_files.tables(tmp_path).items()}
    assert [t for t in committed if again[t] != committed[t]] == []


@pytest.mark.skipif(not DELIVERIES.exists(), reason="the deliveries are not in a clone")
def test_the_zensus_table_has_equal_facts_from_both_of_its_formats() -> None:
    passport = passports.find(CHECKOUT, "12111-01-01-4")
    folder = DELIVERIES / "regionalstatistik"
    files = ("2017/12111-01-01-4_00.csv", "2021-2026/12111-01-01-4_ffcsv_old.csv")

    found = []
    for name in files:
        table = readers.read(folder / name, [passport])
        frame = mapping.map_facts(table, passport, name, "2017-10-10").frame.astype(str)
        keys = frame.drop(columns="cell").itertuples(index=False, name=None)
        found.append(dict(zip(keys, frame["cell"], strict=True)))

    # The flat file also lists the districts of Berlin, which the classic one leaves out.
    classic, flat = found
    assert len({key[0] for key in classic}) == 526
    assert {key: flat.get(key) for key in classic} == classic
