"""Names of invented people: Kazakh and Russian ones, with the forms that belong to a woman or a man."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


KAZAKH_SURNAMES = _words(
    """
    Абдуллин Айтбаев Ақшолақов Алдабергенов Амангелдин Арыстанов Асқаров Әбдіров Әбішев Бақтыбаев Балмағамбетов
    Баймұратов Бегалиев Бекенов Берденов Бисенов Досмағамбетов Ділдабеков Егізбаев Елеусінов Ерғалиев Есенов
    Жаңабаев Жарылғасов Жетпісов Жолдыбаев Жұмағалиев Жүсіпов Ибраев Ізтілеуов Кенжебаев Көбеков Көшербаев
    Құлбаев Құлмағамбетов Қайырбаев Қалдыбеков Қасенов Қожахметов Қонысбаев Құдайбергенов Мәмбетов Мұратбаев
    Мұстафин Мырзаев Нағиев Назаров Нұрбаев Нұрғалиев Омаров Оразбаев Орынбаев Өтегенов Өтеулиев Рахметов
    Рысбаев Сағындықов Садықов Сарбасов Сатыбалдин Серғазиев Сисенов Сүлейменов Табылдиев Тасболатов Тәжібаев
    Тілеуов Төребаев Тұрғанбаев Түменбаев Ұзақбаев Үмбетов Шайхиев Шаңғытбаев Шынтасов Ыбырайымов Ысқақов
    """
)
RUSSIAN_SURNAMES = _words(
    """
    Андреев Баранов Белов Борисов Васильев Воробьев Гаврилов Голубев Григорьев Давыдов Егоров Ершов Зайцев Ильин
    Калинин Киселев Комаров Крылов Лебедев Макаров Мельников Никитин Орлов Павлов Романов Савельев Сорокин
    Степанов Тарасов Титов Федоров Филиппов Фомин Чернов Широков Щербаков
    """
)
SAME_FOR_BOTH = ("Бондаренко", "Гончар", "Ким", "Коваль", "Лысенко", "Мороз", "Пак", "Ткач", "Цой", "Шевчук")
KAZAKH_MEN = _words(
    """
    Азамат Айбек Айдын Алмас Амангелді Арман Асқар Бауыржан Бекзат Берік Бақытжан Ғалым Дархан Досжан Ерболат
    Ержан Еркін Жанібек Жасұлан Жомарт Кенжебек Қайрат Қуаныш Мақсат Мейрам Мұрат Нұржан Нұрлыбек Олжас Оразбай
    Руслан Рүстем Сағат Самат Санжар Сәкен Талғат Темірлан Төлеген Ұлан Шыңғыс Шерхан
    """
)
KAZAKH_WOMEN = _words(
    """
    Айгерім Айжан Айнагүл Ақбота Ақерке Алтынай Әсем Баян Бибігүл Ғалия Гүлжан Гүлмира Гүлсім Гүлшат Дана Дариға
    Динара Жадыра Жанар Жанат Жұлдыз Зәуре Зейнеп Индира Қарлығаш Күләш Ләззат Мадина Маржан Меруерт Назгүл
    Назым Нұргүл Перизат Роза Салтанат Самал Сандуғаш Сая Ұлжан Шара Шынар Эльмира
    """
)
RUSSIAN_MEN = _words(
    """
    Александр Алексей Андрей Антон Василий Виктор Владимир Геннадий Дмитрий Евгений Игорь Константин Максим
    Михаил Николай Олег Павел Роман Станислав Юрий
    """
)
RUSSIAN_WOMEN = _words(
    """
    Алина Алла Анастасия Анна Валентина Вера Галина Екатерина Зинаида Ирина Ксения Лариса Людмила Маргарита
    Марина Надежда Оксана Ольга Светлана Юлия
    """
)
KAZAKH_FATHERS = _words(
    """
    Абай Айтқали Аманжол Ахмет Әділ Баймұрат Бекмұрат Болат Есен Жақсылық Жеңіс Жұмабек Ибрагим Иса Кенес Қадыр
    Қалижан Қанат Қыдыр Мәлік Мырзабек Нұрым Орынбасар Рахым Сабыр Сейіт Серік Тілеген Төлеу Үсен Хамит Шәріп
    """
)
RUSSIAN_FATHERS = (
    ("Александрович", "Александровна"), ("Алексеевич", "Алексеевна"), ("Анатольевич", "Анатольевна"),
    ("Борисович", "Борисовна"), ("Васильевич", "Васильевна"), ("Владимирович", "Владимировна"),
    ("Геннадьевич", "Геннадьевна"), ("Иванович", "Ивановна"), ("Леонидович", "Леонидовна"),
    ("Михайлович", "Михайловна"), ("Николаевич", "Николаевна"), ("Павлович", "Павловна"), ("Петрович", "Петровна"),
    ("Сергеевич", "Сергеевна"), ("Юрьевич", "Юрьевна"),
)  # fmt: skip
OLDER_FATHERS = (
    ("Ахметович", "Ахметовна"), ("Болатович", "Болатовна"), ("Ибрагимович", "Ибрагимовна"), ("Канатович", "Канатовна"),
    ("Сабирович", "Сабировна"), ("Хамитович", "Хамитовна"),
)  # fmt: skip
"""Kazakh fathers' names in the Russian way, as older papers have them."""
SHARE_OF_KAZAKH = 0.86
SHARE_OF_WOMEN = 0.72


@dataclass(frozen=True)
class Name:
    """A person's name, and what follows from it."""

    surname: str
    given_name: str
    patronymic: str
    is_woman: bool
    is_kazakh: bool


def invent_name(rng: Random) -> Name:
    """A name whose parts all belong to a woman, or all to a man."""
    is_kazakh = rng.random() < SHARE_OF_KAZAKH
    is_woman = rng.random() < SHARE_OF_WOMEN
    surnames = KAZAKH_SURNAMES if is_kazakh else RUSSIAN_SURNAMES + SAME_FOR_BOTH
    given = {
        (True, True): KAZAKH_WOMEN,
        (True, False): KAZAKH_MEN,
        (False, True): RUSSIAN_WOMEN,
        (False, False): RUSSIAN_MEN,
    }[is_kazakh, is_woman]
    return Name(
        surname_of(rng.choice(surnames), is_woman=is_woman),
        rng.choice(given),
        _patronymic(rng, is_kazakh=is_kazakh, is_woman=is_woman),
        is_woman,
        is_kazakh,
    )


def surname_of(surname: str, *, is_woman: bool) -> str:
    """A surname as a woman or a man bears it: Омаров, Омарова; Ильин, Ильина; Ким, Ким."""
    return surname + "а" if is_woman and surname not in SAME_FOR_BOTH else surname


def _patronymic(rng: Random, *, is_kazakh: bool, is_woman: bool) -> str:
    chance = rng.random()
    if not is_kazakh:
        return rng.choice(RUSSIAN_FATHERS)[is_woman]
    if chance < 0.04:
        return ""
    if chance < 0.2:
        return rng.choice(OLDER_FATHERS)[is_woman]
    return rng.choice(KAZAKH_FATHERS) + ("қызы" if is_woman else "ұлы")
