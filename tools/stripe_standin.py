"""A stand-in of Stripe for this machine alone: as much of its interface as gifts need, for the real library to talk to.

`StandIn` is the provider: what it knows is kept in memory, and everything a donor, a bank or the treasurer may do is a
method. `serving` puts it on a port of the loopback address with its API under `/v1/`, a pay page, a portal, and a desk
at `/` from which a person lets months pass, refunds, and makes it fail. `telling` sends its events to the site.

It is as strict as the provider where we could err: keys, unknown parameters, idempotency keys, sums below the least,
expansions, pages of a list, and events signed with a time. Shapes are those of the version the site pins; they were
taken from the types of the `stripe` library and from https://docs.stripe.com/api.
"""

import calendar
import hashlib
import hmac
import json
import re
import sys
import threading
import time
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from html import escape
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

VERSION = "2026-10-28.endive"
LEAST = 50  # cents
REPEATED_AFTER = (1, 5, 15, 60, 300)
"""How long, in seconds, an event waits before it is told again."""
PREFIXES = {
    "billing_portal.session": "bps",
    "charge": "ch",
    "checkout.session": "cs_test",
    "customer": "cus",
    "event": "evt",
    "invoice": "in",
    "invoice_payment": "inpay",
    "payment_intent": "pi",
    "refund": "re",
    "subscription": "sub",
}
LISTS = {
    "charges": ("charge", {"payment_intent", "customer"}),
    "checkout/sessions": ("checkout.session", {"status", "payment_intent", "subscription", "customer"}),
    "customers": ("customer", {"email"}),
    "events": ("event", {"type"}),
    "invoice_payments": ("invoice_payment", {"invoice", "status", "payment"}),
    "invoices": ("invoice", {"subscription", "status", "customer"}),
    "payment_intents": ("payment_intent", {"customer"}),
    "refunds": ("refund", {"payment_intent", "charge"}),
    "subscriptions": ("subscription", {"status", "customer"}),
}
PAGING = {"limit", "starting_after", "created", "expand"}
CHECKOUT = {
    "adaptive_pricing",
    "cancel_url",
    "client_reference_id",
    "customer_email",
    "line_items",
    "metadata",
    "mode",
    "payment_intent_data",
    "submit_type",
    "subscription_data",
    "success_url",
}


class RefusedError(Exception):
    """An answer of the API that says no."""

    def __init__(self, status, message, kind="invalid_request_error", **more):
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": kind, "message": message, **more}}


class StandIn:
    """The provider and everything it knows. `clock` gives its seconds; `mark` keeps its numbers apart from those of
    another one that the same site knew before."""

    def __init__(self, key, secret, clock=time.time, mark=""):
        self.key, self.secret, self.clock, self.mark = key, secret, clock, mark
        self.url = ""
        self.objects = {}
        self.hidden = {}
        """What the API does not show of an object, by its number."""
        self.events = []
        self.asked = []
        """`POST /v1/refunds` and so on, in order."""
        self.trouble = []
        """What goes wrong: `(how a question begins, what happens)`, see `trouble_with`."""
        self.saved = {}
        """Answers by idempotency key."""
        self.lock = threading.RLock()
        self.told = threading.Condition(self.lock)

    # What is kept

    def make(self, kind, **values):
        number = f"{PREFIXES[kind]}_{self.mark}{len(self.objects) + 1:06}"
        made = {"id": number, "object": kind, "created": int(self.clock()), "livemode": False, **values}
        self.objects[number] = made
        return made

    def get(self, number, kind=None):
        found = self.objects.get(number)
        if found is None or (kind and found["object"] != kind):
            message = f"No such {kind or 'object'}: '{number}'"
            raise RefusedError(404, message, code="resource_missing", param="id")
        return found

    def all(self, kind, **values):
        """Every object of the kind with these values, the newest first."""
        rows = [row for row in self.objects.values() if row["object"] == kind]
        return [row for row in reversed(rows) if all(row.get(name) == value for name, value in values.items())]

    def tell(self, kind, about):
        """Put an event on the list of those to be told."""
        with self.told:
            event = self.make(
                "event",
                api_version=VERSION,
                data={"object": deepcopy(about)},
                pending_webhooks=1,
                request={"id": None, "idempotency_key": None},
                type=kind,
            )
            self.events.append(event)
            self.told.notify_all()
            return event

    def signed(self, event, secret=None, at=None):
        """The body of an event and the header that signs it, as of now or of another time."""
        body = json.dumps(event)
        stamp = int(time.time() if at is None else at)
        signature = hmac.new((secret or self.secret).encode(), f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
        return body.encode(), f"t={stamp},v1={signature}"

    # What a donor does on the pay page

    def create_checkout(self, wish):
        """A session, out of the parameters of the API."""
        refuse_unknown(wish, CHECKOUT)
        mode, email = wish.get("mode"), wish.get("customer_email")
        if mode not in ("payment", "subscription"):
            raise RefusedError(400, "Invalid mode: must be one of payment, subscription", param="mode")
        if not wish.get("success_url"):
            raise RefusedError(400, "Missing required param: success_url.", param="success_url")
        if email is not None and not re.fullmatch(r"[\x21-\x7e]+@[\x21-\x7e]+\.[a-z]{2,}", email, re.IGNORECASE):
            message = f"Invalid email address: {email}"
            raise RefusedError(400, message, code="email_invalid", param="customer_email")
        foreign = "subscription_data" if mode == "payment" else "payment_intent_data"
        if foreign in wish:
            raise RefusedError(400, f"You can not pass `{foreign}` in `{mode}` mode.", param=foreign)
        if mode == "subscription" and wish.get("submit_type") == "donate":
            raise RefusedError(400, "`donate` is for `payment` mode.", param="submit_type")
        items = [priced(item, mode) for item in wish.get("line_items", [])]
        total = sum(cents for _words, cents in items)
        if total < LEAST:
            message = "The Checkout Session's total amount must convert to at least 50 cents."
            raise RefusedError(400, message, code="amount_too_small")
        session = self.make(
            "checkout.session",
            amount_subtotal=total,
            amount_total=total,
            cancel_url=wish.get("cancel_url"),
            client_reference_id=wish.get("client_reference_id"),
            currency="usd",
            customer=None,
            customer_email=email,
            expires_at=int(self.clock()) + 86_400,
            invoice=None,
            metadata=wish.get("metadata", {}),
            mode=mode,
            payment_intent=None,
            payment_status="unpaid",
            status="open",
            submit_type=wish.get("submit_type"),
            subscription=None,
            success_url=wish["success_url"],
        )
        session["url"] = f"{self.url}/pay/{session['id']}"
        about = wish.get("payment_intent_data") or wish.get("subscription_data") or {}
        self.hidden[session["id"]] = {"items": items, "about": about}
        return session

    def pay(self, session_id, settles=True):
        """The donor pays. With `settles=False` by a bank debit, which takes days: see `settle`."""
        with self.lock:
            session = self.get(session_id, "checkout.session")
            if session["status"] != "open":
                return session
            about = self.hidden[session_id]["about"]
            if session["mode"] == "subscription":
                self.begin_subscription(session, about)
            else:
                intent = self.make_intent(session["amount_total"], about, settles=settles)
                session |= {"payment_intent": intent["id"], "payment_status": "paid" if settles else "unpaid"}
            session["status"] = "complete"
            self.tell("checkout.session.completed", session)
            return session

    def decline(self, session_id):
        """The bank refuses the card. The page stays open for another one."""
        with self.lock:
            session = self.get(session_id, "checkout.session")
            intent = self.make_intent(session["amount_total"], self.hidden[session_id]["about"], succeeds=False)
            if session["mode"] == "payment":
                session["payment_intent"] = intent["id"]
            return session

    def settle(self, session_id, succeeds=True):
        """A bank debit arrives after days, or does not."""
        with self.lock:
            session = self.get(session_id, "checkout.session")
            intent = self.get(session["payment_intent"])
            self.finish_intent(intent, succeeds)
            session["payment_status"] = "paid" if succeeds else "unpaid"
            self.tell(f"checkout.session.async_payment_{'succeeded' if succeeds else 'failed'}", session)

    def expire(self, session_id):
        with self.lock:
            session = self.get(session_id, "checkout.session")
            if session["status"] != "open":
                message = (
                    f'Only Checkout Sessions with a status in ["open"] can be expired. This one is {session["status"]}.'
                )
                raise RefusedError(400, message)
            session |= {"status": "expired", "url": None}
            self.tell("checkout.session.expired", session)
            return session

    # Payments

    def make_intent(self, cents, about, *, customer=None, settles=True, succeeds=True):
        intent = self.make(
            "payment_intent",
            amount=cents,
            amount_received=0,
            currency="usd",
            customer=customer,
            description=about.get("description"),
            latest_charge=None,
            metadata=about.get("metadata", {}),
            status="processing",
        )
        if settles:
            self.finish_intent(intent, succeeds)
        return intent

    def finish_intent(self, intent, succeeds):
        charge = self.make(
            "charge",
            amount=intent["amount"],
            amount_captured=intent["amount"] if succeeds else 0,
            amount_refunded=0,
            currency="usd",
            customer=intent["customer"],
            description=intent["description"],
            metadata=intent["metadata"],
            paid=succeeds,
            payment_intent=intent["id"],
            refunded=False,
            status="succeeded" if succeeds else "failed",
        )
        intent["latest_charge"] = charge["id"]
        if succeeds:
            intent |= {"status": "succeeded", "amount_received": intent["amount"]}
            self.tell("charge.succeeded", charge)
            self.tell("payment_intent.succeeded", intent)
        else:
            intent["status"] = "requires_payment_method"
            self.tell("charge.failed", charge)
            self.tell("payment_intent.payment_failed", intent)

    def refund(self, intent_id, cents=None, status="succeeded"):
        """Give back a part of a payment, or all that is left."""
        with self.lock:
            intent = self.get(intent_id, "payment_intent")
            charge = self.get(intent["latest_charge"])
            left = charge["amount"] - charge["amount_refunded"]
            cents = left if cents is None else cents
            if not 0 < cents <= left:
                raise RefusedError(400, f"Refund amount ({cents}) is greater than unrefunded amount ({left}).")
            refund = self.make(
                "refund",
                amount=cents,
                charge=charge["id"],
                currency="usd",
                metadata={},
                payment_intent=intent_id,
                reason="requested_by_customer",
                status=status,
            )
            charge["amount_refunded"] += cents
            charge["refunded"] = charge["amount_refunded"] == charge["amount"]
            self.tell("refund.created", refund)
            self.tell("charge.refunded", charge)
            return refund

    def finish_refund(self, refund_id):
        """A refund under way has arrived."""
        with self.lock:
            refund = self.get(refund_id, "refund")
            refund["status"] = "succeeded"
            self.tell("refund.updated", refund)

    def fail_refund(self, refund_id):
        """The bank sends a refund back."""
        with self.lock:
            refund = self.get(refund_id, "refund")
            self.get(refund["charge"])["amount_refunded"] -= refund["amount"]
            refund["status"] = "failed"
            self.tell("refund.failed", refund)

    # Subscriptions

    def begin_subscription(self, session, about):
        customer = self.make("customer", email=session["customer_email"], metadata={}, name=None)
        now = int(self.clock())
        subscription = self.make(
            "subscription",
            cancel_at=None,
            cancel_at_period_end=False,
            canceled_at=None,
            currency="usd",
            customer=customer["id"],
            description=about.get("description"),
            ended_at=None,
            latest_invoice=None,
            metadata=about.get("metadata", {}),
            start_date=now,
            status="active",
        )
        subscription["items"] = {"object": "list", "data": [], "has_more": False, "url": "/v1/subscription_items"}
        self.hidden[subscription["id"]] = {"cents": session["amount_total"], "due": month_after(now, now)}
        self.tell("customer.subscription.created", subscription)
        invoice = self.bill(subscription)
        session |= {
            "customer": customer["id"],
            "invoice": invoice["id"],
            "payment_status": "paid",
            "subscription": subscription["id"],
        }

    def bill(self, subscription, succeeds=True):
        """One invoice of the subscription, paid or tried in vain."""
        cents = self.hidden[subscription["id"]]["cents"]
        invoice = self.make(
            "invoice",
            amount_due=cents,
            amount_paid=0,
            amount_remaining=cents,
            currency="usd",
            customer=subscription["customer"],
            metadata={},
            parent={
                "quote_details": None,
                "subscription_details": {
                    "metadata": subscription["metadata"],
                    "subscription": subscription["id"],
                },
                "type": "subscription_details",
            },
            status="open",
            total=cents,
        )
        subscription["latest_invoice"] = invoice["id"]
        self.collect(invoice, succeeds)
        return invoice

    def collect(self, invoice, succeeds=True):
        """Charge the card for an open invoice. The payment bears no mark of ours: it belongs to the invoice."""
        with self.lock:
            intent = self.make_intent(invoice["amount_due"], {}, customer=invoice["customer"], succeeds=succeeds)
            part = self.make(
                "invoice_payment",
                amount_paid=invoice["amount_due"] if succeeds else None,
                amount_requested=invoice["amount_due"],
                currency="usd",
                invoice=invoice["id"],
                is_default=True,
                payment={"type": "payment_intent", "payment_intent": intent["id"]},
                status="paid" if succeeds else "open",
                status_transitions={"canceled_at": None, "paid_at": intent["created"] if succeeds else None},
            )
            subscription = self.get(invoice["parent"]["subscription_details"]["subscription"])
            before = subscription["status"]
            if succeeds:
                invoice |= {"amount_paid": part["amount_paid"], "amount_remaining": 0, "status": "paid"}
                subscription["status"] = "active"
                self.tell("invoice.paid", invoice)
            else:
                subscription["status"] = "past_due"
                self.tell("invoice.payment_failed", invoice)
            if subscription["status"] != before:
                self.tell("customer.subscription.updated", subscription)

    def advance(self, subscription_id, succeeds=True):
        """Let the next month of a subscription begin."""
        with self.lock:
            subscription = self.get(subscription_id, "subscription")
            if subscription["status"] == "canceled":
                return None
            if subscription["cancel_at_period_end"]:
                self.cancel(subscription_id)
                return None
            hidden, clock = self.hidden[subscription_id], self.clock
            due = hidden["due"]
            hidden["due"] = month_after(subscription["start_date"], due)
            try:
                self.clock = lambda: due
                return self.bill(subscription, succeeds)
            finally:
                self.clock = clock

    def cancel(self, subscription_id):
        with self.lock:
            subscription = self.get(subscription_id, "subscription")
            if subscription["status"] == "canceled":
                raise RefusedError(404, f"No such subscription: {subscription_id}", code="resource_missing", param="id")
            now = int(self.clock())
            subscription |= {"status": "canceled", "canceled_at": now, "ended_at": now}
            self.tell("customer.subscription.deleted", subscription)
            return subscription

    def cancel_later(self, subscription_id, cancels=True):
        """End with the month that is paid, as the portal does, or change one's mind."""
        with self.lock:
            subscription = self.get(subscription_id, "subscription")
            subscription["cancel_at_period_end"] = cancels
            self.tell("customer.subscription.updated", subscription)

    # The API

    def answer(self, method, path, wish, key=None):
        """`(status, body)` of one question to the API."""
        with self.lock:
            if method != "POST" or key is None:
                return self.answer_anew(method, path, wish)
            if key not in self.saved:
                answer = self.answer_anew(method, path, wish)
                # What was refused as unreadable may be asked again under the same key.
                if answer[0] == 400:
                    return answer
                self.saved[key] = (path, wish, deepcopy(answer))
            known_path, known_wish, answer = self.saved[key]
            if (known_path, known_wish) != (path, wish):
                message = (
                    "Keys for idempotent requests can only be used with the same parameters they were first used with."
                )
                return 400, {"error": {"type": "idempotency_error", "message": message}}
            return answer

    def answer_anew(self, method, path, wish):
        try:
            found = self.route(method, path.removeprefix("/v1/"), dict(wish))
            return 200, self.shown(found, wish.get("expand", []))
        except RefusedError as refused:
            return refused.status, refused.body

    def route(self, method, path, wish):
        if path in LISTS and method == "GET":
            return self.list(path, wish)
        collection, _slash, number = path.rpartition("/")
        if method == "GET" and collection in LISTS:
            refuse_unknown(wish, {"expand"})
            return self.get(number, LISTS[collection][0])
        if method == "DELETE" and collection == "subscriptions":
            return self.cancel(number)
        if method == "POST" and (match := re.fullmatch(r"checkout/sessions/(\w+)/expire", path)):
            return self.expire(match[1])
        act = {
            "POST billing_portal/sessions": self.open_portal,
            "POST checkout/sessions": self.create_checkout,
        }.get(f"{method} {path}")
        if act is None:
            raise RefusedError(404, f"Unrecognized request URL ({method}: /v1/{path}).")
        return act(wish)

    def open_portal(self, wish):
        refuse_unknown(wish, {"customer", "return_url"})
        try:
            customer = self.get(wish.get("customer"), "customer")
        except RefusedError as refused:
            raise RefusedError(400, str(refused), code="resource_missing", param="customer") from None
        portal = self.make("billing_portal.session", customer=customer["id"], return_url=wish.get("return_url"))
        portal["url"] = f"{self.url}/portal/{portal['id']}"
        return portal

    def list(self, path, wish):
        kind, filters = LISTS[path]
        refuse_unknown(wish, filters | PAGING)
        rows = self.all(kind)
        if path == "subscriptions":
            status = wish.pop("status", None)
            rows = [row for row in rows if status == "all" or row["status"] == (status or row["status"])]
            rows = [row for row in rows if status or row["status"] != "canceled"]
        for name in filters & set(wish):
            rows = [row for row in rows if fits(self.value_of(row, name), wish[name])]
        if "created" in wish:
            rows = [row for row in rows if row["created"] >= int(wish["created"]["gte"])]
        if after := wish.get("starting_after"):
            places = [place for place, row in enumerate(rows) if row["id"] == after]
            if not places:
                raise RefusedError(400, f"No such {kind}: '{after}'", code="resource_missing", param="starting_after")
            rows = rows[places[0] + 1 :]
        limit = int(wish.get("limit", 10))
        if not 1 <= limit <= 100:
            raise RefusedError(400, "Invalid integer: limit must be between 1 and 100.", param="limit")
        return {"object": "list", "url": f"/v1/{path}", "has_more": len(rows) > limit, "data": rows[:limit]}

    def value_of(self, row, name):
        if row["object"] == "invoice" and name == "subscription":
            return row["parent"]["subscription_details"]["subscription"]
        return row.get(name)

    def shown(self, found, paths):
        shown = deepcopy(found)
        for path in paths:
            self.expand(shown, path.split("."))
        return shown

    def expand(self, value, path):
        if isinstance(value, list):
            for row in value:
                self.expand(row, path)
            return
        name, *rest = path
        if name not in value:
            raise RefusedError(400, f"This property cannot be expanded ({name}).")
        if isinstance(value[name], str):
            value[name] = deepcopy(self.get(value[name]))
        if rest and value[name] is not None:
            self.expand(value[name], rest)

    # What goes wrong

    def trouble_with(self, begins, what, times=None):
        """Make questions that begin so (`POST /v1/checkout`, `` for all) fail, always or so many times.

        `what` is `down` (no answer), `lost` (done, but the answer never arrives), `fault` (500), `busy` (429),
        `forbidden` (401) or `slow` (an answer after a second).
        """
        self.trouble.append([begins, what, times])

    def trouble_of(self, question):
        with self.lock:
            for entry in self.trouble:
                begins, what, times = entry
                if question.startswith(begins) and times != 0:
                    entry[2] = times if times is None else times - 1
                    return what
        return ""


# Reading what is asked


def refuse_unknown(wish, known):
    for name in wish:
        if name not in known:
            raise RefusedError(400, f"Received unknown parameter: {name}", code="parameter_unknown", param=name)


def priced(item, mode):
    """(words, cents) of a line item."""
    refuse_unknown(item, {"price_data", "quantity"})
    price = item.get("price_data", {})
    refuse_unknown(price, {"currency", "product_data", "recurring", "unit_amount"})
    words = price.get("product_data", {}).get("name")
    if not words or price.get("currency") != "usd":
        raise RefusedError(400, "Missing required param: line_items[0][price_data].", param="line_items")
    if not re.fullmatch(r"\d+", price.get("unit_amount", "")):
        message = f"Invalid integer: {price.get('unit_amount')}"
        raise RefusedError(400, message, param="line_items[0][price_data][unit_amount]")
    if (price.get("recurring") == {"interval": "month"}) != (mode == "subscription"):
        raise RefusedError(400, f"The price does not fit `{mode}` mode.", param="line_items")
    return words, int(price["unit_amount"]) * int(item.get("quantity", 1))


def fits(value, wish):
    return all(value.get(name) == part for name, part in wish.items()) if isinstance(wish, dict) else value == wish


def nested(pairs):
    """`a[b][0]=c` becomes `{"a": {"b": ["c"]}}`."""
    tree = {}
    for name, value in pairs:
        *path, last = re.findall(r"[^\[\]]+", name)
        place = tree
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return with_lists(tree)


def with_lists(tree):
    if not isinstance(tree, dict):
        return tree
    if tree and all(name.isdecimal() for name in tree):
        return [with_lists(tree[name]) for name in sorted(tree, key=int)]
    return {name: with_lists(value) for name, value in tree.items()}


def month_after(first, now):
    """The moment a month later, on the day of the month on which it began."""
    day, moment = datetime.fromtimestamp(first, UTC).day, datetime.fromtimestamp(now, UTC)
    year, month = divmod(moment.year * 12 + moment.month, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return int(moment.replace(year=year, month=month + 1, day=min(day, last)).timestamp())


def dollars(cents):
    return f"${cents // 100:,}.{cents % 100:02}"


# On the wire


class Handler(BaseHTTPRequestHandler):
    """Answers the API, and shows its pages to a person."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = (
        True  # head and body are two packets; the second would wait 40 ms for the first one's receipt
    )

    def do_GET(self):
        self.serve("GET")

    def do_POST(self):
        self.serve("POST")

    def do_DELETE(self):
        self.serve("DELETE")

    def log_message(self, *_words):
        """Say nothing."""

    @property
    def standin(self):
        return self.server.standin

    def serve(self, method):
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        wish = nested(parse_qsl(body if method == "POST" else address.query, keep_blank_values=True))
        if not address.path.startswith("/v1/"):
            return self.show(method, address.path, wish)
        question = f"{method} {address.path}"
        self.standin.asked.append(question)
        trouble = self.standin.trouble_of(question)
        if trouble == "down":
            return self.hang_up()
        if trouble == "slow":
            time.sleep(1)
        if trouble in ("fault", "busy", "forbidden"):
            return self.send_json({"fault": 500, "busy": 429, "forbidden": 401}[trouble], {"error": {"message": "No."}})
        if self.headers.get("Authorization") != f"Bearer {self.standin.key}":
            return self.send_json(401, {"error": {"type": "invalid_request_error", "message": "Invalid API Key."}})
        if self.headers.get("Stripe-Version") != VERSION:
            return self.send_json(400, {"error": {"type": "invalid_request_error", "message": "Another version."}})
        answer = self.standin.answer(method, address.path, wish, self.headers.get("Idempotency-Key"))
        return self.hang_up() if trouble == "lost" else self.send_json(*answer)

    def hang_up(self):
        self.close_connection = True

    def send_json(self, status, body):
        self.send(status, json.dumps(body), "application/json")

    def send(self, status, text, media_type="text/html; charset=utf-8", **headers):
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Request-Id", "req_standin")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def go(self, address):
        self.send(303, "", Location=address)

    def show(self, method, path, wish):
        room, _slash, number = path.strip("/").partition("/")
        pages = {"": (desk, work_at_desk), "pay": (pay_page, decide), "portal": (portal, change)}
        try:
            look, act = pages[room]
            with self.standin.lock:
                if method == "POST":
                    return self.go(act(self.standin, number, wish))
                return self.send(200, look(self.standin, number, wish))
        except (KeyError, ValueError, RefusedError):
            return self.send(404, page("There is no such page", ""))


def page(title, body):
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<style>
  :root {{ color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif; }}
  body {{ max-inline-size: 52rem; margin: 2rem auto; padding-inline: 1rem; }}
  button, input {{ font: inherit; padding: .35rem .8rem; }}
  button[value=pay] {{ font-weight: bold; }}
  form, .row {{ display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; }}
  .row {{ padding-block: .6rem; border-block-start: 1px solid color-mix(in srgb, currentcolor 25%, transparent); }}
  .row > :first-child {{ flex: 1 1 14rem; overflow-wrap: anywhere; }}
  .note, [role=alert] {{ border-inline-start: .3rem solid #b7791f; padding-inline-start: .8rem; }}
</style>
<h1>{escape(title)}</h1>
<p class="note">This is a stand-in of the card provider on this machine. No card is charged and no money moves.</p>
{body}
"""


def button(words, action, name="action"):
    return f'<button name="{name}" value="{escape(action)}">{escape(words)}</button>'


def row(*cells, form=""):
    """A line of a page: words side by side as far as there is room, then what can be done."""
    return f'<div class="row">{"".join(f"<span>{cell}</span>" for cell in cells if cell)}{form}</div>'


def form(number, *buttons):
    hidden = f'<input type="hidden" name="id" value="{number}">'
    return f'<form method="post">{hidden}{" ".join(buttons)}</form>'


def pay_page(standin, number, wish):
    session = standin.get(number, "checkout.session")
    if session["status"] != "open":
        link = f'<p><a href="{escape(session["success_url"])}">Back to the site</a>'
        return page(f"This page is {session['status']}", link)
    monthly = " every month" if session["mode"] == "subscription" else ""
    lines = "".join(row(escape(words), dollars(cents)) for words, cents in standin.hidden[number]["items"])
    total = row(f"<b>Total{monthly}</b>", f"<b>{dollars(session['amount_total'])}</b>")
    declined = '<p role="alert">Your card was declined. Try another one.' if "declined" in wish else ""
    choices = [button("Pay", "pay"), button("Pay with a card that is declined", "decline")]
    choices += [] if monthly else [button("Pay by bank debit (arrives later)", "later")]
    return page(
        f"Pay {dollars(session['amount_total'])}{monthly}",
        f"{lines}{total}<p>{escape(session['customer_email'] or '')}</p>{declined}"
        + form(number, *choices, button("Cancel and go back", "back")),
    )


def decide(standin, number, wish):
    session, action = standin.get(number, "checkout.session"), wish.get("action")
    if action == "back":
        return session["cancel_url"]
    if action == "decline":
        standin.decline(number)
        return f"/pay/{number}?declined=1"
    return standin.pay(number, settles=action == "pay")["success_url"]


def portal(standin, number, wish):
    customer = standin.get(number, "billing_portal.session")["customer"]
    rows = ""
    for subscription in standin.all("subscription", customer=customer):
        words = f"{dollars(standin.hidden[subscription['id']]['cents'])} every month"
        if subscription["status"] == "canceled":
            rows += row(words, "canceled")
            continue
        ends = subscription["cancel_at_period_end"]
        choice = button("Keep it after all", "keep") if ends else button("Cancel at the end of the month", "later")
        state = "ends with the month already paid" if ends else escape(subscription["status"])
        rows += row(words, state, form=form(subscription["id"], choice, button("Cancel now", "now")))
    return page("Your monthly gift", rows + form("", button("Back to the site", "back")))


def change(standin, number, wish):
    action = wish.get("action")
    if action == "back":
        return standin.get(number)["return_url"]
    if action == "now":
        standin.cancel(wish["id"])
    else:
        standin.cancel_later(wish["id"], cancels=action == "later")
    return f"/portal/{number}"


def desk(standin, number, wish):
    """What the provider knows, with everything time, banks and the treasurer may do."""
    rows = [payment_row(standin, intent) for intent in standin.all("payment_intent")]
    for session in standin.all("checkout.session", status="complete", payment_status="unpaid"):
        if standin.get(session["payment_intent"])["status"] == "processing":
            choices = form(session["id"], button("It arrives", "arrives"), button("It is refused", "refused"))
            rows.append(row(session["id"], f"bank debit of {dollars(session['amount_total'])}", form=choices))
    for subscription in standin.all("subscription"):
        choices = [button("A month passes", "month"), button("… and the card is refused", "month-in-vain")]
        choices = form(subscription["id"], *choices, button("Cancel", "cancel"))
        words = f"{dollars(standin.hidden[subscription['id']]['cents'])} monthly"
        is_over = subscription["status"] == "canceled"
        rows.append(row(subscription["id"], words, subscription["status"], form="" if is_over else choices))
    events = [
        row(event["type"], "waits" if event["pending_webhooks"] else "told") for event in reversed(standin.events)
    ]
    trouble = standin.trouble[0][1] if standin.trouble else ""
    switches = [
        button(words, what, "trouble") for what, words in {"": "Works", "down": "Is away", "slow": "Is slow"}.items()
    ]
    return page(
        "The provider’s desk",
        f"<h2>The provider {({'down': 'is away', 'slow': 'is slow'}).get(trouble, 'works')}</h2>"
        + form("", *switches, button("Tell every event again", "again"))
        + f"<h2>Payments and subscriptions</h2>{''.join(rows)}<h2>Events</h2>{''.join(events)}",
    )


def payment_row(standin, intent):
    back = standin.objects.get(intent["latest_charge"] or "", {}).get("amount_refunded", 0)
    cells = intent["id"], dollars(intent["amount"]), intent["status"], f"{dollars(back)} back" if back else ""
    if intent["status"] != "succeeded" or back == intent["amount"]:
        return row(*cells)
    cents = '<input name="cents" size="6" inputmode="numeric" aria-label="Cents">'
    return row(
        *cells, form=form(intent["id"], button("Refund all", "refund"), cents, button("Refund these cents", "part"))
    )


def work_at_desk(standin, number, wish):
    about, action = wish.get("id", ""), wish.get("action", "")
    if "trouble" in wish:
        standin.trouble = [["", wish["trouble"], None]] if wish["trouble"] else []
    elif action == "again":
        tell_again(standin)
    else:
        {
            "refund": lambda: standin.refund(about),
            "part": lambda: standin.refund(about, int(wish.get("cents") or 0)),
            "arrives": lambda: standin.settle(about),
            "refused": lambda: standin.settle(about, succeeds=False),
            "month": lambda: standin.advance(about),
            "month-in-vain": lambda: standin.advance(about, succeeds=False),
            "cancel": lambda: standin.cancel(about),
        }[action]()
    return "/"


def tell_again(standin):
    with standin.told:
        for event in standin.events:
            event["pending_webhooks"] = 1
        standin.told.notify_all()


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *about):
        """Whoever asked did not wait for the answer: that is how a slow provider is tried."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(*about)


@contextmanager
def serving(standin, port=0):
    """Serve the stand-in on loopback, on any free port by default."""
    server = Server(("127.0.0.1", port), Handler)
    server.standin = standin
    standin.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield standin
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def telling(standin, endpoint):
    """Tell every event to this address, over and over until it is answered with 200."""
    ended = threading.Event()
    thread = threading.Thread(target=keep_telling, args=(standin, endpoint, ended))
    thread.start()
    try:
        yield
    finally:
        ended.set()
        with standin.told:
            standin.told.notify_all()
        thread.join()


def keep_telling(standin, endpoint, ended):
    """What `telling` does, with growing pauses."""
    due = {}
    while not ended.is_set():
        with standin.told:
            waiting = [event for event in standin.events if event["pending_webhooks"]]
            if not any(due.get(event["id"], (0, 0))[0] <= time.monotonic() for event in waiting):
                standin.told.wait(0.5)
                continue
        for event in waiting:
            at, tries = due.get(event["id"], (0, 0))
            if at > time.monotonic() or ended.is_set():
                continue
            if post(endpoint, *standin.signed(event)) == 200:
                due.pop(event["id"], None)
                with standin.told:
                    event["pending_webhooks"] = 0
                    standin.told.notify_all()
            else:
                pause = REPEATED_AFTER[min(tries, len(REPEATED_AFTER) - 1)]
                due[event["id"]] = (time.monotonic() + pause, tries + 1)


def post(endpoint, body, signature):
    """The status the endpoint answers with, or 0 where nobody answers."""
    address = urlsplit(endpoint)
    connection = HTTPConnection(address.hostname, address.port, timeout=30)
    try:
        connection.request(
            "POST", address.path, body, {"Content-Type": "application/json", "Stripe-Signature": signature}
        )
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()
