"""How the money of a pledge reaches the association: what a donor writes on the check, and where it goes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ways:
    payee: str
    address: list[str]
    """Lines of the address for checks, without the payee; empty where none is known."""
    transfer: str
    """How to send a bank transfer; empty where that is not offered."""

    def __bool__(self):
        return bool(self.address or self.transfer)


def ways_of(giving, identity):
    address = (giving.check_address.strip() or identity.address.strip()).splitlines()
    return Ways(
        payee=giving.payee.strip() or giving.legal_name.strip() or identity.name,
        address=[line.strip() for line in address if line.strip()],
        transfer=giving.transfer_instructions.strip(),
    )


def takes_gifts(giving, identity):
    """Whether everything is there that a donor must see before giving, and a way for the money to come."""
    return bool(giving.is_open and giving.legal_name.strip() and identity.ein and ways_of(giving, identity))
