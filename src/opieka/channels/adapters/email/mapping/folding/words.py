"""What mail programs and people write around history; compared by `lines.key`, so accents are free.

Languages: pl, ru, uk, el, en, de, fr, es, it, pt, nl, cs, sk, sv, da, no, fi, ro, hu, tr; in part bg, hr,
sl, lt, lv, et, zh, ja, ko.
"""

from __future__ import annotations

from opieka.channels.adapters.email.mapping.folding.lines import key, names


def _words(text: str) -> frozenset[str]:
    return names(key(text))


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            key(phrase).strip() for line in text.splitlines() for phrase in line.split("|") if phrase.strip()
        )
    )


# The verb of "On ... X wrote:", bare of "(a)" and the like.
WROTE = _words("""
    wrote writes sent napisał napisała napisali napisano napisana pisze pisał pisała piszą
    написал написала написали пишет пишете писал писала писали написав написала пише писав
    έγραψε έγραψαν γράφει schrieb schrieben schreibt geschrieben écrit écrivait escribió escribe escribía
    scritto scrive escreveu escreve schreef geschreven schrijft napsal napsala napísal napísala
    skrev skriver kirjoitti scris scrie írta írt yazdı yazmış napisao pisao написа написао rašė parašė
    rakstīja kirjutas
""")

# Letters by which a token inside a date is known: the first three of months and weekdays, as the Unicode CLDR
# has them ...
DATE_STEMS = _words("""
    cze czw gru kwi lip lis lut maj mar nie paz pia pon sie sob sro sty wrz wto
    авг апр вос вто дек июл июн маи мар мая ноя окт пон пят сен сре суб фев чет янв
    бер вер вів гру жов кві лип лис лют нед пʼя пят сер січ тра чер
    απρ αυγ δεκ δευ ιαν ιου κυρ μαι μαρ νοε οκτ παρ πεμ σαβ σεπ τετ τρι φεβ
    apr aug dec feb fri jan jul jun may mon nov oct sat sep sun thu tue wed
    dez die don fre mai mit okt sam son aou avr dim fev jeu jui lun mer ven
    abr ago dic dom ene jue mie vie gen gio giu lug mag ott set fei out qua qui seg sex ter
    din maa mei mrt vri woe zat zon bre cer dub kve led ned pat pro rij srp str uno ute zar stv
    lor man ons tis tor tir des elo hei hel huh jou kes lau lok per syy tam tii tou dum ian iul iun joi
    noi vin
    csu het ked pen sze szo vas agu ara car cum eki eyl haz kas nis oca pzt sal sub tem
    cet kol ozu pet ruj sij sri stu svi tra vel avg ное пет сеп сря съб юли юни яну
    ant bal bir geg kov lap pir rug sau sek spa tre otr pie sve esm jaa juu nel puh ree tei vee
""")
# ... and the short words and abbreviations that stand between its numbers.
DATE_WORDS = _words("""
    on at the of and st nd rd th am pm a p m z gmt utc cet cest eet eest msk est edt cst cdt mst mdt pst
    pdt bst ist
    wiadomość wiadomości z dňa pl pt wt sr w we dniu dnia o godz godzinie godzina data
    в во г года году р року о об вс вт пн пт сб ср чт нд мск
    στις στισ τις την το στην στη ημέρα ημερομηνία ώρα π μ πμ μμ de ku δε κυ πα πε σα τε τρ
    um den der uhr von im mo di mi do fr sa so le à la el las los día del il giorno alle ore
    em às as de dia op om dne v ve ne po ut st ct pa kl på klokken klo ti to ke pe su ma di wo vr za zo
    în pe ora data lu mi jo vi si sz h k cs p cu ct ca pa tarihinde saat günü keltezéssel dátummal időpontban
""")
PRONOUNS = _words("""
    i we you he she they it ja on ona ich wir er sie я мы он она вы εγώ εμείς je nous
    il elle yo io eu ik já jag
""")

# "Message written by X on ...:", "Quoting X:": the verb stands first.
WROTE_FIRST = _phrases("""
    wiadomość napisana przez | wiadomosc napisana przez | zpráva od | quoting | zitat von | cytowanie
    cytat od | citando a | citando | citat från | цитирую | citation de | citat fra
""")
# "... от X <x@y>:": only a preposition before the name.
BY = _words("by from od от від από von de da van fra från przez")

HEADERS: dict[str, tuple[str, ...]] = {
    "from": _phrases("""
        from | od | od kogo | nadawca | от | от кого | отправитель | από | αποστολέας | von | absender
        de | expéditeur
        de la | remitente | da | mittente | remetente | van | afzender | od koho | odesílatel | odosielateľ
        від | від кого | відправник | från | avsändare | fra | afsender | avsender | lähettäjä | expeditor
        feladó | küldő | kimden | gönderen | šalje | pošiljatelj | kas | nuo | no | saatja | 发件人 | 寄件者
        差出人 | 보낸 사람 | 보낸사람
    """),
    "date": _phrases("""
        sent | date | sent at | wysłano | wysłane | wysłana | data | data wysłania | data i godzina
        отправлено | дата | дата отправки | отправлен | время | στάλθηκε | ημερομηνία | εστάλη | απεστάλη
        αποστολή
        gesendet | datum | gesendet am | envoyé | envoyé le | date d'envoi | enviado | enviado el
        enviado em | fecha
        inviato | inviato il | verzonden | odesláno | odoslané | dátum | надіслано | відправлено | skickat
        skickad
        sendt | dato | lähetetty | päivä | päiväys | päivämäärä | trimis | trimis la | küldve | elküldve
        időpont
        gönderildi | gönderim | gönderilme zamanı | gönderme tarihi | tarih | изпратено | изпратено на | poslano
        išsiųsta | nosūtīts
        发送时间 | 日期 | 日付 | 送信日時 | 보낸 날짜 | 날짜
    """),
    "to": _phrases("""
        to | do | do kogo | adresat | odbiorca | кому | получатель | προς | παραλήπτης | an | empfänger
        à | a
        destinataire | para | destinatario | destinatário | aan | komu | til | till | vastaanottaja | către
        címzett | kime | alıcı | prima | za | kam | kellele | до | 收件人 | 宛先 | 받는 사람 | 받는사람
    """),
    "cc": _phrases("""
        cc | bcc | dw | udw | do wiadomości | kopia | kopia do | копия | скрытая копия | κοιν
        κοινοποίηση | kopie
        copie | copie à | copia | cópia | kopio | másolatot kap | másolat | bilgi | копія | kopi | ccn
        cco | kk | 抄送
    """),
    "subject": _phrases("""
        subject | temat | тема | θέμα | betreff | objet | asunto | oggetto | assunto | onderwerp | předmět
        predmet
        ämne | emne | aihe | subiect | tárgy | konu | относно | zadeva | teema | tēma | 主题 | 主旨 | 件名
        제목
    """),
    "other": _phrases("""
        reply-to | reply to | odpowiedz do | odpowiedź do | ответить | attachments | załączniki | вложения
        συνημμένα | anlagen | pièces jointes | importance | priority | ważność | priorytet | важность
        wichtigkeit
        organization | message-id | sent by | resent
    """),
}

# "----- Original Message -----": a line of dashes around a word for message.
MESSAGE = _words("""
    message messages mail e-mail email wiadomość wiadomości list odpowiedź сообщение сообщения письмо
    письма повідомлення лист
    μήνυμα μηνύματος nachricht messaggio mensaje mensagem bericht zpráva správa meddelande originalmeddelande
    meddelelse melding viesti mesaj mesajul ileti iletisi üzenet poruka sporočilo laiškas kiri съобщение
    писмо 邮件 原始邮件 元のメッセージ メッセージ 원본
""")
ORIGINAL = _words("""
    original orginal originale originalny originalni oryginalna oryginalny oryginalnej oryginalną orginalna
    pierwotna reply
    antwort ursprüngliche
    ursprünglich исходное оригинальное первоначальное вихідне оригінальне початкове αρχικό αρχικού
    d'origine d'origin initial
    oorspronkelijk původní pôvodná ursprungligt oprindelig opprinnelig alkuperäinen eredeti özgün orijinal
    odpowiedź odpoveď
    izvorna izvirno оригинално 原始邮件 元のメッセージ 원본
""")
FORWARDED = _words("""
    forwarded forward forwarding fwd przekazana przekazane przekazany przekazanej przekazywana
    przekazywanej przesłana przesłane
    przesłanej dalej пересылаемое пересылаемого пересланное пересланного переадресованное переадресованного
    перенаправленное переслане пересланого перенаправлене προωθημένο προωθημένου προώθηση προωθούμενο προωθούμενου
    weitergeleitete weitergeleiteten transféré transmis reenviado inoltrato inoltrata encaminhada encaminhado
    doorgestuurd přeposlaná přeposlané preposlaná vidarebefordrat videresendt välitetty edelleenlähetetty
    redirecționat redirectionat retrimis továbbított iletilen yönlendirilen препратено proslijeđena 转发邮件
""")

# The line a phone or a mail program adds.
SENT_FROM = _phrases("""
    sent from | sent via | sent with | sent using | sent by | sent wirelessly | sent on the go
    via mobile | get outlook for
    this message was sent from | this email was sent from | sent securely from
    wysłane z | wysłano z | wysłane przy | wysłano przy | wysłane za | wysłano za | wysłane od
    wiadomość wysłana z
    wiadomość wysłano z | pobierz aplikację outlook | pobierz program outlook | pobierz outlook
    uzyskaj aplikację outlook
    pobierz bluemail | get bluemail | скачать bluemail
    uzyskaj outlook | napisane na | wyslany z | wysłany z | wysłana z
    отправлено с | отправлено из | отправлено от | отправлено через | отправлено в | послано с | отослано с
    получить outlook | получите outlook | скачать outlook | скачайте outlook | загрузить outlook
    загрузите outlook
    надіслано з | надіслано із | надіслано за | відправлено з | відправлено із | отримати outlook
    отримайте outlook
    στάλθηκε από | εστάλη από | απεστάλη από | απεσταλμένο από | σταλμένο από | αποστολή από | στάλθηκε με
    στάλθηκε μέσω
    κατεβάστε το outlook | αποκτήστε το outlook | λάβετε το outlook | λήψη του outlook
    von meinem | von meiner | gesendet mit | gesendet von | gesendet aus | gesendet vom | gesendet über
    gesendet via
    diese nachricht wurde von mein | holen sie sich outlook | outlook für | outlook herunterladen
    mobil gesendet
    envoyé de | envoyé depuis | envoyé à partir | envoyé avec | envoyé par | envoyé sans | envoyé via
    obtenez outlook
    obtenir outlook | télécharger outlook | téléchargez outlook | enviado desde | enviado con
    obtener outlook
    descargar outlook | inviato da | inviato dal | inviato con | inviato tramite | scarica outlook
    ottieni outlook
    enviado do | enviado da | enviado de | enviado pelo | enviado a partir | enviado através
    obter o outlook | baixe o outlook
    obtenha o outlook | verzonden vanaf | verstuurd vanaf | verzonden met | verstuurd met | verzonden via
    outlook voor
    download outlook | haal outlook | odesláno z | odesláno ze | odoslané z | získat outlook
    získejte outlook
    získat aplikaci outlook | získať outlook | skickat från | skickades från | skickat med | hämta outlook
    skaffa outlook
    sendt fra | sendt med | sendt via | hent outlook | få outlook | skaff deg outlook | lähetetty
    hanki outlook
    trimis de pe | trimis din | trimis de la | trimis cu | obțineți outlook | obţineţi outlook
    descărcați outlook
    outlook for android | outlook for ios | outlook til | poslano s | poslano z | poslano iz | изпратено от
    iphoneから送信 | ipadから送信 | 从我的 | 發自我的 | 나의
""")
SENT_FROM_END = _phrases("küldve | elküldve | gönderildi | outlook edinin | outlook'u edinin | letöltése")
_DEVICES = _phrases("""
    iphone | ipad | ipod | ios | mac | apple | icloud | galaxy | samsung | huawei | xiaomi | redmi | poco
    honor | oppo | realme
    oneplus | motorola | moto | nokia | sony | xperia | htc | pixel | google | lg | asus | lenovo
    blackberry | windows | android
    mobile | smartphone | tablet | phone | outlook | gmail | yahoo | proton | protonmail | tutanota
    bluemail | spark | mailbox
    sparrow | mail | mail.ru | yandex | яндекс | почта | почты | телефон | телефона | смартфон | смартфона
    планшет
    мобильн | мобільн | айфон | telefon | telefonu | smartfon | komórk | urządzeni | aplikacj | poczt
    mojego | mojej | my | your
    κινητό | κινητού | τηλέφων | συσκευή | μου | handy | mobil | téléphone | móvil | teléfono
    dispositivo | cellulare | telemóvel
    celular | telefoon | puhelim | telefonul | telefonom | okostelefon | telefonum | wp | onet | interia
    o2 | t-mobile | orange | play
    verizon | at&t | zimbra | thunderbird | k-9 | mi | мой | моего | моєї | мого | application | app
""")
# A short name must be a whole word; a longer one may go on ("iPhone'a", "telefonu").
DEVICES = frozenset(_DEVICES)
DEVICE_STEMS = tuple(word for word in _DEVICES if len(word) >= 5)

# How people close a letter.
CLOSINGS = _phrases("""
    pozdrawiam | pozdrowienia | serdecznie | z poważaniem | z wyrazami | łączę | dziękuję | miłego | życzę
    с уважением | с наилучшими | спасибо | всего доброго | заранее спасибо | з повагою | дякую
    με εκτίμηση | μετά τιμής | ευχαριστώ | χαιρετ | φιλικά | με φιλικούς
    regards | best | kind | warm | thanks | thank you | sincerely | yours | cheers | many thanks | br
    mit freundlichen | freundliche | viele grüße | beste grüße | liebe grüße | mfg | lg | danke
    cordialement | bien à vous | salutations | merci | saludos | un saludo | atentamente | gracias
    cordiali saluti | distinti saluti | saluti | grazie | atenciosamente | cumprimentos | com os melhores | obrigad
    met vriendelijke | vriendelijke | groet | s pozdravem | děkuji | hezký den | s pozdravom
    med vänlig | vänliga | mvh | hälsningar | med venlig | venlig | hilsen | med vennlig | vennlig
    ystävällisin | terveisin | cu stimă | cu respect | mulțumesc | üdvözlettel | tisztelettel | köszönettel
    saygılarımla | saygılar | iyi günler | teşekkür
""")

# A legal notice, an advertisement of a virus scanner: two stems of one row within one paragraph.
NOTICES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        _phrases("""
            confidential | confidentiality | privileged | poufn | конфиденц | конфіденц | εμπιστευτικ
            απόρρητ | vertraulich
            confidencial | riservat | vertrouwelijk | důvěrn | dôvern | konfident | fortrolig | luottamuk
            bizalmas | gizli
            zastrzeżon | tajemnic | confidenti
        """),
        _phrases("""
            intended | recipient | addressee | adresat | odbiorc | przeznaczon | wiadomoś | korespondencj
            получател | адресат | предназнач
            сообщени | письм | одержувач | повідомлен | παραλήπτ | μήνυμα | προορίζ | empfänger | e-mail
            email | nachricht | destinat
            messagg | mensaje | mensagem | geadresseerde | bestemd | bericht | příjemc | zpráv | správ
            mottag | modtag
            mottaker | vastaanott | viesti | címzett | üzenet | alıcı | ileti | mesaj
        """),
    ),
    (
        _phrases("caution | warning | external | attention | uwaga | внимание | προσοχή"),
        _phrases("""
            originated from outside | originates from outside | outside of the organi | outside the organi
            outside of your organi | outside your organi | external sender | external email | spoza organizacji
            spoza firmy | внешнего отправителя | вне организации | εκτός του οργανισμού
        """),
    ),
    (
        _phrases("wirus | virus | вирус | вірус | ιού | ιοί | ιό"),
        _phrases("""
            avast | avg | eset | kaspersky | antivir | anti-vir | antywir | norton | mcafee
            checked | scanned | sprawdzon | провер | перевір
        """),
    ),
    (
        _phrases("druk | print | печат | εκτυπ | ausdruck | imprim | stamp"),
        _phrases("""
            środowisk | environment | природ | окружающ | περιβάλλον | umwelt | environnement | ambiente
        """),
    ),
    (
        _phrases("administratorem | controller | оператор персональных | υπεύθυνος επεξεργασίας"),
        _phrases(
            "danych osobowych | państwa danych | personal data | персональных данных | προσωπικών δεδομένων"
        ),
    ),
)
