# SPDX-License-Identifier: GPL-3.0-or-later
"""Languages by the codes and the English words that names of files have for them (ISO 639-1 and 639-2)."""

from __future__ import annotations

import re

# Each: the code of two letters, those of three, names in one word.
_TABLE = """
aa aar afar
ab abk abkhazian
ae ave avestan
af afr afrikaans
ak aka akan
am amh amharic
an arg aragonese
ar ara arabic
as asm assamese
av ava avaric
ay aym aymara
az aze azerbaijani
ba bak bashkir
be bel belarusian
bg bul bulgarian
bi bis bislama
bm bam bambara
bn ben bengali bangla
bo bod tib tibetan
br bre breton
bs bos bosnian
ca cat catalan valencian
ce che chechen
ch cha chamorro
co cos corsican
cr cre cree
cs ces cze czech
cu chu
cv chv chuvash
cy cym wel welsh
da dan danish
de deu ger german
dv div divehi dhivehi maldivian
dz dzo dzongkha
ee ewe
el ell gre greek
en eng english
eo epo esperanto
es spa spanish castilian
et est estonian
eu eus baq basque
fa fas per persian farsi
ff ful fulah
fi fin finnish
fj fij fijian
fo fao faroese
fr fra fre french
fy fry
ga gle irish
gd gla gaelic
gl glg galician
gn grn guarani
gu guj gujarati
gv glv manx
ha hau hausa
he heb hebrew
hi hin hindi
ho hmo
hr hrv croatian
ht hat haitian
hu hun hungarian
hy hye arm armenian
hz her herero
ia ina interlingua
id ind indonesian bahasa
ie ile interlingue occidental
ig ibo igbo
ii iii nuosu
ik ipk inupiaq
io ido
is isl ice icelandic
it ita italian
iu iku inuktitut
ja jpn japanese
jv jav javanese
ka kat geo georgian
kg kon kongo
ki kik kikuyu gikuyu
kj kua kuanyama kwanyama
kk kaz kazakh
kl kal kalaallisut greenlandic
km khm
kn kan kannada
ko kor korean
kr kau kanuri
ks kas kashmiri
ku kur kurdish
kv kom komi
kw cor cornish
ky kir kirghiz kyrgyz
la lat latin
lb ltz luxembourgish letzeburgesch
lg lug ganda
li lim limburgan limburger limburgish
ln lin lingala
lo lao
lt lit lithuanian
lu lub
lv lav latvian
mg mlg malagasy
mh mah marshallese
mi mri mao maori
mk mkd mac macedonian
ml mal malayalam
mn mon mongolian
mr mar marathi
ms msa may malay
mt mlt maltese
my mya bur burmese
na nau nauru
nb nob bokmal
nd nde
ne nep nepali
ng ndo ndonga
nl nld dut dutch flemish
nn nno nynorsk
no nor norwegian
nr nbl
nv nav navajo navaho
ny nya chichewa chewa nyanja
oc oci occitan
oj oji ojibwa
om orm oromo
or ori oriya
os oss ossetian ossetic
pa pan panjabi punjabi
pi pli pali
pl pol polish
ps pus pushto pashto
pt por portuguese brazilian
qu que quechua
rm roh romansh
rn run rundi
ro ron rum romanian moldavian moldovan
ru rus russian
rw kin kinyarwanda
sa san sanskrit
sc srd sardinian
sd snd sindhi
se sme
sg sag sango
si sin sinhala sinhalese
sk slk slo slovak
sl slv slovenian
sm smo samoan
sn sna shona
so som somali
sq sqi alb albanian
sr srp serbian
ss ssw swati
st sot sotho
su sun sundanese
sv swe swedish
sw swa swahili
ta tam tamil
te tel telugu
tg tgk tajik
th tha thai
ti tir tigrinya
tk tuk turkmen
tl tgl tagalog
tn tsn tswana
to ton tonga
tr tur turkish
ts tso tsonga
tt tat tatar
tw twi
ty tah tahitian
ug uig uighur uyghur
uk ukr ukrainian
ur urd urdu
uz uzb uzbek
ve ven venda
vi vie vietnamese
vo vol volapuk
wa wln walloon
wo wol wolof
xh xho xhosa
yi yid yiddish
yo yor yoruba
za zha zhuang chuang
zh zho chi chinese mandarin cantonese
zu zul zulu
"""

_KNOWN = {word: line.split()[0] for line in _TABLE.strip().splitlines() for word in line.split()}
CODES = frozenset(_KNOWN.values())  # ISO 639-1
_TAG = re.compile(r"([A-Za-z]{2,3})([-_][A-Za-z0-9]{2,8})*")


def code(word: str) -> str:
    """The ISO 639-1 code of what may be a code, a tag (BCP 47: pt-BR, zh_Hans) or an English name; '' if it
    is none."""
    known = _KNOWN.get(word.lower(), "")
    if not known:
        tag = _TAG.fullmatch(word)
        known = _KNOWN.get(tag.group(1).lower(), "") if tag else ""
    return known


def same(tag: str, other: str) -> bool:
    """Whether two tags are of one language, whatever the region."""
    return (code(tag) or tag.lower()) == (code(other) or other.lower())
