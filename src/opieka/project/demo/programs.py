"""How the mail programs of the demo's customers write: as data, one `Program` each.

Templates take `who`, `address`, `when` (and `When`, capitalised), `to` and `subject` of the mail they quote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Parts = Literal["plain", "alternative", "reply-alternative", "html"]


@dataclass(frozen=True)
class Html:
    """Templates of an HTML part: a `line`, a `blank` one, the `quote` (with `attribution` and `quoted`
    beside the fields above) and the `page` around `new` and `quote`."""

    line: str
    blank: str
    quote: str
    page: str


@dataclass(frozen=True)
class Program:
    """`attribution` holds a CLDR pattern for `when` and the line above the quote, by language; `mark` stands
    before each quoted line, `wrap` is the column at which plain text is broken (0: never), `flowed` whether
    by RFC 3676."""

    parts: Parts
    attribution: Mapping[str, tuple[str, str]]
    html: Html
    header: tuple[str, str] = ("", "")
    mark: str = "> "
    wrap: int = 0
    flowed: bool = False
    prefix: str = "Re: "
    prefixes: Mapping[str, str] = field(default_factory=dict)
    signature: Mapping[str, str] = field(default_factory=dict)
    charset: Mapping[str, str] = field(default_factory=dict)
    encoding: Literal["quoted-printable", "base64", "8bit"] = "quoted-printable"

    def reply_subject(self, subject: str, language: str) -> str:
        return self.prefixes.get(language, self.prefix) + subject


_DIV = "<div>{line}</div>"
_DIV_BLANK = "<div><br></div>"

_GMAIL = Html(
    line=_DIV,
    blank=_DIV_BLANK,
    quote='<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{attribution}'
    '<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid '
    'rgb(204,204,204);padding-left:1ex">{quoted}</blockquote></div>',
    page='<div dir="ltr">{new}</div>{quote}\n',
)
_APPLE = Html(
    line=_DIV,
    blank=_DIV_BLANK,
    quote='<div><br><blockquote type="cite"><div>{attribution}</div><br class="Apple-interchange-newline">'
    "<div>{quoted}</div></blockquote></div><br>",
    page='<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>'
    '<body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;">'
    "{new}{quote}</body></html>",
)
_IPHONE = Html(
    line='<div dir="ltr">{line}</div>',
    blank='<div dir="ltr"><br></div>',
    quote='<div dir="ltr"><br><blockquote type="cite">{attribution}<br><br></blockquote></div>'
    '<blockquote type="cite"><div dir="ltr">\ufeff{quoted}</div></blockquote>',
    page='<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>'
    '<body dir="auto">{new}{quote}</body></html>',
)
_OUTLOOK = Html(
    line='<p class="MsoNormal">{line}<o:p></o:p></p>',
    blank='<p class="MsoNormal"><o:p>&nbsp;</o:p></p>',
    quote='<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
    '<p class="MsoNormal">{attribution}<o:p></o:p></p></div></div>'
    '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>{quoted}',
    page='<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head>'
    '<meta name="Generator" content="Microsoft Word 15 (filtered medium)"><style><!--\n'
    'p.MsoNormal {{margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;}}\n--></style></head>'
    '<body link="#0563C1" vlink="#954F72"><div class="WordSection1">{new}'
    '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>{quote}</div></body></html>',
)
_WP = Html(
    line="<div>{line}</div>",
    blank="<div>&nbsp;</div>",
    quote='<div>&nbsp;</div><div>{attribution}</div><blockquote class="wp-quote" style="margin-left: 5px; '
    'padding-left: 5px; border-left: 2px solid #ccc;">{quoted}</blockquote>',
    page='<div style="font-family: arial, sans-serif; font-size: 14px;">{new}{quote}</div>',
)
_ONET = Html(
    line="<p>{line}</p>",
    blank="",
    quote='<p>{attribution}</p><blockquote style="margin-left:7px;border-left:2px solid orange;'
    'padding-left:8px">{quoted}</blockquote>',
    page="<!DOCTYPE html><html><head></head><body>{new}{quote}</body></html>",
)
_MAILRU = Html(
    line="<div>{line}</div>",
    blank="<div>&nbsp;</div>",
    quote='<div>&nbsp;</div><blockquote style="border-left:1px solid #0857A6; margin:10px; '
    'padding:0 0 0 10px;">{attribution}<br>&nbsp;<div>{quoted}</div></blockquote>',
    page="\n<HTML><BODY>{new}{quote}</BODY></HTML>\n",
)
_YANDEX = Html(
    line="<div>{line}</div>",
    blank="<div> </div>",
    quote="<div> </div><div> </div><div>{attribution}</div><blockquote>{quoted}</blockquote>",
    page="{new}{quote}",
)

_APPLE_LINES = {
    "pl": ("d MMM y, 'o' 'godz'. HH:mm", "Wiadomość napisana przez {who} <{address}> w dniu {when}:"),
    "ru": ("d MMM y 'г'., 'в' HH:mm", "{when}, {who} <{address}> написал(а):"),
    "el": ("d MMM y, 'στις' h:mm a", "Στις {when}, ο/η {who} <{address}> έγραψε:"),
    "en": ("d MMM y, 'at' HH:mm", "On {when}, {who} <{address}> wrote:"),
}
_OUTLOOK_LINES = {
    "pl": ("EEEE, d MMMM y HH:mm", "Od: {who} <{address}>\nWysłano: {when}\nDo: {to}\nTemat: {subject}"),
    "ru": (
        "EEEE, d MMMM y 'г'. HH:mm",
        "От: {who} <{address}>\nОтправлено: {when}\nКому: {to}\nТема: {subject}",
    ),
    "el": ("EEEE, d MMMM y h:mm a", "Από: {who} <{address}>\nΕστάλη: {when}\nΠρος: {to}\nΘέμα: {subject}"),
    "en": ("EEEE, d MMMM y HH:mm", "From: {who} <{address}>\nSent: {when}\nTo: {to}\nSubject: {subject}"),
}

PROGRAMS: Mapping[str, Program] = {
    "gmail": Program(
        parts="alternative",
        attribution={
            "pl": ("EEE, d MMM y 'o' HH:mm", "{when} {who} <{address}> napisał(a):"),
            "ru": ("EEE, d MMM y 'г'. 'в' HH:mm", "{when}, {who} <{address}>:"),
            "el": ("EEE d MMM y 'στις' h:mm a", "Στις {when}, ο χρήστης {who} <{address}> έγραψε:"),
            "en": ("EEE, d MMM y 'at' HH:mm", "On {when}, {who} <{address}> wrote:"),
        },
        html=_GMAIL,
        wrap=76,
        encoding="base64",
    ),
    "apple-mail": Program(
        parts="alternative",
        attribution=_APPLE_LINES,
        html=_APPLE,
        header=("X-Mailer", "Apple Mail (2.3826.700.81)"),
    ),
    "iphone": Program(
        parts="reply-alternative",
        attribution=_APPLE_LINES,
        html=_IPHONE,
        header=("X-Mailer", "iPhone Mail (22G86)"),
        signature={
            "pl": "Wysłane z iPhone’a",
            "ru": "Отправлено с iPhone",
            "el": "Στάλθηκε από το iPhone μου",
            "en": "Sent from my iPhone",
        },
    ),
    "outlook": Program(
        parts="alternative",
        attribution=_OUTLOOK_LINES,
        html=_OUTLOOK,
        header=("X-Mailer", "Microsoft Outlook 16.0"),
        mark="",
        prefix="RE: ",
        prefixes={"pl": "ODP: "},
        charset={"pl": "iso-8859-2", "ru": "windows-1251", "el": "windows-1253", "en": "us-ascii"},
    ),
    "wp": Program(
        parts="alternative",
        attribution={"pl": ("d MMMM y HH:mm", "Dnia {when} {who} <{address}> napisał(a):")},
        html=_WP,
        header=("X-Mailer", "Interfejs WWW poczty Wirtualnej Polski"),
        prefix="Odp: ",
        wrap=76,
    ),
    "onet": Program(
        parts="alternative",
        attribution={"pl": ("yyyy-MM-dd HH:mm:ss", "W dniu {when} użytkownik {who} <{address}> napisał:")},
        html=_ONET,
        header=("X-Mailer", "onet.poczta"),
        charset={"pl": "iso-8859-2"},
        wrap=72,
    ),
    "mailru": Program(
        parts="alternative",
        attribution={"ru": ("EEEE, d MMMM y, HH:mm xxx", "{When} от {who} <{address}>:")},
        html=_MAILRU,
        header=("X-Mailer", "Mail.Ru Mailer 1.0"),
        mark=">",
        encoding="base64",
    ),
    "yandex": Program(
        parts="html",
        attribution={"ru": ("dd.MM.y, HH:mm", '{when}, "{who}" <{address}>:')},
        html=_YANDEX,
        header=("X-Mailer", "Yamail [ http://yandex.ru ] 5.0"),
        encoding="base64",
    ),
    "thunderbird": Program(
        parts="plain",
        attribution={
            "pl": ("dd.MM.y 'o' HH:mm", "W dniu {when}, {who} pisze:"),
            "en": ("dd/MM/y HH:mm", "On {when}, {who} wrote:"),
        },
        html=_YANDEX,
        header=("User-Agent", "Mozilla Thunderbird"),
        wrap=72,
        flowed=True,
        encoding="8bit",
    ),
    "plain": Program(
        parts="plain",
        attribution={"pl": ("yyyy-MM-dd HH:mm", "{when}, {who}:")},
        html=_YANDEX,
        encoding="8bit",
    ),
    "shop": Program(parts="alternative", attribution={}, html=_YANDEX),
}
