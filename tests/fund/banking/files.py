"""Statements as banks write them, made by hand for the tests."""

from datetime import date
from decimal import Decimal as D

HEAD = "Fecha,Concepto,Referencia,Cargo,Abono"
ROWS = (
    "02/03/2026,SPEI RECIBIDO CURTIDOS LA PALOMA,RF82L20260001,,\"3,500.50\"",
    "03/03/2026,COMISION POR MANEJO DE CUENTA,,100.00,",
    "04/03/2026,DEPOSITO EN EFECTIVO,,,1200.00",
)  # fmt: skip


def csv(*rows, head=HEAD, encoding="utf-8"):
    return "\r\n".join([head, *(rows or ROWS), ""]).encode(encoding)


def mt940(
    *movements, opening="10000,00", closing=None, account="032180000118359719", currency="MXN", tail="-\n"
):
    """Movements as (day, amount, reference, text); the closing balance follows from them unless it is given."""
    movements = movements or (
        (date(2026, 3, 2), D("3500.50"), "RF82L20260001", "SPEI RECIBIDO CURTIDOS LA PALOMA"),
        (date(2026, 3, 3), D("-100"), "NONREF", "COMISION POR MANEJO"),
        (date(2026, 3, 4), D("1200"), "NONREF", "DEPOSITO EN EFECTIVO"),
    )
    total = D(opening.replace(",", ".")) + sum((row[1] for row in movements), D(0))
    lines = [":20:STMT0001", f":25:{account}", ":28C:00001/001", f":60F:C260301{currency}{opening}"]
    for number, (day, amount, reference, text) in enumerate(movements, 1):
        mark = "C" if amount > 0 else "D"
        figure = f"{abs(amount):.2f}".replace(".", ",")
        lines.append(f":61:{day:%y%m%d}{day:%m%d}{mark}{figure}NTRF{reference}//B{number:08d}")
        lines.append(f":86:{text}")
    lines.append(f":62F:C260331{currency}{closing or f'{total:.2f}'.replace('.', ',')}")
    return ("\n".join(lines) + "\n" + tail).encode()


ENTRY = """
<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt><AcctSvcrRef>{bank}</AcctSvcrRef>
<NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>{payer}</Nm></Pty></Dbtr><DbtrAcct><Id><Othr><Id>{account}</Id></Othr></Id>
</DbtrAcct></RltdPties><RmtInf><Ustrd>{text}</Ustrd>{structured}</RmtInf></TxDtls></NtryDtls></Ntry>"""


def entry(day="2026-03-02", amount="3500.50", *, mark="CRDT", text="Pago", payer="Curtidos La Paloma SA de CV",
          account="072225001234567897", bank="B1", reference="", currency="MXN"):  # fmt: skip
    structured = f"<Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>" if reference else ""
    return ENTRY.format(**locals())


def camt(
    *entries, opening="10000.00", closing="14600.50", account="032180000118359719", currency="MXN", head=""
):
    entries = entries or (
        entry(reference="RF82L20260001"),
        entry("2026-03-03", "100.00", mark="DBIT", text="Comisión", payer="", bank="B2"),
        entry("2026-03-04", "1200.00", text="Depósito en efectivo", payer="", bank="B3"),
    )
    balances = "".join(
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{amount}</Amt>'
        f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-01</Dt></Dt></Bal>"
        for code, amount in (("OPBD", opening), ("CLBD", closing))
        if amount
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{head}'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>1</Id>'
        f"<Acct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>{currency}</Ccy></Acct>"
        f"{balances}{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()
