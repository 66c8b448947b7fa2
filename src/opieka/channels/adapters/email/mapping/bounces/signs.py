"""What a notice of non-delivery written for people looks like: its sender, subject and sentences."""

from __future__ import annotations

import re

# Not `delivery@` and the like: couriers write under such names, and about deliveries that failed.
SENDERS = re.compile(
    r"""^(?:
    mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|daemon|post[-_.]?master\w*|mail[-_.]?delivery(?:[-_.]?\w*system)?
    |mail(?:er)?[-_.]?(?:system|admin(?:istrator)?|robot|server|gateway)|ndr|dsn|bounces?
    |microsoftexchange[0-9a-f]{16,}|amavis\w*|maildrop|mailsweeper\w*|mmdf|uucp|system[-_.]admin\w*|gwia
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
SENDER_NAMES = re.compile(
    r"""
    mail\s*er?[\s-]?daemon|mail\s+delivery\s+(?:sub)?system|mail\s+(?:administrator|system|server)
    |system\s+administrator|postmaster|internet\s+mail\s+delivery|mail\s+transport
    """,
    re.IGNORECASE | re.VERBOSE,
)
SUBJECTS = re.compile(
    r"""^\W*(?:[\w-]+\s+){0,3}?(?:
    undeliver|un-?deliverable|non[-\s]?deliver|not\s+deliver
    |delivery\s+(?:status|fail|err|prob|report|notif|has\s+failed|unsuc|delay|incomplete|unable|temporar)
    |deliver\s+fail|failure\s+(?:notice|delivery)|failed\s+(?:mail|delivery|message)
    |(?:mail|message)\s+delivery|mail\s+(?:system\s+)?(?:err|fail)
    |returned\s+(?:mail|message|e-?mail|to\s+sender)|returning\s+(?:mail|message)
    |return(?:ed)?\s+to\s+sender|could\s+not\s+(?:be\s+)?(?:send|sent|deliver)
    |can(?:not|'t)\s+(?:be\s+)?deliver|unable\s+to\s+deliver|bounced?\s+(?:mail|message)
    |message\s+(?:status|delayed|rejected|you\s+sent\s+blocked|not\s+deliver|undeliver|could\s+not|notif)
    |delayed\s+mail|mail\s+(?:could\s+not|not\s+deliver|status|delayed|returned|rejected|undeliver)
    |warning\s*:?\s+(?:could\s+not|message|mail|unable|e-?mail)|ndn\s*:|rejected\s*:
    |delivery\s*:?\s*fail|error\s+sending|user\s+unknown|unknown\s+(?:user|recipient)|nondeliv
    |permanent\s+(?:delivery|error)|niedostarcz|nie\s+dostarcz|nie\s+mo[zż]na\s+dostarcz
    |nie\s+zosta[lł]\w*\s+dostarcz|nie\s+uda[lł]o\s+si[eę]\s+dostarcz|nie\s+dor[eę]cz
    |zwrot\s+(?:wiadomo|poczty|maila)|недоставл|не\s+доставл|не\s+удалось\s+достав|невозможно\s+достав
    |ошибка\s+достав|возврат\s+(?:письма|почты)|не\s+вдалося\s+достав|αδύνατη\s+η\s+παρ|δεν\s+παραδ
    |μη\s+παραδοτ|αποτυχία\s+(?:παρ|αποστ)|δεν\s+ήταν\s+δυνατή|ανεπίδοτ|επιστροφή\s+μην|unzustellbar
    |nicht\s+zugestellt|zustell\w*\s+(?:fehl|nicht|unm)|fehler\s+bei\s+der\s+zustell|non\s+remis
    |non\s+distribu|[ée]chec\s+de\s+(?:la\s+)?(?:remise|distribution|livraison)
    |impossible\s+de\s+(?:remettre|distribuer)|courrier\s+non
    |no\s+se\s+(?:puede|pudo|ha\s+podido)\s+entreg|no\s+entregad|correo\s+devuelto|error\s+de\s+entrega
    |mensaje\s+(?:devuelto|no\s+entreg)|non\s+(?:recapitabile|consegnat)
    |mancat[oa]\s+(?:recapito|consegna)|impossibile\s+(?:recapitare|consegnare)
    |n[ãa]o\s+(?:entregue|foi\s+poss)|onbestelbaar|niet\s+(?:bezorgd|afgeleverd)|nedoru[čc]
    |nelze\s+doru[čc]|k[ée]zbes[íi]thetetlen|sikertelen\s+k[ée]zb|kunde\s+inte\s+leverera
    |kan\s+ikke\s+leveres|kunne\s+ikke\s+leveres|nelivra|imposibil\s+de\s+livrat|teslim\s+edileme|配信|配送
    |エラー通知|送信できません|退信|未送达|无法投递|반송
    )""",
    re.IGNORECASE | re.VERBOSE,
)
SENTENCES = re.compile(
    r"""
    (?:was|were|be|been|is|are)\s+(?:not\s+(?:\w+\s+){0,2}|un)deliver
    |could\s*n[o']t\s+(?:\w+\s+){0,2}(?:be\s+)?(?:\w+\s+)?(?:deliver|send|sent|reach)
    |can(?:not|'t)\s+(?:\w+\s+){0,2}(?:deliver|send|reach)
    |(?:unable|not\s+able|n't\s+able)\s+to\s+(?:\w+\s+)?(?:deliver|send|relay)|undeliver(?:ed|able)
    |non-?deliver|deliver\w*\s+(?:\w+\s+){0,6}(?:failed|failure|unsuccessful|delayed|error|rejected)
    |failed\s+to\s+deliver
    |(?:permanent|fatal|transient|delivery|unrecoverable)\s+(?:fatal\s+|non-fatal\s+)?(?:error|fail)
    |returned\s+(?:mail|message|to\s+(?:the\s+)?sender)|has\s+not\s+(?:yet\s+)?been\s+deliver
    |did\s+not\s+reach
    |(?:following|these|some)\s+(?:\w+\s+)?(?:address|recipient|user)\w*[\s\S]{0,60}?(?:fail|reject|unknown|invalid|not|error|could|problem|undeliver)
    |address(?:es)?\s+(?:had|failed|with)|rejected\s+(?:by|your|the|for|because)
    |(?:has|have)\s+been\s+rejected|returning\s+(?:your|this|the)|being\s+returned|is\s+returned
    |failed\s+recipient|remote\s+(?:host|server|system)\s+said|user\s+unknown
    |unknown\s+(?:user|recipient|mailbox|address)|no\s+such\s+(?:user|recipient|mailbox|address|person)
    |mailbox\s+(?:is\s+)?(?:full|unavail)|nie\s+(?:\S+\s+){0,4}dostarcz|niedostarcz|недоставл
    |не\s+(?:\S+\s+){0,4}достав|δεν\s+(?:\S+\s+){0,4}(?:παραδ|παράδ)|αποτυχία
    |nicht\s+(?:\S+\s+){0,4}(?:zugestellt|zustell|gesendet|erreich)|unzustellbar|n'a\s+pas\s+pu
    |n'ont\s+pas\s+pu|non\s+remis|n'a\s+pu\s+[êe]tre|no\s+(?:se\s+)?(?:\S+\s+){0,3}entreg
    |non\s+(?:\S+\s+){0,4}(?:recapit|consegn)|n[ãa]o\s+(?:\S+\s+){0,4}entreg
    |niet\s+(?:\S+\s+){0,3}(?:bezorg|aflever)|nelze\s+doru|nebyl\w*\s+doru|nem\s+(?:\S+\s+){0,3}k[ée]zb
    |inte\s+(?:\S+\s+){0,3}levererad?|配信|配送でき|届け|エラー|退信|投递|전송|반송
    """,
    re.IGNORECASE | re.VERBOSE,
)
DELAYS = re.compile(
    r"""
    warning\s+message\s+only|do\s+not\s+need\s+to\s+re-?send|not\s+yet\s+been\s+deliver
    |will\s+(?:be\s+re-?tri|keep\s+trying|(?:continue\s+to\s+)?(?:re-?)?try)
    |delivery\s+(?:attempts\s+will|has\s+been\s+delayed|is\s+delayed)|been\s+delayed
    |(?:could\s+not|unable\s+to)\s+send\s+(?:message|mail)\s+for\s+(?:the\s+)?past
    |(?:delivery|message)\s+(?:temporarily\s+)?(?:delayed|deferred)|no\s+action\s+is\s+required
    |still\s+trying|still\s+being\s+retried|próby\s+dostarczenia\s+będą|pozostanie\s+w\s+kolejce|opóźni
    |попытки\s+(?:доставки\s+)?(?:будут|продолж)|задерж|verzögert|weitere\s+zustellversuche|retardé
    |retrasad|ritardat
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Where the returned mail begins inside the text of the notice.
COPY = re.compile(
    r"""^[ \t>*|#=_~-]*(?:
    below\s+this\s+line\s+is\s+(?:a|the)\s+copy|this\s+is\s+a\s+copy\s+of
    |(?:un(?:sent|delivered)|returned|original)\s+(?:message|mail|text)\b
    |(?:a\s+)?copy\s+of\s+(?:the|your|this)\s+(?:original\s+)?message
    |(?:the\s+)?(?:original|returned)\s+(?:message|mail)\s+(?:follow|header|is|was)
    |(?:message|mail)\s+(?:header|text|content|body)\w*\s*(?:follow|:|-)
    |(?:start|begin)\s+(?:of\s+)?(?:\w+\s+)?(?:message|mail)
    |the\s+(?:header|text|body|first\s+lines)\w*\s+(?:\w+\s+){0,6}(?:message|mail)
    |(?:oryginalna|treść\s+oryginaln|kopia)|(?:исходное|копия)\s|return-path:
    |received:\s+(?:from|by|\()
    )""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
