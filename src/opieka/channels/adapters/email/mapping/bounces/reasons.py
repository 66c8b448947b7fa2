"""Why a mail came back, in the words of mail servers, as status codes."""

from __future__ import annotations

import re

_REASONS: tuple[tuple[str, str], ...] = (
    (
        "5.2.2",
        r"""
    (?:mailbox|quota|inbox|account|storage|disk|space|folder|mail\s?drop|user|recipient)\S*\s+(?:\S+\s+){0,6}?(?:is\s+full|full\b|exceed|over\s*quota|has\s+insufficient|limit\s+reached|out\s+of\s+space)
    |over\s?-?quota|quota\s+(?:exceed|violation|is\s+full)
    |exceed\w*\s+(?:\S+\s+){0,4}(?:quota|storage|mailbox\s+size)|diskspace|disk\s+full
    |not\s+enough\s+(?:storage|disk|space)|insufficient\s+(?:system\s+storage|disk|space)
    |mailfolder\s+is\s+full|skrzynka\s+(?:\S+\s+){0,3}(?:pełna|przepełniona)|przepełnion|brak\s+miejsca
    |переполнен|превышен\w*\s+квот|postfach\s+(?:\S+\s+){0,3}voll|speicherplatz
    |bo[iî]te\s+(?:\S+\s+){0,4}pleine|buz[óo]n\s+(?:\S+\s+){0,3}lleno|casella\s+(?:\S+\s+){0,3}piena
    |caixa\s+(?:\S+\s+){0,4}cheia|γεμάτ|υπέρβαση
    """,
    ),
    (
        "5.1.2",
        r"""
    (?:host|domain|system|server)\s+(?:\S+\s+){0,4}?(?:unknown|not\s+found|not\s+exist|n't\s+exist|does\s+not\s+exist|invalid|could\s+not\s+be\s+found)
    |(?:unknown|no\s+such|bad|invalid|illegal|unresolvable)\s+(?:host|domain|destination\s+(?:host|system|domain))
    |couldn't\s+find\s+any\s+host|name\s+(?:service\s+error|server:|not\s+found)|nxdomain
    |unrouteable\s+(?:mail\s+)?domain|unroutable\s+domain|host\s+or\s+domain\s+name\s+not\s+found
    |no\s+(?:mx|mail\s+exchanger|route)\b|all\s+relevant\s+mx|hostname\s+lookup
    |dns\s+(?:error|failure|lookup)|nie\s+znaleziono\s+domeny|домен\s+не
    """,
    ),
    (
        "5.2.1",
        r"""
    (?:account|mailbox|user|address|recipient)\s+(?:\S+\s+){0,5}?(?:disabled|suspended|inactive|deactivated|expired|closed|blocked|locked)
    |(?:disabled|inactive|suspended|discontinued)\s+(?:account|mailbox|user|recipient)|not\s+active
    |no\s+longer\s+(?:active|in\s+use|on\s+server|work|valid|here|employed)|zablokowan|nieaktywn
    |заблокирован|отключ|gesperrt|deaktiviert
    """,
    ),
    (
        "5.1.1",
        r"""
    (?:user|recipient|mailbox|address|account|addressee|alias|name|person|member|email)\S*\s+(?:\S+\s+){0,6}?(?:unknown|not\s+(?:be\s+)?(?:found|known|exist|listed|valid|recogni[sz]ed|available|local)|n't\s+(?:exist|found|have)|does\s+not\s+(?:exist|have)|invalid|unavailable|doesn't\s+exist|rejected|no\s+longer|undeliverable|error)
    |(?:unknown|no\s+such|invalid|bad|nonexistent|non-existent|unrouteable|illegal|undeliverable|unavailable|no)\s+(?:\S+\s+)?(?:user|recipient|mailbox|address|account|addressee|alias|name|person|local\s+part|e-?mail)
    |unknown\s+(?:or\s+illegal\s+alias|local)
    |not\s+(?:listed\s+in|our\s+customer|a\s+(?:valid|known|local))
    |is\s+not\s+(?:known|here|at|a\s+known)|does\s+not\s+exist
    |there\s+is\s+no\s+(?:one|such|user|account)|wasn't\s+found|couldn't\s+be\s+found
    |could\s+not\s+be\s+found|bad\s+destination|can't\s+find|nie\s+istnieje|nieznan|nie\s+znaleziono
    |не\s+(?:существует|найден|зарегистрирован)|неизвестн|нет\s+такого|δεν\s+(?:υπάρχει|βρέθηκε)|άγνωστ
    |unbekannt|existiert\s+nicht|nicht\s+(?:gefunden|bekannt)|ungültig|n'existe\s+pas|introuvable
    |inconnu|no\s+existe|desconocid|no\s+(?:se\s+)?(?:ha\s+)?(?:encontr|encuentr)
    |non\s+(?:esiste|[èe]\s+stato\s+trovato|trovat)|sconosciut|inesistente|n[ãa]o\s+existe|desconhecid
    |bestaat\s+niet|onbekend|neexistuje|nem\s+l[ée]tezik|finns\s+inte|okänd|見つかりません|存在しません|不存在|존재하지
    """,
    ),
    (
        "5.3.4",
        r"""
    (?:message|mail|attachment|size)\s+(?:\S+\s+){0,6}?(?:too\s+(?:large|big)|exceed|larger\s+than|bigger)
    |max\w*\s+(?:message\s+)?size|za\s+duż|слишком\s+больш|zu\s+gro(?:ß|ss)|trop\s+(?:gros|volumineux)
    |demasiado\s+grande
    """,
    ),
    (
        "5.4.6",
        r"too\s+many\s+hops|mail\s+loop|loops?\s+back|routing\s+loop|hop\s+count|looping|excessive\s+recursion",
    ),
    (
        "5.7.1",
        r"""
    spam|blocke?d|black\s?-?list|block\s?-?list|\brbl\b|\bdnsbl\b|polic(?:y|ies)|access\s+denied
    |not\s+(?:authori[sz]ed|permitted|allowed|accepted)|relay\w*\s+(?:denied|not|prohib)|denied
    |content\s+(?:reject|filter|not)|virus|prohibited|reputation|banned|rejected\s+by|refused\s+by|dmarc
    |\bspf\b|dkim|спам|verweigert
    """,
    ),
    (
        "4.4.7",
        r"""
    queue\s+too\s+long|retry\s+time(?:out)?\s+(?:not\s+reached|exceed)|time\s+(?:expired|limit)|expired
    |max\w*\s+(?:time|retr)|giving\s+up|given\s+up|too\s+long|for\s+(?:the\s+)?(?:past|last)\s+\d
    |after\s+(?:more\s+than\s+)?\d+\s+(?:hour|day|attempt)|unable\s+to\s+(?:\S+\s+){0,3}within\s+\d
    """,
    ),
    (
        "4.4.1",
        r"""
    tim(?:ed|e)[\s-]?out|connection\s+(?:refused|reset|closed|dropped|failed|lost)
    |(?:could\s*n[o']t|unable\s+to|cannot|can't|failed\s+to)\s+(?:\S+\s+){0,3}connect|not\s+respond
    |no\s+answer|unreachable|connect\s+to|network|temporar(?:y|ily)|try\s+again|greylist|too\s+busy
    |limite?\s+d'attente
    """,
    ),
)
_COMPILED = tuple((code, re.compile(words, re.IGNORECASE | re.VERBOSE)) for code, words in _REASONS)


def status(text: str) -> str | None:
    """The status that the first known reason in the text stands for; None when it gives none."""
    return next((code for code, words in _COMPILED if words.search(text)), None)
