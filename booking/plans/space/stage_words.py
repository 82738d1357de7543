"""What people write on that part of a plan at which everybody looks."""

import re
import unicodedata
from itertools import pairwise


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


_STAGE = frozenset(
    # English, German, Dutch, French, Spanish, Portuguese, Italian, Catalan
    _words("stage screen pitch field court rink altar chancel pulpit podium lectern blackboard")
    + _words("whiteboard catwalk runway bühne buehne leinwand spielfeld spielfläche altarraum")
    + _words("rednerpult manege eisfläche laufsteg toneel scherm speelveld altaar scène scene")
    + _words("écran ecran terrain autel piste patinoire escenario pantalla cancha campo tarima")
    + _words("palcoscenico tela ecrã gramado relvado schermo altare escenari")
    # Danish, Norwegian, Swedish, Finnish, Icelandic
    + _words("scenen lærred lerret filmduk alter näyttämö lava valkokangas kenttä svið")
    # Polish, Czech, Slovak, Hungarian, Romanian, Croatian, Slovenian, Turkish, Baltic
    + _words("scena ekran boisko ołtarz jeviště plátno hřiště oltář javisko ihrisko oltár színpad")
    + _words("vászon pálya scenă ecran teren pozornica platno igrišče sahne saha scenos scēna")
    + _words("ekrāns ekraan väljak")
    # Russian, Ukrainian, Bulgarian, Serbian, Greek
    + _words(
        "сцена экран поле арена алтарь манеж корт екран вівтар сцената терен σκηνή οθόνη γήπεδο"
    )
    # Hebrew, Arabic, Persian, Chinese, Japanese, Korean, Thai, Vietnamese
    + _words(
        "במה מסך מגרש مسرح المسرح شاشة الشاشة ملعب منصة صحنه پرده 舞台 银幕 銀幕 屏幕 球场 球場"
    )
    + _words("ステージ スクリーン ピッチ コート グラウンド 무대 스크린 경기장 เวที จอ")
    + ["sân khấu", "màn hình"]
)
_COMPOUNDS = ("bühne", "buehne", "leinwand", "spielfeld", "altar", "toneel", "scenen")
_ALONE = frozenset(_words("palco ring arena tafel ice performance pista"))
"""Stages if they stand alone: “Palco 3” is a box, “Tafel 3” a table, and “1. Ring” a balcony."""
_ELSEWHERE = frozenset(
    _words("entrance entry exit door stairs bar wc toilet toilets foyer lobby cloakroom food view")
    + _words("restricted backstage sound light foh mixer technik regie licht ton eingang ausgang")
    + _words("zugang notausgang tür treppe garderobe toilette toiletten theke sichtbehinderung")
    + _words("entrée sortie vestiaire entrada salida saída ingresso uscita ingang uitgang wejście")
    + _words("wyjście vchod вход выход гардероб")
)


def names_the_stage(text: str) -> bool:
    """Whether a text says that something is the stage, the screen, the pitch or the altar."""
    words = _words(text)
    if names_something_else(text):
        return False
    if len(words) == 1 and words[0] in _ALONE:
        return True
    pairs = {f"{one} {other}" for one, other in pairwise(words)}
    return not _STAGE.isdisjoint({*words, *pairs}) or any(
        word.endswith(_COMPOUNDS) for word in words
    )


def names_something_else(text: str) -> bool:
    """Whether a text says that something is no such thing, but a bar or an entrance."""
    return not _ELSEWHERE.isdisjoint(_words(text))
