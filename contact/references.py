"""Short codes that people can read out on the telephone and write on a check."""

import secrets

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters without those that look or sound alike: no 0 and O, no 1, I and L, no U beside V."""


def new_reference(letter, length=6):
    """A random code such as `M-7KQ2ZB`: `letter` says what it names. 30**6 are 729 million."""
    return f"{letter}-{''.join(secrets.choice(SIGNS) for _sign in range(length))}"


def new_message_reference():
    return new_reference("M")


def new_donation_reference():
    return new_reference("D")


def new_receipt_number():
    return new_reference("R")
