"""Words of the pages and of the result, per language: a kind of question speaks without the pages' catalogues."""

from __future__ import annotations

FAILS = {"kk": "Сәйкес келмейтін арақатынастар", "ru": "Не сходятся", "en": "Relations that fail"}
NONE_FAILS = {"kk": "бәрі сәйкес келеді", "ru": "все сходятся", "en": "all of them hold"}
WRONG_LINE = {"kk": "Қате жол", "ru": "Неверная строка", "en": "Wrong line"}
NO_LINE = {"kk": "қате жол жоқ", "ru": "неверных строк нет", "en": "no line is wrong"}
EVENING = {"kk": "Комиссияның кешкі жұмысы", "ru": "Вечер в комиссии", "en": "The commission's evening"}
LINES = {"kk": "Жол-жолымен", "ru": "По строкам", "en": "Line by line"}
RELATIONS = {
    "kk": "Сіз жазған сандардағы бақылау арақатынастары",
    "ru": "Контрольные соотношения в ваших числах",
    "en": "Control relations in your figures",
}
IN_PROTOCOL = {
    "kk": "Хаттамадағы бақылау арақатынастары",
    "ru": "Контрольные соотношения в протоколе",
    "en": "Control relations in the protocol",
}
WROTE = {"kk": "сіз жаздыңыз: {a}", "ru": "вы написали: {a}", "en": "you wrote {a}"}
EMPTY = {"kk": "бос қалған", "ru": "не заполнено", "en": "left empty"}
OPEN = {
    "kk": "тексеру мүмкін емес: бос ұяшық бар",
    "ru": "проверить нельзя: есть пустая клетка",
    "en": "cannot be checked: a cell is empty",
}
HOLDS = {"kk": "сәйкес келеді", "ru": "сходится", "en": "holds"}
DOES_NOT = {"kk": "сәйкес келмейді", "ru": "не сходится", "en": "does not hold"}
NAMED = {"kk": "сіз белгіледіңіз", "ru": "вы отметили", "en": "you ticked it"}
NOT_NAMED = {"kk": "сіз белгілемедіңіз", "ru": "вы не отметили", "en": "you did not tick it"}
FAULT = {"kk": "Не болған", "ru": "Что случилось", "en": "What happened"}
NOTHING = {
    "kk": "Бұл хаттамада қате жоқ: әр жол комиссияның кешкі жұмысымен сәйкес келеді.",
    "ru": "В этом протоколе ошибки нет: каждая строка соответствует вечеру комиссии.",
    "en": "There is no fault in this protocol: every line agrees with the commission's evening.",
}
STANDS = {
    "kk": "хаттамада {a}, кешке қарағанда {b}",
    "ru": "в протоколе {a}, по рассказу {b}",
    "en": "the protocol says {a}, the evening gave {b}",
}
UNSEEN = {
    "kk": "Бұл қатені ешбір арақатынас көрсетпейді.",
    "ru": "Эту ошибку не показывает ни одно соотношение.",
    "en": "No relation shows this fault.",
}
